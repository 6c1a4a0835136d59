"""What is read of an issue's history, entry by entry."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.errors import Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import BacklogEvent, is_custom
from remit_integrations.jira.history import events, issue_history
from support.desks import NOW
from support.jira_site import CHANGELOGS, a_change, a_record, a_site, answering, many, served

JIRA = SourceName("jira")
RECORDED = (Path(__file__).parent / "payloads" / "jira" / "changelogs.jsonl").read_bytes().splitlines()


def test_every_recorded_entry_is_read() -> None:
    assert [len(events(JIRA, "1", raw)) for raw in RECORDED] == [len(json.loads(raw)["items"]) for raw in RECORDED]


def test_a_recorded_entry_is_read_wholly() -> None:
    told = json.loads(RECORDED[0])["items"][0]
    assert events(JIRA, "10063", RECORDED[0]) == (
        BacklogEvent(
            source=JIRA,
            item_id="10063",
            change_id="57278",
            position=0,
            at=datetime(2021, 1, 25, 3, 9, 27, 985000, tzinfo=UTC),
            field="description",
            author="dd95827f785a36c3a531b603",
            field_id="description",
            to_value=told["to"],
            to_text=told["toString"],
        ),
    )


def test_nulls_unknown_properties_and_numbers_for_texts_do_no_harm() -> None:
    entry = a_change(7, **{"from": None, "to": None, "toString": None, "novelty": [1]}) | {
        "created": 1_795_435_200_123,
        "author": None,
        "historyMetadata": {"type": None},
    }
    entry["items"] += [None, {"field": None}, {"field": "Key", "from": None, "fromString": "A-1", "toString": "B-1"}]
    assert events(JIRA, "1", json.dumps(entry).encode()) == (
        BacklogEvent(JIRA, "1", "7", 0, datetime(2026, 11, 23, 12, 0, 0, 123000, tzinfo=UTC), "status",
                     field_id="status", from_text="Open"),
        BacklogEvent(JIRA, "1", "7", 3, datetime(2026, 11, 23, 12, 0, 0, 123000, tzinfo=UTC), "Key",
                     from_text="A-1", to_text="B-1"),
    )  # fmt: skip


def test_a_custom_field_without_an_id_is_known_as_one_by_its_type() -> None:
    entry = a_change(7)
    entry["items"] = [
        {"field": "Status", "fieldtype": "custom"},
        {"field": "status", "fieldtype": "jira"},
        {"field": "Rank", "fieldtype": "custom", "fieldId": "customfield_10019"},
    ]
    told = events(JIRA, "1", json.dumps(entry).encode())
    assert [(one.field_id, is_custom(one)) for one in told] == [
        ("customfield_", True), (None, False), ("customfield_10019", True),
    ]  # fmt: skip


def test_nul_and_half_a_character_are_replaced() -> None:
    entry = a_change("7\x00", fromString="a\x00", toString="HERE") | {"author": {"accountId": "x\x00"}}
    (event,) = events(JIRA, "1", json.dumps(entry).encode().replace(b"HERE", rb"cut \ud83d"))
    assert (event.change_id, event.author, event.from_text, event.to_text) == (
        "7\ufffd",
        "x\ufffd",
        "a\ufffd",
        "cut \ufffd",
    )


@pytest.mark.parametrize(
    "entry",
    [
        {},
        a_change(None),
        a_change("7") | {"created": None},
        a_change("7") | {"created": "soon"},
        a_change("7") | {"created": 10**20},
        a_change("7") | {"items": "all"},
        a_change("7", field=["status"]),
        [],
        None,
    ],
)
def test_an_entry_that_says_too_little_cannot_be_read(entry: Any) -> None:
    with pytest.raises(Unreadable):
        events(JIRA, "1", json.dumps(entry).encode())


@given(st.binary() | st.text().map(lambda text: json.dumps({"issueId": text, "changeHistories": [text]}).encode()))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        issue_id, entries = issue_history(raw)
    except Unreadable:
        return
    assert issue_id
    for entry in entries:
        with pytest.raises(Unreadable):
            events(JIRA, issue_id, entry)


async def test_a_whole_history_of_more_than_a_hundred_entries_is_read() -> None:
    site = a_site(a_record(1))
    site.histories["10001"] = [a_change(str(number)) for number in range(250)]
    async with served(site) as jira:
        (page,) = await jira.pages()
    assert {event.change_id for event in page.events} == {str(number) for number in range(250)}


async def test_an_entry_that_cannot_be_read_is_parked_by_itself_and_the_rest_goes_on() -> None:
    broken = [a_change("8") | {"items": 7}, a_change("9") | {"created": "soon"}, a_change(None)]
    site = a_site(*many(2))
    site.histories |= {"10001": [a_change("7")], "10002": [a_change("10")]}
    shown = {"issueId": "10001", "changeHistories": [a_change("7"), *broken]}
    told = {"issueChangeLogs": [shown, {"issueId": 10002, "changeHistories": [a_change("10")]}, {"novelty": 1}]}
    site.faults.next(CHANGELOGS, answering(told))
    async with served(site) as jira:
        (page,) = await jira.pages()
    assert [(event.item_id, event.change_id, event.at) for event in page.events] == [
        ("10001", "7", NOW),
        ("10002", "10", NOW),
    ]
    ids = [parked.id for parked in page.parked]
    assert ids[:2] == ["10001/changelog/8", "10001/changelog/9"]
    assert [id_.rpartition("unreadable-")[0] for id_ in ids[2:]] == ["10001/changelog/", "changelog/"]
    assert [json.loads(parked.raw) for parked in page.parked] == [*broken, {"novelty": 1}]
