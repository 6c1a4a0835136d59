"""Whose an issue was, by its own history: where it was then, under what, and what of that was known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from remit.domain.answers import IssueOwnership, Outcome, Reason
from remit.domain.ids import ResponsibilityKey
from remit.domain.records import BacklogEvent, BacklogItem
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import JIRA, NOW, AClock, a_desk, a_move, a_page, an_issue
from support.memory_mirror import MemoryMirror

BACKLOG = ResponsibilityKey("backlog_management")
DAY = timedelta(days=1)
TEAM = "customfield_10001"
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]}
  - {key: pay, name: Pay, kind: product, parent: acme, jira: [{project: PAY}]}
  - {key: cart, name: Cart, kind: team, parent: shop, jira: [{component: Cart}]}
  - {key: docs, name: Docs, kind: team, parent: shop, jira: [{label: docs}]}
  - {key: blue, name: Blue, kind: team, parent: shop, jira: [{team: Blue}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, jira: [{epic: EPIC-1}]}
"""


def a_change(item: BacklogItem, field: str, at: datetime, **said: str | None) -> BacklogEvent:
    return BacklogEvent(JIRA, item.id, f"{at:%s}", 0, at, field, **said)


async def ask(desk: Desk, key: str, as_of: datetime | None = None, known_at: datetime | None = None) -> IssueOwnership:
    snap = await snapshot(desk, Moment(as_of, known_at))
    return (await issue_ownership(desk, snap, [key], [BACKLOG]))[key]


def reasons(answer: IssueOwnership) -> Sequence[Reason]:
    return [candidate.reason for candidate in answer.ownership[0].trace]


async def a_desk_with(*items: BacklogItem, events: Sequence[BacklogEvent] = (), **said: object) -> Desk:
    """A desk that read these items, whole histories and all, just now."""
    desk = await a_desk(model=MODEL, team_fields={JIRA: TEAM}, **said)  # type: ignore[arg-type]
    await desk.mirror.take(a_page(*items, events=tuple(events)))
    return desk


MOVED = an_issue("PAY-7", updated=NOW - 10 * DAY)
MOVE = a_move(MOVED.id, "SHOP-1", "PAY-7", at=NOW - 10 * DAY)


@pytest.mark.parametrize("key", ["SHOP-1", "PAY-7"])
async def test_before_its_move_an_issue_was_where_it_came_from(key: str) -> None:
    desk = await a_desk_with(MOVED, events=[MOVE])
    was, became, now = [
        await ask(desk, key, at) for at in (NOW - 10 * DAY - timedelta(seconds=1), NOW - 10 * DAY, None)
    ]
    assert [(one.area, one.known, one.current_key) for one in (was, became, now)] == [
        ("shop", True, "PAY-7"),
        ("pay", True, "PAY-7"),
        ("pay", True, "PAY-7"),
    ]


async def test_the_trace_says_what_is_undone_and_nothing_of_an_earliest_state() -> None:
    desk = await a_desk_with(MOVED, events=[MOVE])
    (first, *others) = (await ask(desk, "PAY-7", NOW - 11 * DAY)).ownership[0].trace
    assert (first.reason, first.message) == (
        Reason.REWOUND,
        "PAY-7 is taken as it was then; what changed later is undone: Key.",
    )
    assert {Reason.EARLIEST_KNOWN_STATE, Reason.REWOUND} & {one.reason for one in others} == set()


async def test_where_nothing_that_counts_changed_since_the_trace_says_nothing() -> None:
    ranked = a_change(MOVED, "Rank", NOW - DAY, from_text="", to_text="Ranked higher")
    desk = await a_desk_with(MOVED, events=[ranked])
    assert reasons(await ask(desk, "PAY-7", NOW - 11 * DAY))[0] is Reason.MOST_SPECIFIC


async def test_without_a_history_the_earliest_recorded_state_stands() -> None:
    desk = await a_desk_with(MOVED)
    answer = await ask(desk, "PAY-7", NOW - 11 * DAY)
    assert (answer.area, reasons(answer)[0]) == ("pay", Reason.EARLIEST_KNOWN_STATE)


ISSUE = an_issue("SHOP-1", components=("Cart",), updated=NOW - DAY)


@pytest.mark.parametrize(
    ("now", "change", "then"),
    [
        ({}, {"field": "Component", "to_text": "Cart"}, "shop"),
        ({"components": ()}, {"field": "Component", "from_text": "Cart"}, "cart"),
        ({"components": (), "labels": ("docs",)}, {"field": "labels", "to_text": "docs"}, "shop"),
        ({"components": ()}, {"field": "labels", "from_text": "x docs"}, "docs"),
        ({"components": ()}, {"field": "Team", "field_id": TEAM, "from_value": "1", "from_text": "Blue"}, "blue"),
        ({"components": (), "parent": "EPIC-1"}, {"field": "Parent", "to_text": "EPIC-1"}, "shop"),
        ({"components": ()}, {"field": "Epic Link", "from_text": "EPIC-1"}, "checkout"),
    ],
)
async def test_an_issue_was_where_its_fields_put_it(now: dict[str, object], change: dict[str, str], then: str) -> None:
    issue = replace(ISSUE, **now)  # type: ignore[arg-type]
    desk = await a_desk_with(issue, events=[a_change(issue, change.pop("field"), NOW - DAY, **change)])
    assert (await ask(desk, "SHOP-1", NOW - 2 * DAY)).area == then


async def test_before_its_creation_an_issue_is_unknown_though_it_has_a_history() -> None:
    desk = await a_desk_with(MOVED, events=[MOVE])
    answer = await ask(desk, "SHOP-1", MOVED.created - timedelta(seconds=1))
    assert (answer.known, answer.area, answer.ownership[0].outcome, reasons(answer)) == (
        True, None, Outcome.UNKNOWN, [Reason.NOT_YET_CREATED],
    )  # fmt: skip


