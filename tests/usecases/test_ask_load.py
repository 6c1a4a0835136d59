"""Loads and signals as use cases tell them: numbers with their reasons, and never an OK without fresh data."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Invalid, NotFound
from remit.domain.gaps import GapKind
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey
from remit.domain.load import Load, Verdict
from remit.domain.people import OwnerKind, OwnerRef
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_gaps import GapQuestion, gaps
from remit.usecases.ask_load import Wanted, listed, loads, survey
from remit.usecases.ask_signals import NEVER_READ, NOT_YET, area_signals
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.counting import count_statements
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled

DAY = timedelta(days=1)
ANA, PAT = OwnerKey("ana"), OwnerKey("pat")
WITH_HOURS = A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 1}")
"""Pat has an hour a week."""
ISSUES = tuple(an_issue(f"SHOP-{number}", created=NOW - 3 * DAY, components=("Checkout",)) for number in range(1, 41))


async def a_read_desk(model: str = WITH_HOURS, **parts: object) -> Desk:
    """Forty issues came to the checkout three days ago, and the source has just been read completely."""
    desk = await a_desk(model=model, **parts)  # type: ignore[arg-type]  # parts of a desk by name
    await take_records(desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    return desk


async def load(desk: Desk, person: OwnerKey = PAT, moment: Moment | None = None) -> Load:
    return (await loads(desk, await snapshot(desk, moment or Moment()), [person]))[person]


async def test_a_load_adds_up_from_what_each_area_asks_for() -> None:
    found = await load(await a_read_desk())
    told = {one.responsibility: one.demand_hours for one in found.contributions}
    assert sum(told.values()) == found.demand_hours
    assert {one.area for one in found.contributions} == {AreaKey("checkout")}
    assert told["data_analytics"] == 2.0
    assert list(told.values()) == sorted(told.values(), reverse=True)


async def test_whoever_is_asked_for_more_than_there_is_time_is_overloaded_and_is_told_why() -> None:
    found = await load(await a_read_desk())
    assert found.demand_hours is not None
    assert (found.verdict, found.capacity_hours, found.utilisation) == (Verdict.OVERLOADED, 1.0, found.demand_hours)
    by_name = {one.name: one for one in found.signals}
    assert by_name["utilisation"].verdict is found.verdict
    assert by_name["utilisation"].threshold == 1.0
    assert by_name["breadth"].value == 6.0
    backlog = next(one for one in found.contributions if one.responsibility == "backlog_management")
    assert [(one.name, one.value) for one in backlog.drivers] == [("arrivals", 40.0), ("open_items", 40.0)]
    assert "at 8 minutes each, 100% of it theirs" in backlog.drivers[0].explanation


async def test_it_is_told_what_would_be_asked_for_if_nothing_were_recorded() -> None:
    desk, empty = await a_read_desk(), await a_desk(model=WITH_HOURS)
    found, nothing = [await survey(one, await snapshot(one, Moment())) for one in (desk, empty)]
    for person in (ANA, PAT):
        assert found.hours_without_records(person) == nothing.load(person).demand_hours
    without, whole = found.hours_without_records(PAT), found.load(PAT).demand_hours
    assert without is not None
    assert whole is not None
    assert without < whole


async def test_without_a_capacity_the_utilisation_is_unknown_and_never_infinite() -> None:
    found = await load(await a_read_desk(A_MODEL))
    assert (found.utilisation, found.verdict) == (None, Verdict.UNKNOWN)
    assert "no capacity is declared" in found.signals[1].explanation
    assert found.demand_hours is not None
    assert found.demand_hours > 0


async def test_nothing_is_ok_while_its_source_is_older_than_its_target() -> None:
    desk = await a_read_desk(A_MODEL.replace("product_management}", "product_management, capacity_hours: 100}"))
    assert (await load(desk, ANA)).verdict is Verdict.OK
    later = replace(desk, clock=lambda: NOW + timedelta(hours=1))
    found = await load(later, ANA)
    assert found.verdict is Verdict.UNKNOWN
    assert found.utilisation is not None
    assert "jira" in found.signals[1].explanation


async def test_nothing_is_said_while_it_is_not_worked_out_how_records_went() -> None:
    desk = await a_desk(model=WITH_HOURS, items=ISSUES)
    found = await load(desk)
    assert (found.verdict, found.demand_hours, found.utilisation, found.contributions) == (
        Verdict.UNKNOWN, None, None, (),
    )  # fmt: skip
    assert {one.explanation for one in found.signals} == {NOT_YET}


async def test_the_most_loaded_come_first_and_can_be_chosen() -> None:
    desk = await a_read_desk()
    snap = await snapshot(desk, Moment())
    found = await survey(desk, snap)
    assert listed(snap, found, Wanted()) == (PAT, ANA)
    assert listed(snap, found, Wanted(verdict=Verdict.OVERLOADED)) == (PAT,)
    assert listed(snap, found, Wanted(verdict=Verdict.UNKNOWN)) == (ANA,)
    assert listed(snap, found, Wanted(function=FunctionKey("product_management"))) == (ANA,)
    for wanted in (Wanted(AreaKey("nowhere")), Wanted(function=FunctionKey("nobody"))):
        with pytest.raises(NotFound):
            listed(snap, found, wanted)


async def test_a_window_of_no_days_or_of_very_many_is_refused() -> None:
    desk = await a_read_desk()
    snap = await snapshot(desk, Moment())
    for days in (0, 367):
        with pytest.raises(Invalid):
            await survey(desk, snap, days=days)


async def test_the_past_is_asked_about_like_the_present() -> None:
    desk = await a_read_desk()
    found = await load(desk, moment=Moment(NOW - 4 * DAY))
    assert {one.name for row in found.contributions for one in row.drivers} == {"areas"}


async def test_signals_of_areas_are_judged_and_doubted_likewise() -> None:
    desk = await a_read_desk()
    checkout, shop = Question(AreaKey("checkout")), Question(AreaKey("shop"), with_below=True)
    found = await area_signals(desk, await snapshot(desk, Moment()), [checkout, shop])
    told = {question: {one.name: one for one in row} for question, row in found.items()}
    assert [told[question]["arrivals"].value for question in (checkout, shop)] == [40.0, 40.0]
    assert told[checkout]["service_ratio"].verdict is Verdict.OVERLOADED
    assert told[checkout]["arrivals"].verdict is Verdict.UNKNOWN
    later = replace(desk, clock=lambda: NOW + timedelta(hours=1))
    stale = (await area_signals(later, await snapshot(later, Moment()), [checkout]))[checkout]
    assert {one.verdict for one in stale} == {Verdict.UNKNOWN}


async def test_with_no_source_read_nothing_is_said() -> None:
    found = await load(await a_desk(model=WITH_HOURS, synchronised=False, sources=()))
    assert (found.verdict, found.signals[1].explanation) == (Verdict.UNKNOWN, NEVER_READ)


async def test_the_statements_do_not_grow_with_people_or_areas(engine: AsyncEngine) -> None:
    desk = await a_read_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    snap = await snapshot(desk, Moment())
    counts = []
    await loads(desk, snap, [PAT])
    for people in ([PAT], [PAT, ANA]):
        with count_statements(engine) as statements:
            await loads(desk, snap, people)
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_whoever_is_overloaded_is_a_gap_where_most_is_asked_and_found_in_that_subtree_alone() -> None:
    desk = await a_read_desk()
    kinds = frozenset({GapKind.OVERLOADED_OWNER})
    everywhere, there = GapQuestion(kinds), GapQuestion(kinds, AreaKey("checkout"))
    found = await gaps(desk, await snapshot(desk, Moment()), [everywhere, there])
    assert [(gap.area, gap.owner) for gap in found[everywhere].found] == [("checkout", OwnerRef(OwnerKind.PERSON, PAT))]
    assert found[there] == found[everywhere]


async def test_an_overload_is_not_told_while_its_source_is_too_old() -> None:
    desk = replace(await a_read_desk(), clock=lambda: NOW + timedelta(hours=1))
    everywhere = GapQuestion(frozenset({GapKind.OVERLOADED_OWNER}))
    told = (await gaps(desk, await snapshot(desk, Moment()), [everywhere]))[everywhere]
    assert (told.found, told.doubt is not None and "Too old, or in trouble: jira" in told.doubt) == ((), True)
