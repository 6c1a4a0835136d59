"""Reads what Jira's webhooks send: whether it is from Jira, and which issues it hints at."""

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Raw, Struct, field

from remit.domain.arrivals import Arrival, Hint
from remit.domain.errors import Forbidden, Invalid, Unreadable
from remit_integrations.decoding import UNDECODABLE, instant, lenient
from remit_integrations.jira.settings import NAME, JiraSettings
from remit_integrations.keeping import HINTS
from remit_integrations.source import Read

SIGNATURE = "x-hub-signature"
IDENTIFIER = "x-atlassian-webhook-identifier"
"""The same over the retries of a delivery. Servers of old do not send it."""

DELETED = ("jira:issue_deleted", "issue_deleted")
RENAMING = ("project_", "user_")
"""What the events that change references begin with. There are none for components, which are polled (2026-01)."""

Proof = Callable[[Mapping[str, str], bytes], bool]
"""Whether a delivery's headers and raw body prove that it is from the site."""


class Thing(Struct):
    """What a delivery is about, as far as it names an issue. Its types are not relied on."""

    id: Any = None
    self: Any = None
    issue_id: Any = field(name="issueId", default=None)
    source_issue: Any = field(name="sourceIssueId", default=None)
    destination_issue: Any = field(name="destinationIssueId", default=None)


NOTHING = Raw(b"{}")


class Told(Struct):
    """A delivery's outer shape. What is in it is left unread: nobody relies on its being as the vendor says."""

    event: Any = field(name="webhookEvent", default=None)
    timestamp: Any = None
    issue: Raw = NOTHING
    comment: Raw = NOTHING
    worklog: Raw = NOTHING
    link: Raw = field(name="issueLink", default=NOTHING)


def reading(settings: JiraSettings, *proofs: Proof) -> Read | None:
    """Reads deliveries that the settings' secrets have signed, or that satisfy another proof; None where none is."""
    told = (settings.webhook_secret, settings.webhook_secret_before)
    secrets = [secret.get_secret_value() for secret in told if secret is not None]
    every = [*([signed_with(*secrets)] if secrets else ()), *proofs]
    return reader(every) if every else None


def reader(proofs: Sequence[Proof]) -> Read:
    """Reads deliveries that satisfy one of the proofs, and looks at nothing else of the others."""

    def read(headers: Mapping[str, str], body: bytes) -> Arrival:
        if not any(proof(headers, body) for proof in proofs):
            raise Forbidden(
                "this delivery is not signed, or with another secret than REMIT_JIRA_WEBHOOK_SECRET; give the webhook "
                "in Jira the same secret"
            )
        return Arrival(NAME, _id(headers, body), hint(body), HINTS.payload(body))

    return read


def signed_with(*secrets: str) -> Proof:
    """Good are deliveries whose raw bytes one of these secrets has signed; two while a secret is being changed."""
    keys = [secret.encode() for secret in secrets]

    def proof(headers: Mapping[str, str], body: bytes) -> bool:
        told = headers.get(SIGNATURE, "").encode(errors="replace")
        wanted = [f"sha256={hmac.new(key, body, sha256).hexdigest()}".encode() for key in keys]
        return True in [hmac.compare_digest(told, one) for one in wanted]  # each in constant time, and none left out

    return proof


def hint(body: bytes) -> Hint:
    """What a body hints at; raises Invalid when it is no JSON object."""
    try:
        body.decode()  # the decoder passes over broken bytes in what it is not asked for
        told: Told = lenient(body, _TOLD)  # half of an emoji in a summary must not lose the delivery
    except UNDECODABLE as wrong:
        raise Invalid(f"this delivery cannot be read ({wrong}); it is to be a JSON object in UTF-8") from wrong
    event = told.event if isinstance(told.event, str) and _EVENT.fullmatch(told.event) else "unnamed"
    concerns = tuple(sorted({id_ for id_ in _issues(told) if id_ is not None}, key=int))
    deleted = concerns if event in DELETED else ()
    return Hint(event, concerns, deleted, event.startswith(RENAMING), _at(told.timestamp))


def _issues(told: Told) -> Sequence[str | None]:
    """The ids of the issues a delivery names, in whichever way it does.

    A comment on a Data Center comes without its issue, whose id is in the comment's address; an issue's own address is
    sometimes `/rest/api/2/10357` (recorded 2026-11).
    """
    issue, comment, worklog, link = (_thing(raw) for raw in (told.issue, told.comment, told.worklog, told.link))
    return (
        _number(issue.id) or _found(_OF_ISSUE, issue.self),
        _found(_OF_COMMENT, comment.self),
        _number(worklog.issue_id),
        _number(link.source_issue),
        _number(link.destination_issue),
    )


def _thing(raw: Raw) -> Thing:
    try:
        return _THING.decode(raw)
    except UNDECODABLE:
        return Thing()  # no object: it names no issue


def _number(told: Any) -> str | None:
    """An id, which Jira writes as a text or as a number."""
    return str(told) if isinstance(told, str | int) and _ID.fullmatch(str(told)) else None


def _found(address: re.Pattern[str], told: Any) -> str | None:
    found = address.search(told) if isinstance(told, str) else None
    return found[1] if found is not None else None


def _at(told: Any) -> datetime | None:
    try:
        return instant(told) if type(told) is int else None
    except Unreadable:
        return None  # then it happened when it came


def _id(headers: Mapping[str, str], body: bytes) -> str:
    told = headers.get(IDENTIFIER, "")
    return told if _IDENTIFIER.fullmatch(told) else f"sha256-{sha256(body).hexdigest()}"


_TOLD = msgspec.json.Decoder(Told)
_THING = msgspec.json.Decoder(Thing)
_EVENT = re.compile(r"[A-Za-z0-9_:.-]{1,100}")
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_IDENTIFIER = re.compile(r"[!-~]{1,200}")
_OF_ISSUE = re.compile(r"/rest/api/[^/]+/(?:issue/)?([0-9]{1,18})/?$", re.ASCII)
_OF_COMMENT = re.compile(r"/issue/([0-9]{1,18})/comment/", re.ASCII)
