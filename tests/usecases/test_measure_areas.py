"""Signals of areas as use cases tell them: placed before they are measured, and not told while they cannot be."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import AreaKey
from remit.domain.load import Reading, Window
from remit.domain.records import BacklogEvent, BacklogItem, Reference, StatusCategory
from remit.storage.mirror import PostgresMirror
from remit.usecases.apply_model import apply
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import measure_areas
from remit.usecases.measurements import Measurement, Question
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.counting import count_statements
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled

DAY = timedelta(days=1)
PRESENT = Moment()
SHOP, CHECKOUT = Question(AreaKey("shop")), Question(AreaKey("checkout"))
SHOP_BELOW = Question(AreaKey("shop"), with_below=True)
ISSUES = (
    an_issue("SHOP-1", created=NOW - 3 * DAY),
    an_issue("SHOP-2", created=NOW - 100 * DAY),
    an_issue("SHOP-3", created=NOW - 5 * DAY, components=("Checkout",)),
)


async def a_filled_desk(*items: BacklogItem, **said: PostgresMirror) -> Desk:
    desk = await a_desk(**said)
    await take_records(desk, JIRA, Page(tuple(map(pulled, items))))
    return desk


async def measured(
    desk: Desk, *asked: Question, moment: Moment | None = None
) -> dict[Question, dict[str, Measurement]]:
    found = await measure_areas(desk, await snapshot(desk, moment or Moment()), asked)
    assert found is not None
    return {question: {one.kind.name: one for one in row} for question, row in found.items()}


async def test_an_area_is_measured_alone_or_with_everything_below() -> None:
    found = await measured(await a_filled_desk(*ISSUES), SHOP, CHECKOUT, SHOP_BELOW)
    readings = {question: row["arrivals"].reading for question, row in found.items()}
    assert readings == {SHOP: Reading(1, 1), CHECKOUT: Reading(1, 1), SHOP_BELOW: Reading(2, 2)}


async def test_a_measurement_tells_its_window_and_what_is_usual() -> None:
    row = (await measured(await a_filled_desk(*ISSUES), SHOP))[SHOP]
    window = Window(datetime(2026, 10, 27, tzinfo=UTC), NOW)
    told = Measurement(row["arrivals"].kind, window, Reading(1, 1), 0, 0, 0)
    assert row["arrivals"] == told
    assert row["cycle_time_p85"].reading == Reading(None, 0)
    assert (row["cycle_time_p85"].baseline, row["cycle_time_p85"].spread) == (None, None)


async def test_an_area_the_model_does_not_have_is_absent() -> None:
    assert set(await measured(await a_filled_desk(), SHOP, Question(AreaKey("nowhere")))) == {SHOP}


async def test_whoever_asks_first_after_a_change_of_selectors_places_the_records() -> None:
    desk = await a_filled_desk(*ISSUES)
    await apply(desk, A_MODEL.replace("component: Checkout", "component: Cart"), actor="test", reason="another")
    found = await measured(desk, SHOP, CHECKOUT)
    assert [found[question]["arrivals"].reading for question in (SHOP, CHECKOUT)] == [Reading(2, 2), Reading(0, 0)]


async def test_nothing_is_told_while_it_is_not_worked_out_how_records_went() -> None:
    desk = await a_desk(items=ISSUES)
    snap = await snapshot(desk, Moment())
    assert await measure_areas(desk, snap, [SHOP]) is None
    await settle_evidence(desk, snap.model)
    assert (await measured(desk, SHOP))[SHOP]["arrivals"].reading == Reading(1, 1)


async def test_after_a_change_of_statuses_the_ways_known_before_are_told_until_they_are_worked_out_anew() -> None:
    desk = await a_filled_desk(*ISSUES)
    status = Reference(JIRA, "status", "1", "Open", b"{}", category=StatusCategory.IN_PROGRESS)
    await desk.mirror.refer(JIRA, [status])
    moved = BacklogEvent(JIRA, ISSUES[0].id, "1", 0, NOW - DAY, "status", "ana", "status", "9", "Limbo", "1", "Open")
    await take_records(desk, JIRA, Page((), (moved,)))
    await apply(desk, A_MODEL.replace("component: Checkout", "component: Cart"), actor="test", reason="another")
    assert (await measured(desk, SHOP))[SHOP]["arrivals"].reading == Reading(2, 2)
    assert await settle_evidence(desk, (await snapshot(desk, PRESENT)).model)
    assert not await settle_evidence(desk, (await snapshot(desk, PRESENT)).model)


async def test_at_another_moment_the_window_ends_there_and_no_record_is_placed() -> None:
    desk = await a_filled_desk(an_issue("SHOP-1", created=NOW - 100 * DAY, updated=NOW - 99 * DAY))
    row = (await measured(desk, SHOP, moment=Moment(NOW - 90 * DAY)))[SHOP]
    assert (row["arrivals"].reading, row["arrivals"].window.end) == (Reading(1, 1), NOW - 90 * DAY)
    assert row["stale_items"].reading == Reading(None, 1)
    assert (await measured(desk, SHOP))[SHOP]["stale_items"].reading == Reading(1, 1)


async def test_many_questions_cost_no_more_statements_than_one(engine: AsyncEngine) -> None:
    desk = await a_filled_desk(*ISSUES, mirror=PostgresMirror(engine))
    await desk.mirror.attempted(JIRA, NOW, None)
    snap = await snapshot(desk, Moment())
    costs = []
    for asked in ([SHOP], [SHOP, CHECKOUT, SHOP_BELOW], [SHOP_BELOW, CHECKOUT]):
        with count_statements(engine) as statements:
            assert await measure_areas(desk, snap, asked) is not None
        costs.append(len(statements))
    assert costs == [5, 5, 4]  # the last is told from a board that is there
