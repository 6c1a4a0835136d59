"""How records went is kept as they come in, and follows the statuses, the selectors and the epics they rest on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import Phase as Trial
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.courses import Courses, micros, pack
from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.feedback import PulledFeedback
from remit.domain.ids import AreaKey
from remit.domain.records import BacklogEvent, BacklogItem, Gone, Reference, StatusCategory
from remit.ports import Basis
from remit.resolution.courses import NO_STATUSES
from remit.storage.engine import connect
from remit.storage.mirror import PostgresMirror
from remit.storage.scratch import scratch_database
from remit.usecases.apply_model import apply
from remit.usecases.desk import Desk
from remit.usecases.evidence_basis import basis_of
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, a_page, an_issue, pulled
from support.feedback import as_request

DAY = timedelta(days=1)
SHOP, CHECKOUT = AreaKey("shop"), AreaKey("checkout")
AREAS = [AreaKey("acme"), SHOP, CHECKOUT]
ISSUE = an_issue("SHOP-1", status="Doing", category=StatusCategory.IN_PROGRESS)
BY_EPIC = A_MODEL.replace("{project: SHOP, component: Checkout}", "{epic: SHOP-1}")
SWAPPED = A_MODEL.replace("component: Checkout", "component: Cart")
STATUSES = [
    Reference(JIRA, "status", "1", "Open", b"{}", category=StatusCategory.NEW),
    Reference(JIRA, "status", "2", "Doing", b"{}", category=StatusCategory.IN_PROGRESS),
]


def a_move(item: BacklogItem, change: str = "1", days: float = 100, **said: str) -> BacklogEvent:
    """From Open to Doing, so many days ago."""
    told = {"from_value": "1", "from_text": "Open", "to_value": "2", "to_text": "Doing"} | said
    return BacklogEvent(JIRA, item.id, change, 0, NOW - days * DAY, "status", "ana", "status", **told)


async def take(desk: Desk, *items: BacklogItem, **said: Any) -> None:
    await take_records(desk, JIRA, Page(tuple(map(pulled, items)), **said))


async def settled(desk: Desk) -> bool:
    return await settle_evidence(desk, (await snapshot(desk, Moment())).model)


async def held(desk: Desk) -> Courses:
    return await desk.evidence.courses(AREAS)


def areas(courses: Courses) -> list[AreaKey]:
    return sorted(courses.areas[place] for place in courses.area)


async def test_a_record_is_kept_with_how_it_went_and_where_it_belongs() -> None:
    desk = await a_desk()
    await desk.mirror.refer(JIRA, STATUSES)
    await take(desk, ISSUE, events=(a_move(ISSUE),))
    step = NOW - 100 * DAY
    course = Course(
        JIRA, ISSUE.id, RecordKind.BACKLOG, SHOP, ISSUE.created, ISSUE.updated, ((step, Phase.UNDER_WAY),), step,
        has_history=True,
    )  # fmt: skip
    assert await held(desk) == pack(AREAS, [course])
    assert not await settled(desk)


async def test_a_change_that_comes_later_than_its_item_counts_and_ages_the_area() -> None:
    desk = await a_desk()
    await take(desk, ISSUE)
    before = await desk.mirror.watermarks([SHOP])
    await take(desk, ISSUE, events=(a_move(ISSUE),))
    assert list((await held(desk)).has_history) == [1]
    assert (await desk.mirror.watermarks([SHOP]))[SHOP] == before[SHOP] + 1
    await take(desk, ISSUE, events=(a_move(ISSUE),))
    assert (await desk.mirror.watermarks([SHOP]))[SHOP] == before[SHOP] + 1


async def test_what_was_told_before_is_not_forgotten_when_a_page_tells_less() -> None:
    desk = await a_desk()
    await take(desk, ISSUE, events=(a_move(ISSUE),))
    before = await held(desk)
    await take(desk, replace(ISSUE, summary="Another"))
    assert await held(desk) == before


async def test_a_lost_record_is_gone_and_one_that_is_back_is_not() -> None:
    desk = await a_desk()
    await take(desk, ISSUE)
    there = await held(desk)
    await take(desk, gone=(Gone(JIRA, ISSUE.id, NOW),))
    assert list((await held(desk)).gone) != list(there.gone)
    await take(desk, ISSUE, asked_at=NOW + DAY)
    assert await held(desk) == there


async def test_a_record_follows_its_component_to_another_area() -> None:
    desk = await a_desk()
    await take(desk, ISSUE)
    await take(desk, replace(ISSUE, components=("Checkout",), updated=NOW))
    assert areas(await held(desk)) == [CHECKOUT]


async def test_records_are_placed_anew_when_selectors_change_by_whoever_asks_first() -> None:
    desk = await a_desk()
    other = an_issue("SHOP-2", components=("Checkout",), updated=NOW)
    await take(desk, replace(ISSUE, components=("Cart",)), other)
    assert areas(await held(desk)) == [CHECKOUT, SHOP]
    await apply(desk, SWAPPED, actor="test", reason="another component")
    assert list((await desk.evidence.courses([CHECKOUT])).updated) == [micros(other.updated)]
    assert (await settled(desk), await settled(desk)) == (True, False)
    assert list((await desk.evidence.courses([CHECKOUT])).updated) == [micros(ISSUE.updated)]


async def test_a_change_of_the_model_that_touches_no_selector_places_nothing_anew() -> None:
    desk = await a_desk()
    await take(desk, ISSUE)
    await apply(desk, A_MODEL.replace("name: Ana", "name: Anna"), actor="test", reason="a name")
    assert not await settled(desk)


async def test_what_is_below_a_moved_epic_is_placed_anew() -> None:
    desk = await a_desk(model=BY_EPIC)
    story, task = an_issue("SHOP-2", parent="PAY-9"), an_issue("SHOP-3", parent="SHOP-2")
    await take(desk, an_issue("SHOP-1", type="Epic"), story)
    await take(desk, task)
    assert areas(await held(desk)) == [CHECKOUT, SHOP, SHOP]
    await settled(desk)
    await take(desk, replace(story, parent="SHOP-1", updated=NOW))
    assert await settled(desk)
    assert areas(await held(desk)) == [CHECKOUT, CHECKOUT, CHECKOUT]


async def test_a_leaf_that_moves_leaves_everything_else_as_it_is() -> None:
    desk = await a_desk(model=BY_EPIC)
    await take(desk, an_issue("SHOP-1", type="Epic"))
    await settled(desk)
    await take(desk, an_issue("SHOP-2"))
    await take(desk, an_issue("SHOP-2", parent="SHOP-1", updated=NOW))
    assert not await settled(desk)


async def test_courses_are_computed_anew_when_a_status_gets_another_category() -> None:
    desk = await a_desk()
    await desk.mirror.refer(JIRA, STATUSES)
    odd = an_issue("SHOP-1", status="Open")
    away = (a_move(odd), a_move(odd, "2", 50, from_value="2", from_text="Doing", to_value="1", to_text="Open"))
    await take(desk, odd, events=away)
    assert len((await held(desk)).step_at) == 2
    await desk.mirror.refer(JIRA, [replace(STATUSES[1], category=StatusCategory.NEW)])
    assert await settled(desk)
    assert list((await held(desk)).step_at) == []


async def test_records_that_were_mirrored_before_there_was_evidence_are_filled_in() -> None:
    desk = await a_desk(items=[ISSUE, an_issue("SHOP-2", components=("Checkout",))])
    await desk.mirror.take(a_page(events=(a_move(ISSUE),)))
    assert len(await held(desk)) == 0
    assert await settled(desk)
    assert areas(await held(desk)) == [CHECKOUT, SHOP]
    model = (await snapshot(desk, Moment())).model
    assert await desk.evidence.basis() == {JIRA: basis_of(NO_STATUSES, model)}


TO = st.sampled_from(["Doing", "Open"])
AHEAD = st.sampled_from([timedelta(), timedelta(), timedelta(minutes=90), 400 * DAY])
"""By how much a clock may be ahead: what is dated after it was read happened when it was read."""
KINDS = st.sampled_from(["take", "take", "take", "events", "lose", "model", "status"])


async def happens(desk: Desk, clock: AClock, kind: str, draw: st.DrawFn) -> None:
    number = draw(st.integers(1, 4))
    item = an_issue(
        f"SHOP-{number}",
        status=draw(st.sampled_from(["Open", "Doing", "Closed"])),
        components=tuple(draw(st.lists(st.sampled_from(["Cart", "Checkout"]), unique=True))),
        parent=draw(st.sampled_from([None, "SHOP-1", "SHOP-2"])),
        updated=clock.goes_on(hours=1) + draw(AHEAD),
        resolved=draw(st.none() | st.builds(clock().__add__, AHEAD)),
    )
    events = tuple(
        a_move(
            item,
            str(draw(st.integers(1, 5))),
            draw(st.integers(-2, 90)),
            to_text=draw(st.sampled_from(["Doing", "Open"])),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    match kind:
        case "take":
            asked_at = clock() if draw(st.booleans()) else None
            said = (PulledFeedback(as_request(item), b"{}"),) if draw(st.booleans()) else ()
            await take(desk, item, events=events, asked_at=asked_at, feedback=said)
        case "events":
            await take(desk, events=events)
        case "lose":
            await take(desk, gone=(Gone(JIRA, item.id, clock()),))
        case "model":
            text = draw(st.sampled_from([A_MODEL, BY_EPIC, SWAPPED]))
            await apply(desk, text, actor="test", reason="another")
        case "status":
            category = draw(st.sampled_from(list(StatusCategory)))
            await desk.mirror.refer(JIRA, [replace(STATUSES[1], category=category)])


def in_order(courses: Courses) -> list[tuple[Any, ...]]:
    """Whatever order they are told in."""
    ends = [0, *courses.ends]
    columns = (courses.area, courses.created, courses.updated, courses.touched, courses.gone, courses.has_history,
               courses.is_dated)  # fmt: skip
    steps = (
        (tuple(courses.step_at[a:b]), tuple(courses.step_phase[a:b])) for a, b in zip(ends, courses.ends, strict=False)
    )
    return sorted(zip(*columns, steps, strict=True))


async def agree(desk: Desk, clock: AClock, draw: st.DrawFn) -> None:
    for kind in draw(st.lists(KINDS, min_size=2, max_size=8)):
        await happens(desk, clock, kind, draw)
        if draw(st.booleans()):
            await settled(desk)
    await settled(desk)
    kept = in_order(await held(desk))
    for source in await desk.evidence.basis():
        await desk.evidence.settle(source, Basis())
    await settled(desk)
    assert in_order(await held(desk)) == kept


@settings(max_examples=150)
@given(st.data())
async def test_what_is_kept_is_what_would_be_computed_anew(data: st.DataObject) -> None:
    clock = AClock()
    await agree(await a_desk(clock=clock), clock, data.draw)


@settings(max_examples=10, phases=[Trial.explicit, Trial.generate])
@given(st.data())
async def test_so_it_is_in_postgresql(postgres_url: str, migrated: str, data: st.DataObject) -> None:
    clock = AClock()
    async with scratch_database(postgres_url, template=migrated) as url:
        engine = connect(url)
        await agree(await a_desk(clock=clock, mirror=PostgresMirror(engine)), clock, data.draw)
        await engine.dispose()
