"""What Jira's webhooks send: who signed it, which issues it hints at; every recorded body is understood."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.arrivals import Arrival, Hint
from remit.domain.errors import Forbidden, Invalid
from remit_integrations.jira.deliveries import hint, reader, signed_with
from remit_integrations.keeping import HINTS
from support.desks import JIRA

RECORDED = Path(__file__).parent / "payloads" / "jira-webhooks"
SECRET = "It's a Secret to Everybody"
HELLO = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
BODY = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}}'

UPDATED, CREATED, COMMENTED = "jira:issue_updated", "jira:issue_created", "comment_created"
BODIES = {
    "webhook-cloud-comment-created-mention-user": (COMMENTED, "10040"),
    "webhook-cloud-comment-created": (COMMENTED, "10040"),
    "webhook-cloud-comment-updated": ("comment_updated", "10040"),
    "webhook-cloud-issue-created-many-fields": (CREATED, "10509"),
    "webhook-issue-assigned-empty-changelog": (UPDATED, "10001"),
    "webhook-issue-comment-created-indentation": (UPDATED, "10101"),
    "webhook-issue-created-no-description": (CREATED, "10040"),
    "webhook-issue-created-no-relevant-fields": (CREATED, "10040"),
    "webhook-issue-created": (CREATED, "10040"),
    "webhook-issue-deleted": ("jira:issue_deleted", "10303"),
    "webhook-issue-updated-assigned-on-server": (UPDATED, "10226"),
    "webhook-issue-updated-assigned": (UPDATED, "10040"),
    "webhook-issue-updated-components": (UPDATED, "10360"),
    "webhook-issue-updated-edited": (UPDATED, "10040"),
    "webhook-issue-updated-issue-type": (UPDATED, "10040"),
    "webhook-issue-updated-labels": (UPDATED, "10040"),
    "webhook-issue-updated-multiple-custom-fields": (UPDATED, "10040"),
    "webhook-issue-updated-multiple-values": (UPDATED, "10040"),
    "webhook-issue-updated-rank": (UPDATED, "10040"),
    "webhook-issue-updated-renamed": (UPDATED, "10040"),
    "webhook-issue-updated-reopened": (UPDATED, "10040"),
    "webhook-issue-updated-resolved-one-changelog": (UPDATED, "10040"),
    "webhook-issue-updated-sprint": (UPDATED, "10040"),
    "webhook-issue-updated-started-working": (UPDATED, "10040"),
    "webhook-server-comment-deleted": ("comment_deleted", "10013"),
    "webhook-server-comment-updated": ("comment_updated", "10013"),
    "webhook-server-issue-updated-comment-deleted": (UPDATED, "10013"),
    "webhook-server-issue-updated-comment-edited": (UPDATED, "10013"),
    "webhook-server-issue-updated-commented-2": (UPDATED, "10231"),
    "webhook-server-issue-updated-commented-3": (UPDATED, "10231"),
    "webhook-server-issue-updated-in-progress": (UPDATED, "10300"),
    "webhook-server-issue-updated-many-fields": (UPDATED, "10400"),
    "webhook-server-issue-updated-resolved": (UPDATED, "10300"),
    "webhook-server-old-issue-updated-no-event-type-assigned": (UPDATED, "10040"),
    "webhook-server-old-issue-updated-no-event-type-comment-edited": (UPDATED, "10013"),
    "webhook-server-old-issue-updated-no-event-type-commented": (UPDATED, "10013"),
    "webhook-server-updated-custom-field": (UPDATED, "10106"),
}
"""Of each recorded body the event and the issue it concerns, read by hand."""


def signature(secret: str, body: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def headers(body: bytes, secret: str = SECRET, **more: str) -> Mapping[str, str]:
    return {"x-hub-signature": signature(secret, body), "x-atlassian-webhook-identifier": "d-1", **more}


def test_every_recorded_body_is_in_the_table() -> None:
    assert {path.stem for path in RECORDED.glob("*.json")} == set(BODIES)


@pytest.mark.parametrize("name", BODIES)
def test_a_recorded_body_tells_its_event_and_its_issue(name: str) -> None:
    body = (RECORDED / f"{name}.json").read_bytes()
    event, id_ = BODIES[name]
    stamp = json.loads(body)["timestamp"]
    deleted = (id_,) if event == "jira:issue_deleted" else ()
    at = datetime.fromtimestamp(stamp / 1000, UTC)
    arrival = reader([signed_with(SECRET)])(headers(body), body)
    assert arrival == Arrival(JIRA, "d-1", Hint(event, (id_,), deleted, False, at), HINTS.payload(body))


@pytest.mark.parametrize(
    ("told", "hints"),
    [
        ({"webhookEvent": "issuelink_created", "issueLink": {"sourceIssueId": 3, "destinationIssueId": 7}}, ("3", "7")),
        ({"webhookEvent": "worklog_updated", "worklog": {"issueId": "77", "id": "1"}}, ("77",)),
        ({"webhookEvent": "comment", "comment": {"self": "https://j/rest/api/2/issue/9/comment/1"}}, ("9",)),
        ({"webhookEvent": "x", "issue": {"self": "https://j.example/rest/api/2/10357"}}, ("10357",)),
        ({"webhookEvent": "x", "issue": {"self": "https://j.example/rest/api/3/issue/12"}}, ("12",)),
        ({"webhookEvent": "jira:version_released", "version": {"id": "4"}}, ()),
        ({"webhookEvent": "sprint_started", "sprint": {"id": 4}}, ()),
        ({"webhookEvent": "board_created", "board": {"id": 4}}, ()),
        ({"webhookEvent": "attachment_created", "attachment": {"id": "4"}}, ()),
        ({"webhookEvent": "what_nobody_knows"}, ()),
    ],
)  # fmt: skip
def test_issues_are_found_wherever_they_are_named(told: dict[str, Any], hints: tuple[str, ...]) -> None:
    assert hint(json.dumps(told).encode()) == Hint(told["webhookEvent"], hints)


@pytest.mark.parametrize("event", ["project_updated", "project_deleted", "user_created"])
def test_projects_and_users_are_to_be_read_again(event: str) -> None:
    assert hint(json.dumps({"webhookEvent": event}).encode()) == Hint(event, renames=True)


@pytest.mark.parametrize(
    ("told", "hints"),
    [
        ({"webhookEvent": 7, "timestamp": "soon", "issue": "SHOP-1", "comment": [], "worklog": None}, Hint("unnamed")),
        ({"webhookEvent": "a\0b", "timestamp": 10**30, "issue": {"id": True, "self": 5}}, Hint("unnamed")),
        ({"webhookEvent": "x" * 101, "issue": {"id": "10001 OR 1=1", "self": "/rest/api/2/x/1"}}, Hint("unnamed")),
        ({"issue": {"id": "1" * 19}}, Hint("unnamed")),
        ({"webhookEvent": "x", "issue": {"id": "\u0661"}, "timestamp": True}, Hint("x")),
        ({}, Hint("unnamed")),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_hints_at_nothing(told: dict[str, Any], hints: Hint) -> None:
    assert hint(json.dumps(told).encode()) == hints


@pytest.mark.parametrize(
    "body",
    [b"", b"Hello World!", b"[]", b'"text"', b"null", b'{"a": "\xff"}', b'{"a": 1', b"[" * 100_000, b'{"a":' * 100_000],
    ids=["empty", "no JSON", "a list", "a text", "null", "no UTF-8", "cut", "deep lists", "deep objects"],
)  # fmt: skip
def test_what_is_signed_and_no_json_object_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid, match="this delivery cannot be read"):
        reader([signed_with(SECRET)])(headers(body), body)


def test_half_of_an_emoji_in_a_text_loses_no_delivery() -> None:
    said = rb'"issue": {"id": "10001", "fields": {"summary": "cut \ud83d"}}, "comment": {"body": "\udc00 here"}'
    assert hint(b'{"webhookEvent": "jira:issue_deleted", ' + said + b"}") == Hint(
        "jira:issue_deleted", ("10001",), ("10001",)
    )


def test_the_vendors_example_of_a_signature_is_good() -> None:
    assert signed_with(SECRET)({"x-hub-signature": HELLO}, b"Hello World!")


@pytest.mark.parametrize(
    "told",
    [
        None, "", HELLO.removeprefix("sha256="), HELLO.replace("sha256", "sha1"), HELLO.upper(), f"{HELLO} ",
        HELLO[:-1], "sha256=", "\xe9", "sha256=" + "0" * 64,
    ],
)  # fmt: skip
def test_any_other_signature_is_bad(told: str | None) -> None:
    assert not signed_with(SECRET)({} if told is None else {"x-hub-signature": told}, b"Hello World!")


@given(st.binary(min_size=1), st.data())
def test_no_byte_of_a_signed_body_can_be_another(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    other = body[:place] + bytes([(body[place] + data.draw(st.integers(1, 255))) % 256]) + body[place + 1 :]
    signed = {"x-hub-signature": signature(SECRET, body)}
    assert signed_with(SECRET)(signed, body)
    assert not signed_with(SECRET)(signed, other)


def test_two_secrets_are_good_while_one_is_being_changed() -> None:
    both = reader([signed_with("new", "old")])
    assert both(headers(BODY, "old"), BODY) == both(headers(BODY, "new"), BODY)
    with pytest.raises(Forbidden, match="not signed, or with another secret than REMIT_JIRA_WEBHOOK_SECRET"):
        both(headers(BODY, "older"), BODY)


def test_what_is_not_signed_is_not_looked_at() -> None:
    with pytest.raises(Forbidden):
        reader([signed_with(SECRET)])({}, b"no JSON")


def test_any_one_proof_is_enough() -> None:
    assert reader([signed_with("other"), lambda told, body: True])({}, BODY).hint.concerns == ("10001",)


@pytest.mark.parametrize("told", [None, "", "x" * 201, "a b", "a\0b", "\xe9"])
def test_a_delivery_without_a_usable_identifier_is_known_by_its_bytes(told: str | None) -> None:
    named = {"x-atlassian-webhook-identifier": told} if told is not None else {}
    signed = {"x-hub-signature": signature(SECRET, BODY)} | named
    assert reader([signed_with(SECRET)])(signed, BODY).id == f"sha256-{sha256(BODY).hexdigest()}"