async def read_again_a_week_later(model: str = MODEL) -> Desk:
    """SHOP-1 was read at NOW; three days later it moved; a week later that was read."""
    clock = AClock()
    first = an_issue("SHOP-1")
    desk = await a_desk(model=model, clock=clock, items=[first])
    moved_at = clock.goes_on(days=3)
    moved = replace(first, key="PAY-7", project="PAY", updated=moved_at)
    await desk.mirror.take(
        a_page(moved, at=clock.goes_on(days=4), events=(a_move(first.id, "SHOP-1", "PAY-7", moved_at),))
    )
    await desk.mirror.succeeded(JIRA, clock(), b"a cursor")
    return desk


@pytest.mark.parametrize(
    ("as_of", "known_at", "area", "current_key"),
    [
        (2, None, "shop", "PAY-7"),
        (3, None, "pay", "PAY-7"),
        (None, None, "pay", "PAY-7"),
        (None, 7, "pay", "PAY-7"),
        (None, 6, "shop", "SHOP-1"),
        (4, 6, "shop", "SHOP-1"),
        (4, 7, "pay", "PAY-7"),
        (2, 7, "shop", "PAY-7"),
    ],
)
async def test_a_move_read_later_was_not_believed_before(
    as_of: int | None, known_at: int | None, area: str, current_key: str
) -> None:
    desk = await read_again_a_week_later()
    moment = [None if day is None else NOW + day * DAY for day in (as_of, known_at)]
    for key in ("SHOP-1", "PAY-7"):
        answer = await ask(desk, key, *moment)
        assert (answer.area, answer.current_key) == (area, current_key)


async def test_a_key_names_its_issue_whenever_it_was_given_but_not_before_it_was_known() -> None:
    desk = await read_again_a_week_later(MODEL.replace("EPIC-1", "PAY-7"))
    days = [(2, None), (4, 6), (2, 7), (4, 7)]
    moments = [[None if day is None else NOW + day * DAY for day in both] for both in days]
    assert [(await ask(desk, "SHOP-1", *both)).area for both in moments] == ["checkout", "shop", "checkout", "checkout"]


async def test_a_history_read_after_its_issue_makes_the_belief_between_them_uncertain() -> None:
    clock = AClock()
    desk = await a_desk(model=MODEL, clock=clock, items=[MOVED])
    await desk.mirror.take(a_page(at=clock.goes_on(days=1), events=(MOVE,)))
    answer = await ask(desk, "PAY-7", None, NOW)
    assert (answer.area, reasons(answer)[:2]) == ("shop", [Reason.REWOUND, Reason.PARTLY_REWOUND])
    assert Reason.PARTLY_REWOUND not in reasons(await ask(desk, "PAY-7", NOW, NOW + DAY))


async def test_a_history_that_does_not_lead_to_the_present_state_says_so() -> None:
    renamed = a_change(ISSUE, "Component", NOW - DAY, to_text="The cart")
    answer = await ask(await a_desk_with(ISSUE, events=[renamed]), "SHOP-1", NOW - 2 * DAY)
    assert (answer.area, reasons(answer)[0]) == ("cart", Reason.PARTLY_REWOUND)


async def test_what_was_gone_later_was_believed_to_be_there() -> None:
    clock, mirror, issue = AClock(), MemoryMirror(), an_issue("SHOP-1")
    desk = await a_desk(model=MODEL, mirror=mirror, items=[issue], clock=clock)
    mirror.lose(JIRA, issue.id, clock.goes_on(days=1))
    clock.goes_on(days=1)
    found = [await ask(desk, "SHOP-1", None, NOW + hours * DAY / 24) for hours in (0, 23, 24)]
    assert [(one.known, one.area) for one in found] == [(True, "shop"), (True, "shop"), (True, None)]


EPIC = an_issue("EPIC-1", type="Epic")
STORY = an_issue("SHOP-2", parent="EPIC-1")
TASK = an_issue("SHOP-3", parent="SHOP-2")


async def test_what_is_above_was_where_its_own_history_says() -> None:
    put_below = a_change(STORY, "Epic Link", NOW - DAY, to_text="EPIC-1")
    desk = await a_desk_with(EPIC, STORY, TASK, events=[put_below])
    assert [(await ask(desk, "SHOP-3", at)).area for at in (None, NOW - DAY, NOW - 2 * DAY)] == [
        "checkout", "checkout", "shop",
    ]  # fmt: skip


async def test_what_was_above_is_found_though_nothing_is_below_it_any_more() -> None:
    theme = an_issue("SHOP-8", parent="EPIC-1")
    lone = replace(STORY, parent=None)
    taken = a_change(lone, "Parent", NOW - DAY, from_value=theme.id, from_text="SHOP-8")
    desk = await a_desk_with(EPIC, theme, lone, events=[taken])
    assert [(await ask(desk, "SHOP-2", at)).area for at in (None, NOW - 2 * DAY)] == ["shop", "checkout"]


@pytest.mark.parametrize("told", ["EPIC-1", "SHOP-9"])
async def test_a_selector_may_name_an_epic_by_its_former_key(told: str) -> None:
    epic = replace(EPIC, key="SHOP-9", project="SHOP", updated=NOW - DAY)
    desk = await a_desk_with(
        epic, replace(STORY, parent=told), TASK, events=[a_move(epic.id, "EPIC-1", "SHOP-9", at=NOW - DAY)]
    )
    for at in (None, NOW, NOW - 2 * DAY):
        assert [(await ask(desk, key, at)).area for key in ("SHOP-9", "SHOP-2", "SHOP-3")] == ["checkout"] * 3
