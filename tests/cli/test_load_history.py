"""`remit load --history`: a line of bars for each month, where a day without a number is no bar."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import orjson
import pytest
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.days import KeptDay, LoadPoint, PersonDay
from remit.domain.ids import OwnerKey
from remit.domain.load import Verdict
from remit.entrypoints.cli.load_history import show, sparkline
from remit.rest import day_shapes
from remit.storage.days import PostgresDays
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_commands import Shell
from support.desks import a_desk

PAT, ANA = OwnerKey("pat"), OwnerKey("ana")
FIRST = date(2026, 10, 30)


def a_point(place: int, utilisation: float | None, *degraded: str) -> LoadPoint:
    day = FIRST + timedelta(days=place)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    verdict = Verdict.OVERLOADED if utilisation is not None and utilisation >= 1 else Verdict.UNKNOWN
    capacity = 10.0 if utilisation is not None else None
    return LoadPoint(
        day,
        PersonDay(PAT, 10 * (utilisation or 0), capacity, utilisation, None, verdict, 3),
        KeptDay(day, at, at, at, degraded),
    )


HOLE = LoadPoint(FIRST + timedelta(days=2))


def shown(*points: LoadPoint) -> list[str]:
    written = StringIO()
    show(Console(file=written, width=100), "Pat", points)
    return [line.rstrip() for line in written.getvalue().splitlines()]


def test_each_month_has_a_line_and_a_day_that_was_not_measured_is_no_zero() -> None:
    assert shown(a_point(0, 0.0), a_point(1, 1.25, "jira"), HOLE, a_point(3, 0.5)) == [
        "Pat",
        "month    utilisation, █ is 125%  lowest  highest  last",
        "2026-10  ▁█                          0%     125%  125%",
        "2026-11  ·▄                         50%      50%   50%",
        "days measured: 3, of them OVERLOADED: 1; never measured, and no zeros: 1",
        "days on whose measurement something was too old or in trouble: 1 (jira)",
    ]


def test_whoever_has_no_capacity_has_no_bars_and_is_told_why() -> None:
    assert shown(a_point(0, None)) == [
        "Pat: no utilisation in all these days, since no capacity was declared; set capacity_hours."
    ]
    assert shown(HOLE) == ["Pat: nothing was measured yet; `remit up` or a worker measures a day once it has ended."]


@pytest.mark.parametrize(
    ("values", "highest", "bars"),
    [((0, 0.5, 1), 1, "▁▅█"), ((2, 1), 2, "█▅"), ((None, 0.99, 0.01), 1, "·█▁"), ((), 1, "")],
)
def test_bars_go_from_nothing_to_the_highest(values: tuple[float | None, ...], highest: float, bars: str) -> None:
    assert sparkline(values, highest) == bars


async def test_it_tells_what_was_kept_of_a_person(shell: Shell, engine: AsyncEngine) -> None:
    await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    told = a_point((yesterday - FIRST).days, 0.75)
    assert told.kept is not None
    assert told.load is not None
    await PostgresDays(engine).keep(told.kept, [], [], [told.load])
    plain = await shell.remit("load", "--history", "pat")
    as_json = await shell.remit("load", "--history", "pat", "--json")
    assert (plain.code, as_json.code) == (0, 0), plain.err + as_json.err
    assert plain.out.splitlines()[0] == "Pat"
    assert "days measured: 1, of them OVERLOADED: 0; never measured, and no zeros: 89" in plain.out
    assert orjson.loads(as_json.out)[-1] == day_shapes.load_point(told)


async def test_whoever_is_not_there_is_not_found(shell: Shell, engine: AsyncEngine) -> None:
    await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    told = await shell.remit("load", "--history", "nobody")
    assert (told.code, told.out, told.err) == (1, "", "remit: there is no person 'nobody' at this instant\n")
