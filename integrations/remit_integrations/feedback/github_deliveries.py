"""Reads what GitHub's webhooks send: which issue or discussion it hints at."""

import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from remit.domain.arrivals import Hint
from remit_integrations.decoding import lenient
from remit_integrations.feedback.github_issues import discussion_id, issue_id

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
ENDS = ("deleted", "transferred")


class Numbered(Struct):
    number: object = None
    pull_request: object = None


class Repository(Struct):
    full_name: object = None


class Event(Struct):
    """A delivery, as far as it names what it is about."""

    action: object = None
    repository: Repository | None = None
    issue: Numbered | None = None
    discussion: Numbered | None = None


def hint(headers: Mapping[str, str], body: bytes) -> Hint:
    """Which issue or discussion a delivery is about. Raises what decoding raises."""
    told: Event = lenient(body, _EVENT)
    kind, action = headers.get("x-github-event", ""), told.action if isinstance(told.action, str) else ""
    event = f"{kind}.{action}" if action else kind
    ids = _concerned(told)
    is_end = kind in ("issues", "discussion") and action in ENDS
    return Hint(event if _EVENT_NAME.fullmatch(event) else "unnamed", ids, ids if is_end else ())


def _concerned(told: Event) -> tuple[str, ...]:
    repository = told.repository.full_name if told.repository is not None else None
    if not isinstance(repository, str) or not REPOSITORY.fullmatch(repository):
        return ()
    issue, discussion = told.issue, told.discussion
    if issue is not None and type(issue.number) is int and issue.pull_request is None:
        return (issue_id(repository, issue.number),)
    if discussion is not None and type(discussion.number) is int:
        return (discussion_id(repository, discussion.number),)
    return ()


_EVENT = msgspec.json.Decoder(Event)
_EVENT_NAME = re.compile(r"[a-z_]{1,50}(\.[a-z_]{1,50})?")
