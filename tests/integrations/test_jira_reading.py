"""What is read of an issue: recorded ones wholly, broken ones as far as they can be, and never a crash."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from remit.domain.errors import Unavailable
from remit.domain.ids import SourceName
from remit.domain.records import BacklogItem, Parked, Pulled, StatusCategory
from remit_integrations.jira import calls, greeting, references
from remit_integrations.jira.decoding import decoded
from remit_integrations.jira.payloads import FIELDS, Found, Histories, IssueReader
from support.jira_site import a_record

JIRA = SourceName("jira")
PAYLOADS = Path(__file__).parent / "payloads" / "jira"
READER = IssueReader(JIRA, "customfield_10001")

NAMES = ("id", "key", "name", "value", "accountId", "statusCategory", "fields", "created", "items")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=3),
    max_leaves=6,
)


def recorded(name: str) -> Iterator[bytes]:
    yield from (PAYLOADS / name).read_bytes().splitlines()


def read(record: Any) -> Pulled | Parked:
    return READER.read(json.dumps(record).encode())


def item(record: Any) -> BacklogItem:
    pulled = read(record)
    assert isinstance(pulled, Pulled), pulled
    return pulled.item


def test_every_recorded_issue_is_read() -> None:
    payloads = list(recorded("issues.jsonl"))
    pulled = [READER.read(raw) for raw in payloads]
    assert [type(one) for one in pulled] == [Pulled] * 8
    assert [one.raw for one in pulled] == payloads


def test_a_recorded_subtask_is_read_wholly() -> None:
    raw = next(raw for raw in recorded("issues.jsonl") if orjson.loads(raw)["key"] == "EE-33")
    assert READER.read(raw) == Pulled(
        BacklogItem(
            source=JIRA,
            id="10095",
            key="EE-33",
            project="EE",
            type="子任务",
            summary="准备测试用例",
            status="已完成",
            category=StatusCategory.DONE,
            created=datetime(2020, 6, 12, 0, 50, 45, 674000, tzinfo=UTC),
            updated=datetime(2021, 3, 28, 8, 5, 55, 253000, tzinfo=UTC),
            resolved=datetime(2020, 6, 19, 6, 32, 19, 340000, tzinfo=UTC),
            priority="Medium",
            assignee="bc6303c227fc400f098f7cdf",
            reporter="1b88b8a70b5632c7e509ab4f",
            parent="EE-1",
        ),
        raw,
    )


def test_a_recorded_epic_is_read_wholly() -> None:
    raw = next(raw for raw in recorded("issues.jsonl") if orjson.loads(raw)["key"] == "K5-4")
    assert READER.read(raw) == Pulled(
        BacklogItem(
            source=JIRA,
            id="20710",
            key="K5-4",
            project="K5",
            type="Epic",
            summary="K5 epic",
            status="To Do",
            category=StatusCategory.NEW,
            created=datetime(2022, 7, 15, 22, 31, 15, 981000, tzinfo=UTC),
            updated=datetime(2022, 7, 15, 22, 31, 38, 598000, tzinfo=UTC),
            priority="Medium",
            reporter="c1f13668f78ffeed55a612b2",
        ),
        raw,
    )


@given(st.sampled_from((*FIELDS, "customfield_10001", "customfield_10002")), JSON)
def test_any_value_in_any_field_is_read_or_parked_with_its_bytes(field: str, value: Any) -> None:
    raw = json.dumps(a_record(1, **{field: value})).encode()
    found = READER.read(raw)
    assert (found.raw, found.item.id if isinstance(found, Pulled) else found.id) == (raw, "10001")


@given(JSON)
def test_any_value_instead_of_an_issue_is_read_or_parked(value: Any) -> None:
    raw = json.dumps(value).encode()
    assert READER.read(raw).raw == raw


@given(st.binary())
def test_any_bytes_instead_of_an_issue_are_parked(raw: bytes) -> None:
    assert READER.read(raw) == READER.read(raw)
    assert isinstance(READER.read(raw), Parked)


OUTER = (Found, Histories, references.Values, greeting.Myself, greeting.ServerInfo, calls.Count, list[Any])


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()), st.sampled_from(OUTER))
@example(b'{"issues": ' + b"[" * 100_000, Found)
@example(b'{"issues": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", Found)
def test_any_answer_has_the_shape_asked_for_or_is_trouble(body: bytes, shape: Any) -> None:
    with suppress(Unavailable):
        decoded(body, shape, "anything")


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_is_null_or_missing_does_no_harm_unless_the_issue_is_nothing_without_it(field: str) -> None:
    null, missing = a_record(1, **{field: None}), a_record(1)
    missing["fields"].pop(field, None)
    needed = field in ("project", "created", "updated")
    assert [isinstance(read(record), Parked) for record in (null, missing)] == [needed, needed]


def test_an_issue_without_a_time_of_change_is_parked_with_its_reason() -> None:
    record = a_record(1, updated=None)
    raw = json.dumps(record).encode()
    assert READER.read(raw) == Parked(JIRA, "10001", "not a time: None", raw)


def test_unknown_properties_and_values_are_ignored() -> None:
    plain = a_record(1)
    strange = a_record(
        1,
        novelty={"deep": [1, {"er": None}]},
        status={"name": "Open", "novelty": 1, "statusCategory": {"key": "new", "colour": None}},
    )
    assert item(strange | {"novelty": True}) == item(plain)


@pytest.mark.parametrize("told", [b"1e999", b"1" * 5000, rb'"\\u0000"', b"[" * 500 + b"]" * 500])
def test_nothing_in_an_unknown_field_keeps_an_issue_from_being_read(told: bytes) -> None:
    raw = json.dumps(a_record(1, customfield_2="HERE")).encode().replace(b'"HERE"', told)
    assert READER.read(raw) == Pulled(item(a_record(1)), raw)


def test_an_unknown_status_category_is_unknown() -> None:
    assert item(a_record(1, status={"name": "?", "statusCategory": {"key": "paused"}})).category == "unknown"


@pytest.mark.parametrize(
    ("told", "means"),
    [
        (10001, "10001"),
        ("10001", "10001"),
        (10**18, "1000000000000000000"),
    ],
)
def test_an_id_may_be_a_number(told: Any, means: str) -> None:
    assert item(a_record(1) | {"id": told}).id == means


@pytest.mark.parametrize(
    "told",
    ["null", '""', "1" * 31, "1" * 5000, "1e999", "true", "1.5", "[]", '"' + "9" * 300 + '"', "[" * 9000 + "]" * 9000],
    ids=lambda told: f"{told:.10}-{len(told)}",
)
def test_an_id_that_is_none_is_parked_under_a_name_made_of_its_bytes(told: str) -> None:
    raw = json.dumps(a_record(1)).encode().replace(b'"10001"', told.encode())
    found = READER.read(raw)
    assert isinstance(found, Parked)
    assert found.id.startswith("unreadable-")
    assert len(found.id) == len("unreadable-") + 16
    assert found.raw == raw


@pytest.mark.parametrize(
    "told",
    [
        "0001-01-01T00:00:00.000+0200",
        "9999-12-31T23:59:59.000-0100",
        "12026-01-01T00:00:00.000+0000",
        "2026-11-23T12:00:00.000",
        "2026-11-23",
        "yesterday",
        "",
        "\x00",
    ],
)
def test_a_time_outside_the_calendar_or_without_an_offset_is_parked(told: str) -> None:
    assert isinstance(read(a_record(1, updated=told)), Parked)


@pytest.mark.parametrize(
    ("told", "means"),
    [
        ("2026-09-27T10:03:11.123+0200", datetime(2026, 9, 27, 8, 3, 11, 123000, tzinfo=UTC)),
        ("2026-09-27T10:03:11.123Z", datetime(2026, 9, 27, 10, 3, 11, 123000, tzinfo=UTC)),
        ("2026-09-27T10:03:11-09:30", datetime(2026, 9, 27, 19, 33, 11, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_with_its_offset(told: str, means: datetime) -> None:
    assert item(a_record(1, updated=told)).updated == means


def test_nul_which_postgresql_cannot_hold_is_replaced_wherever_it_stands() -> None:
    told = item(a_record(1, summary="a\x00b", labels=["\x00"], assignee={"accountId": "x\x00"}) | {"key": "S-1\x00"})
    assert (told.summary, told.labels, told.assignee, told.key) == ("a\ufffdb", ("\ufffd",), "x\ufffd", "S-1\ufffd")


@pytest.mark.parametrize(
    ("told", "means"),
    [
        (rb"cut \ud83d", "cut \ufffd"),
        (rb"cut \ude00 here", "cut \ufffd here"),
        (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (rb"whole \ud83d\ude00", "whole \U0001f600"),
        (rb"no escape \\ud83d", "no escape \\ud83d"),
        (rb"\\\ud83d", "\\\ufffd"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("right \N{GREEK SMALL LETTER ALPHA}".encode(), "right \N{GREEK SMALL LETTER ALPHA}"),
    ],
)
def test_half_a_character_is_replaced_and_the_issue_read(told: bytes, means: str) -> None:
    raw = json.dumps(a_record(1, summary="HERE")).encode().replace(b"HERE", told)
    found = READER.read(raw)
    assert isinstance(found, Pulled)
    assert (found.item.summary, found.raw) == (means, raw)


@pytest.mark.parametrize(
    ("told", "means"),
    [
        (None, ()),
        ("", ()),
        ("Payments", ("Payments",)),
        ({"id": "7", "name": "Payments", "isVisible": True}, ("7", "Payments")),
        ({"id": "10020", "value": "Payments", "self": "https://example.com"}, ("10020", "Payments")),
        ([{"value": "A"}, {"value": "B"}], ("A", "B")),
        ({"name": {"deep": 1}, "id": 7}, ("7",)),
        (True, ()),
    ],
)
def test_a_team_field_offers_the_id_and_the_name_of_its_value(told: Any, means: tuple[str, ...]) -> None:
    assert item(a_record(1, customfield_10001=told)).team == means
