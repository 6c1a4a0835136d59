"""Every change on the stand-in is written to a history as the vendor writes it, and moves `updated` as there."""

from datetime import timedelta
from typing import Any

import pytest

from remit_integrations.standins.jira.changes import items
from remit_integrations.standins.jira.site import Site
from remit_integrations.standins.jira.words import fields
from support.desks import NOW, AClock
from support.jira_site import a_record, a_site

PAY = {"id": "77", "key": "PAY", "name": "Pay"}
ANA, BO = fields({"assignee": "Ana"}, NOW)["assignee"], fields({"assignee": "Bo"}, NOW)["assignee"]
CART, LOGIN = {"id": "5", "name": "Cart"}, {"id": "6", "name": "Login"}
BEFORE = {
    "summary": "Old",
    "status": {"id": "3", "name": "Open", "statusCategory": {"key": "new"}},
    "assignee": ANA,
    "labels": ["urgent"],
    "components": [CART],
    "customfield_10024": None,
    "customfield_10020": [{"id": 7, "name": "Sprint 7"}],
}
NOTHING = {"from": None, "fromString": None, "to": None, "toString": None}


def item(field: str, field_id: str, type_: str = "jira", /, **sides: Any) -> dict[str, Any]:
    names = {"from_": "from", "from_text": "fromString", "to": "to", "to_text": "toString"}
    told = {names.get(name, name): value for name, value in sides.items()}
    return {"field": field, "fieldtype": type_, "fieldId": field_id} | NOTHING | told


CASES: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    ({"summary": "New"}, [item("summary", "summary", from_text="Old", to_text="New")]),
    (
        {"status": {"id": "6", "name": "Closed"}},
        [item("status", "status", from_="3", from_text="Open", to="6", to_text="Closed")],
    ),
    (
        {"assignee": BO},
        [
            item("assignee", "assignee", from_=ANA["accountId"], from_text="Ana", to=BO["accountId"], to_text="Bo")
            | {"tmpFromAccountId": ANA["accountId"], "tmpToAccountId": BO["accountId"]}
        ],
    ),
    (
        {"assignee": None},
        [
            item("assignee", "assignee", from_=ANA["accountId"], from_text="Ana")
            | {"tmpFromAccountId": ANA["accountId"], "tmpToAccountId": None}
        ],
    ),
    ({"labels": ["a", "b"]}, [item("labels", "labels", from_="", from_text="urgent", to="", to_text="a b")]),
    (
        {"components": [LOGIN]},
        [
            item("Component", "components", from_="5", from_text="Cart"),
            item("Component", "components", to="6", to_text="Login"),
        ],
    ),
    ({"customfield_10024": 3.0}, [item("customfield_10024", "customfield_10024", "custom", to_text="3.0")]),
    (
        {"customfield_10020": [{"id": 7, "name": "Sprint 7"}, {"id": 8, "name": "Sprint 8"}]},
        [
            item("Sprint", "customfield_10020", "custom", from_="7", from_text="Sprint 7", to="7, 8",
                 to_text="Sprint 7, Sprint 8")
        ],
    ),
    ({"summary": "Old", "updated": "2026-01-01T00:00:00Z"}, []),
    ({"labels": 7}, [item("labels", "labels", from_="", from_text="urgent", to_text="7")]),
    ({"fixVersions": None, "resolution": None}, []),
]  # fmt: skip


@pytest.mark.parametrize(("after", "told"), CASES)
def test_a_change_is_told_a_field_at_a_time(after: dict[str, Any], told: list[dict[str, Any]]) -> None:
    assert items(BEFORE, after) == told


def entries(site: Site, id_: str = "10001") -> list[tuple[str, list[str]]]:
    return [(entry["created"], [one["field"] for one in entry["items"]]) for entry in site.histories.get(id_, ())]


def updated(site: Site, id_: str = "10001") -> str:
    told: str = site.issues[id_].record["fields"]["updated"]
    return told


def test_an_edit_and_a_move_are_written_when_they_happen_and_move_the_last_update() -> None:
    clock = AClock()
    site = a_site(a_record(1), clock=clock)
    site.edit("10001", **fields({"status": "Done", "summary": "New"}, NOW))
    later = clock.goes_on(hours=1)
    site.move("10001", "PAY-1", PAY)
    assert entries(site) == [
        (NOW.isoformat(), ["status", "summary", "resolution"]),
        (later.isoformat(), ["project", "Key"]),
    ]
    assert updated(site) == later.isoformat()
    first, second = (entry["id"] for entry in site.histories["10001"])
    assert int(first) < int(second)


def test_a_moves_key_is_no_field_and_bears_no_id() -> None:
    site = a_site(a_record(1))
    site.move("10001", "PAY-1", PAY)
    (entry,) = site.histories["10001"]
    assert entry["items"] == [
        item("project", "project", from_="1314", from_text="Shop", to="77", to_text="Pay"),
        {"field": "Key", "fieldtype": "jira"} | NOTHING | {"fromString": "SHOP-1", "toString": "PAY-1"},
    ]


def test_hiding_and_restoring_an_issue_changes_nothing_of_it() -> None:
    site = a_site(a_record(1))
    before, version = dict(site.issues["10001"].record), site.version
    site.hide("10001")
    site.hide("10001", hidden=False)
    assert (site.issues["10001"].record, entries(site), site.version > version) == (before, [], True)


def test_a_comment_is_an_update_and_no_change_of_a_field() -> None:
    clock = AClock(NOW + timedelta(days=1))
    site = a_site(a_record(1), clock=clock)
    site.comment("10001", "Yes")
    site.comment("10001", "No")
    bodies = [one["body"] for one in site.issues["10001"].record["fields"]["comment"]["comments"]]
    assert (entries(site), updated(site), bodies) == ([], clock().isoformat(), ["Yes", "No"])


def test_numbers_are_never_given_twice() -> None:
    site = a_site(a_record(1), a_record(7))
    assert (site.new_id(), site.new_key("SHOP")) == ("10008", "SHOP-8")
    site.move("10007", "PAY-3", PAY)
    site.delete("10007")
    assert [site.new_key(project) for project in ("SHOP", "PAY", "NEW")] == ["SHOP-9", "PAY-4", "NEW-1"]
    assert site.new_id() == "10009"
