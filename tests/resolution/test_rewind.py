"""One change at a time, as Jira tells it, and the item before it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from remit.domain.records import BacklogEvent, BacklogItem, History, Pulled, SeenEvent, StatusCategory
from remit.resolution.rewind import Then, View, as_it_was
from remit_integrations.jira.history import events
from remit_integrations.jira.payloads import IssueReader
from support.desks import JIRA, NOW, an_issue

RECORDED = Path(__file__).parent / "payloads" / "jira"
DAY = timedelta(days=1)
TEAM = "customfield_10001"
EPIC_LINK = "customfield_10014"
ISSUE = an_issue(
    "SHOP-1",
    type="Story",
    status="Closed",
    category=StatusCategory.DONE,
    priority="High",
    assignee="ana",
    reporter="ana",
    components=("Cart", "Pay"),
    labels=("old", "new"),
    team=("2", "Blue"),
    parent="SHOP-9",
)


def a_change(field: str, at: datetime = NOW, change: str = "1", position: int = 0, **said: str | None) -> BacklogEvent:
    return BacklogEvent(JIRA, ISSUE.id, change, position, at, field, **said)


def before(item: BacklogItem, *changes: BacklogEvent, **view: Any) -> Then:
    """The item before all these changes."""
    history = History(item, (item.key,), NOW, tuple(SeenEvent(change, change.at) for change in changes))
    return as_it_was([history], View(min(change.at for change in changes) - DAY, **view))[item.id]


def what_differs(item: BacklogItem, then: BacklogItem) -> dict[str, Any]:
    names = BacklogItem.__slots__
    return {name: getattr(then, name) for name in names if getattr(then, name) != getattr(item, name)}


@pytest.mark.parametrize(
    ("field", "said", "was"),
    [
        ("Key", {"from_text": "PAY-7", "to_text": "SHOP-1"}, {"key": "PAY-7", "project": "PAY"}),
        ("Key", {"from_text": "BIG-PAY-7", "to_text": "SHOP-1"}, {"key": "BIG-PAY-7", "project": "BIG-PAY"}),
        ("project", {"from_value": "1", "from_text": "Payments", "to_value": "2", "to_text": "Shop"}, {}),
        ("Component", {"to_value": "10", "to_text": "Pay"}, {"components": ("Cart",)}),
        ("Component", {"from_value": "11", "from_text": "Docs"}, {"components": ("Cart", "Pay", "Docs")}),
        ("labels", {"from_text": "older  old", "to_text": "old new"}, {"labels": ("older", "old")}),
        ("labels", {"from_text": None, "to_text": "old new"}, {"labels": ()}),
        ("issuetype", {"from_value": "1", "from_text": "Bug", "to_text": "Story"}, {"type": "Bug"}),
        ("Status", {"from_text": "Open", "to_text": "Closed"}, {"status": "Open", "category": StatusCategory.UNKNOWN}),
        ("priority", {"from_text": "Low", "to_text": "High"}, {"priority": "Low"}),
        ("priority", {"from_text": None, "to_text": "High"}, {"priority": None}),
        ("assignee", {"from_value": "bea", "from_text": "Bea", "to_value": "ana"}, {"assignee": "bea"}),
        ("assignee", {"to_value": "ana", "to_text": "Ana"}, {"assignee": None}),
        ("reporter", {"from_value": "bea", "to_value": "ana"}, {"reporter": "bea"}),
        ("summary", {"from_text": "Earlier", "to_text": "What SHOP-1 is about"}, {"summary": "Earlier"}),
        ("Epic Link", {"from_value": "8", "from_text": "SHOP-8", "field_id": EPIC_LINK}, {"parent": "SHOP-8"}),
        ("Parent", {"to_value": "9", "to_text": "SHOP-9"}, {"parent": None}),
        ("IssueParentAssociation", {"from_value": "8", "to_value": "9"}, {"parent": "8"}),
        ("Team", {"from_value": "1", "from_text": "Red", "field_id": TEAM}, {"team": ("1", "Red")}),
        ("Team", {"from_text": "Red", "to_text": "Blue", "field_id": TEAM}, {"team": ("Red",)}),
        ("Team", {"from_value": "[1, 3]", "from_text": "R,G", "field_id": TEAM}, {"team": ("1", "3", "R", "G")}),
        ("Team", {"from_value": "[1]", "from_text": "Red, or so", "field_id": TEAM}, {"team": ("1", "Red, or so")}),
        ("Team", {"to_value": "2", "to_text": "Blue", "field_id": TEAM}, {"team": ()}),
    ],
)  # fmt: skip
def test_a_change_is_undone(field: str, said: dict[str, str | None], was: dict[str, Any]) -> None:
    then = before(ISSUE, a_change(field, **said), team_field=TEAM)
    assert what_differs(ISSUE, then.item) == was
    assert (then.undone, then.odd) == ((field,) if was else (), ())


@pytest.mark.parametrize(
    "change",
    [
        a_change("Rank", from_text="", to_text="Ranked higher"),
        a_change("Workflow", from_value="1", to_value="2"),
        a_change("", from_text="a", to_text="b"),
        a_change("Sprint", field_id="customfield_10020", from_text="", to_text="Sprint 1"),
        a_change("Key", field_id="customfield_10002", from_text="PAY-7", to_text="SHOP-1"),
        a_change("labels", field_id="customfield_10003", from_text="a", to_text="old new"),
        a_change("Parent", field_id="customfield_10004", from_text="a", to_text="SHOP-9"),
        a_change("Team", field_id="customfield_99999", from_text="Red", to_text="Blue"),
        *(a_change(field) for field in ("Key", "Component", "issuetype", "status", "summary", "Parent", "Epic Link")),
    ],
    ids=lambda change: f"{change.field}-{change.field_id}",
)
def test_what_says_nothing_that_is_read_changes_nothing(change: BacklogEvent) -> None:
    then = before(ISSUE, change, team_field=TEAM)
    assert (then.item, then.undone, then.odd) == (ISSUE, (), ())


def test_without_a_configured_field_no_change_is_one_of_the_team() -> None:
    assert before(ISSUE, a_change("Team", from_text="Red", field_id=TEAM)).item.team == ISSUE.team


def test_a_component_that_the_item_has_no_more_is_odd_and_the_rest_is_undone() -> None:
    renamed = a_change("Component", to_text="The pay")
    then = before(ISSUE, renamed, a_change("labels", from_text="old", change="2"))
    assert (then.item, then.undone, then.odd) == (replace(ISSUE, labels=("old",)), ("labels",), ("Component",))


def test_names_of_components_are_compared_as_selectors_do() -> None:
    then = before(replace(ISSUE, components=("Caf\u00e9", "Cart ")), a_change("Component", to_text=" Cafe\u0301"))
    assert then.item.components == ("Cart ",)


@pytest.mark.parametrize("taken_first", [True, False])
def test_a_change_that_takes_an_epic_and_gives_a_parent_gives_the_epic_back(taken_first: bool) -> None:
    taken = a_change("Epic Link", position=0 if taken_first else 1, from_text="SHOP-8")
    given = a_change("Parent", position=1 if taken_first else 0, to_text="SHOP-9")
    assert before(ISSUE, taken, given).item.parent == "SHOP-8"


def test_a_parent_given_under_a_key_it_has_no_more_is_taken_back() -> None:
    epic = History(an_issue("SHOP-9", type="Epic"), ("OLD-1", "SHOP-9"), NOW)
    given = SeenEvent(a_change("Parent", to_text="OLD-1"), NOW)
    then = as_it_was([History(ISSUE, ("SHOP-1",), NOW, (given,)), epic], View(NOW - DAY))
    assert then[ISSUE.id].item.parent is None


def test_a_parent_told_by_its_id_alone_is_given_back_under_its_key() -> None:
    epic = an_issue("SHOP-8", type="Epic")
    taken = SeenEvent(a_change("IssueParentAssociation", from_value=epic.id), NOW)
    then = as_it_was([History(ISSUE, ("SHOP-1",), NOW, (taken,)), History(epic, ("SHOP-8",), NOW)], View(NOW - DAY))
    assert then[ISSUE.id].item.parent == "SHOP-8"


def test_changes_of_one_instant_are_undone_by_their_numbers() -> None:
    first, second = (
        a_change("priority", change="9", from_text="Low"),
        a_change("priority", change="10", from_text="Mid"),
    )
    assert before(ISSUE, second, first).item.priority == "Low"


def test_only_what_came_later_is_undone() -> None:
    changes = [a_change("priority", NOW + n * DAY, str(n), from_text=str(n), to_text=str(n + 1)) for n in range(5)]
    history = History(replace(ISSUE, priority="5"), ("SHOP-1",), NOW, tuple(SeenEvent(c, NOW) for c in changes))
    found = [as_it_was([history], View(NOW + n * DAY))[ISSUE.id].item.priority for n in range(-1, 6)]
    assert found == ["0", "1", "2", "3", "4", "5", "5"]


def test_what_was_read_later_is_undone_too() -> None:
    early = SeenEvent(a_change("priority", NOW, "1", from_text="Low", to_text="Mid"), NOW)
    late = SeenEvent(a_change("priority", NOW + DAY, "2", from_text="Mid", to_text="High"), NOW + 3 * DAY)
    history = History(ISSUE, ("SHOP-1",), NOW, (early, late))
    found = [as_it_was([history], View(NOW + 9 * DAY, NOW + n * DAY))[ISSUE.id].item.priority for n in range(5)]
    assert found == ["Mid", "Mid", "Mid", "High", "High"]


def test_an_older_change_that_was_read_later_does_not_undo_a_newer_one_that_was_known() -> None:
    older = SeenEvent(a_change("priority", NOW, "1", from_text="Low", to_text="Mid"), NOW + 9 * DAY)
    newer = SeenEvent(a_change("priority", NOW + DAY, "2", from_text="Mid", to_text="High"), NOW + DAY)
    history = History(ISSUE, ("SHOP-1",), NOW, (older, newer))
    assert as_it_was([history], View(NOW + 9 * DAY, NOW + 2 * DAY))[ISSUE.id].item.priority == "High"


def test_what_is_resolved_later_was_open() -> None:
    resolved = replace(ISSUE, resolved=NOW)
    history = History(resolved, ("SHOP-1",), NOW - DAY)
    assert as_it_was([history], View(NOW))[ISSUE.id].item.resolved == NOW
    assert as_it_was([history], View(NOW - DAY))[ISSUE.id].item.resolved is None
    assert as_it_was([history], View(NOW, NOW - DAY))[ISSUE.id].item.resolved is None


def test_what_was_first_read_later_is_not_there() -> None:
    assert as_it_was([History(ISSUE, ("SHOP-1",), NOW)], View(NOW, NOW - timedelta(seconds=1))) == {}


def recorded(name: str) -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in (RECORDED / name).read_text().splitlines()]


def recorded_history(key: str) -> History:
    """As a site told it, read at once with its issue."""
    (told,) = (one for one in recorded("histories.jsonl") if one["key"] == key)
    read = IssueReader(JIRA).read(json.dumps(told).encode())
    assert isinstance(read, Pulled), read
    changes = [change for entry in told["changelog"] for change in events(JIRA, told["id"], json.dumps(entry).encode())]
    return History(read.item, (key,), NOW, tuple(SeenEvent(change, NOW) for change in changes))


@pytest.mark.parametrize(
    ("key", "at", "was"),
    [
        ("EE-5", "2022-11-01", {}),
        ("EE-5", "2021-01-01", {"status": "Closed"}),
        ("EE-5", "2020-11-10T02:00", {"status": "Closed", "type": "Technical-Debt"}),
        ("EE-5", "2020-06-15", {"status": "Open", "type": "Technical-Debt"}),
        ("EE-5", "2020-06-12T01:00", {"status": "To Do", "type": "Technical-Debt", "assignee": None}),
        ("EE-25", "2020-06-16", {"status": "In Progress", "assignee": "1b88b8a70b5632c7e509ab4f"}),
        ("EE-25", "2020-06-12T00:40:54.300", {"status": "To Do", "assignee": None, "parent": None}),
        ("K5-2", "2022-07-16", {}),
        ("K5-2", "2022-07-15T22:30", {"parent": None}),
    ],
)
def test_a_recorded_issue_is_what_it_was(key: str, at: str, was: dict[str, Any]) -> None:
    history = recorded_history(key)
    then = as_it_was([history], View(datetime.fromisoformat(at).replace(tzinfo=UTC)))[history.item.id].item
    assert what_differs(replace(history.item, category=then.category), then) == was


@pytest.mark.parametrize(
    ("line", "now", "was"),
    [
        (0, {"components": ("Special Component",)}, {"components": ()}),
        (1, {"labels": ("sad", "test-label")}, {"labels": ("bad", "test-label")}),
        (2, {"type": "Bug"}, {"type": "Task"}),
        (3, {"team": ("Value 2",)}, {"team": ("Value 1",)}),
        (4, {"summary": "Unit test summary 1"}, {"summary": "Unit test summary"}),
        (5, {"labels": ("x",)}, {"labels": ('"oh', "dc", "ee", "h", "s", 'yeah"')}),
    ],
)
def test_a_recorded_webhook_is_undone(line: int, now: dict[str, Any], was: dict[str, Any]) -> None:
    told = events(JIRA, ISSUE.id, json.dumps(recorded("changes.jsonl")[line]).encode())
    item = replace(ISSUE, **now)
    assert what_differs(item, before(item, *told, team_field=TEAM).item) == was
