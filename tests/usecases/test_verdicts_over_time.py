"""Whoever was overloaded stays so until it is 10 % better, as windows of records go by: people, teams and functions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from remit.domain.ids import OwnerKey
from remit.domain.load import Signal, Verdict
from remit.domain.parties import Party, PartyKind
from remit.domain.records import BacklogItem, StatusCategory
from remit.resolution.signal_verdicts import STILL
from remit.usecases.ask_load import survey
from remit.usecases.ask_totals import group_loads
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, AClock, a_desk, an_issue, pulled

DAY = timedelta(days=1)
WINDOW = 28 * DAY
BEGINNING = datetime(2026, 8, 3, tzinfo=UTC)
"""A midnight, so that windows that follow each other have the same days."""
PAT, CREW, OPERATIONS = OwnerKey("pat"), Party(PartyKind.TEAM, "crew"), Party(PartyKind.FUNCTION, "product_operations")
MODEL = (
    A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 10}")
    + "teams:\n  - {key: crew, name: Crew, members: [pat]}\n"
)
OK, WATCH, OVERLOADED = Verdict.OK, Verdict.WATCH, Verdict.OVERLOADED
CROSSING, JUST_BELOW, A_TENTH_BELOW, IDLE = 60, 50, 42, 10
"""Issues in a window of which each asks Pat for an eighth of an hour a week, beside 3.4 hours that are always asked."""


def done_at_once(window: int, count: int) -> tuple[BacklogItem, ...]:
    """So many that came ten days before the end of a window, and have asked for nothing since."""
    at = BEGINNING + window * WINDOW - 10 * DAY
    done = {"status": "Closed", "category": StatusCategory.DONE, "components": ("Checkout",)}
    return tuple(
        an_issue(f"SHOP-{1000 * window + number}", created=at, updated=at, resolved=at, **done)
        for number in range(count)
    )


async def utilisation(desk: Desk) -> list[Signal]:
    """Of Pat, of a team of which nobody else is a member, and of the function: the same hours."""
    snap = await snapshot(desk, Moment())
    found = await survey(desk, snap)
    together = await group_loads(desk, snap, found, [CREW, OPERATIONS])
    loads = [found.load(PAT), together[CREW], together[OPERATIONS]]
    told = [next(one for one in load.signals if one.name == "utilisation") for load in loads]
    assert [load.verdict for load in loads] == [one.verdict for one in told]
    return told


async def as_windows_go_by(counts: Sequence[int]) -> list[list[Signal]]:
    """Records come, the source is read, and at the end of each window it is asked how loaded they are."""
    clock, told = AClock(BEGINNING), []
    desk = await a_desk(model=MODEL, clock=clock, synchronised=False)
    for window, count in enumerate(counts, 1):
        clock.now = BEGINNING + window * WINDOW
        await take_records(desk, JIRA, Page(tuple(map(pulled, done_at_once(window, count)))))
        await desk.mirror.succeeded(JIRA, clock(), None)
        told.append(await utilisation(desk))
    return told


@pytest.mark.parametrize(
    ("counts", "verdicts"),
    [
        ([CROSSING, JUST_BELOW], [OVERLOADED, OVERLOADED]),
        ([CROSSING, A_TENTH_BELOW], [OVERLOADED, WATCH]),
        ([CROSSING, IDLE], [OVERLOADED, OK]),
        ([IDLE, JUST_BELOW], [OK, WATCH]),
        ([IDLE, CROSSING], [OK, OVERLOADED]),
        ([CROSSING, JUST_BELOW, A_TENTH_BELOW], [OVERLOADED, OVERLOADED, WATCH]),
        ([CROSSING, JUST_BELOW, JUST_BELOW], [OVERLOADED, OVERLOADED, WATCH]),
    ],
    ids=[
        "just below it stays",
        "a tenth below it falls",
        "far below it falls all the way",
        "just below from beneath it is not reached",
        "it rises at once",
        "it stays, and falls later",
        "it stays for one window, since that before is judged by its number alone",
    ],
)
async def test_a_load_that_was_too_much_stays_so_until_it_is_a_tenth_better(
    counts: list[int], verdicts: list[Verdict]
) -> None:
    told = await as_windows_go_by(counts)
    assert [[one.verdict for one in window] for window in told] == [[verdict] * 3 for verdict in verdicts]


async def test_it_says_that_it_stays_and_how_much_it_is_by_now() -> None:
    _, after = await as_windows_go_by([CROSSING, JUST_BELOW])
    assert [(round(one.value or 0, 3), one.threshold, STILL in one.explanation) for one in after] == [
        (0.967, 1.0, True)
    ] * 3
