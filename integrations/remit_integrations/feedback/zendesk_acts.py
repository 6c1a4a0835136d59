"""Reads what was done with tickets of Zendesk, from its export of ticket events: its words in, ours out.

An event is one update of a ticket, with everything that changed by it. The vendor's example of this export shows
records of another kind; events are read as its sections on comments and on audits describe them (2026-11). A changed
field is named by a key of its own (`"status": "open"`), or as in audits by `field_name` and `value`: both are
understood. Of a comment is asked only whether there is one that is public, not what it says.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from remit.domain.errors import Unreadable
from remit.domain.feedback import ActKind, FeedbackAct
from remit_integrations.decoding import UNDECODABLE, glimpsed, lenient
from remit_integrations.feedback.reading import when
from remit_integrations.feedback.zendesk_tickets import NAME

ENDED = ("solved", "closed")
ANSWERED = ("pending", *ENDED)
WAITING = ("new", "open", "hold")
BY_RULE = ("rule", "trigger", "automation")


class Child(Struct):
    """One thing that an update did."""

    event_type: str | None = None
    type: str | None = None
    via: object = None
    field_name: object = None
    value: object = None
    previous_value: object = None
    status: object = UNSET
    group_id: object = UNSET
    assignee_id: object = UNSET
    comment_present: object = None
    comment_public: object = None
    public: object = None


class Named(Struct):
    ticket_id: int | None = None


class Event(Struct):
    id: int
    ticket_id: int
    created_at: str | None = None
    timestamp: int | None = None
    updater_id: int | None = None
    child_events: list[Raw] | None = None


class Events(Struct):
    """A page of events; `end_time` is that of the last one, and where the next page starts."""

    ticket_events: list[Raw]
    end_time: int | None = None
    end_of_stream: bool | None = None


class ActReader:
    """Reads events, given the ids of all agents."""

    def __init__(self, agents: Collection[int]) -> None:
        self._agents = agents

    def read(self, raw: bytes) -> FeedbackAct | None:
        """What an update of a ticket comes to, None where nothing; raises Unreadable, or what decoding raises.

        A customer who writes again reopens what was answered, and an automation may close: that is told, of nobody.
        What a trigger does beside an agent is not the agent's.
        """
        event: Event = lenient(raw, _EVENT)
        told = (_child(bytes(child)) for child in event.child_events or ())
        children = [child for child in told if child is not None]
        kind, author = None, None
        if event.updater_id in self._agents:
            kind, author = _kind([child for child in children if not _is_by_rule(child)]), str(event.updater_id)
        if kind is None:
            kind, author = _ending(children), None
        return FeedbackAct(NAME, str(event.ticket_id), str(event.id), _at(event), kind, author) if kind else None


def name_of(raw: bytes) -> str:
    """Of an event that cannot be read: as a part of its ticket, as far as that shows."""
    try:
        ticket = _NAMED.decode(raw).ticket_id
    except UNDECODABLE:
        ticket = None
    return f"{ticket if ticket is not None else 'unknown'}/event/{glimpsed(raw)}"


def _at(event: Event) -> datetime:
    at = when(event.created_at) or when(event.timestamp)
    if at is None:
        raise Unreadable("an event without a time")
    return at


def _kind(children: Sequence[Child]) -> ActKind | None:
    """The one thing that an update comes to."""
    ending = _ending(children)
    if ending is not None:
        return ending
    changed = [(field, after) for child in children for field, _, after in _changes(child)]
    if any(map(_is_public_comment, children)) or ("status", "pending") in changed:
        return ActKind.ANSWERED
    return ActKind.TRIAGED if changed else None


def _ending(children: Iterable[Child]) -> ActKind | None:
    """Whether a ticket ended by it, or goes on after it had ended or been answered."""
    for child in children:
        for field, before, after in _changes(child):
            if field == "status" and after in ENDED and before not in ENDED:
                return ActKind.CLOSED
            if field == "status" and after in WAITING and before in ANSWERED:
                return ActKind.REOPENED
    return None


def _changes(child: Child) -> list[tuple[str, object, object]]:
    """Field, value before and after, of the fields that tell of an act."""
    if (child.event_type or child.type) != "Change":
        return []
    named = {"status": child.status, "group_id": child.group_id, "assignee_id": child.assignee_id}
    if isinstance(child.field_name, str) and child.field_name in named:
        named[child.field_name] = child.value
    return [(field, child.previous_value, after) for field, after in named.items() if not isinstance(after, UnsetType)]


def _is_public_comment(child: Child) -> bool:
    if (child.event_type or child.type) == "Comment":
        return child.public is True or child.comment_public is True
    return child.comment_present is True and child.comment_public is True


def _is_by_rule(child: Child) -> bool:
    """Whether a trigger or an automation did it: told by a word, or by a channel."""
    via = child.via
    if isinstance(via, dict):
        via = via.get("channel")
    return isinstance(via, str) and via.lower() in BY_RULE


def _child(raw: bytes) -> Child | None:
    """None for what is of no shape that says anything here."""
    try:
        told: Child = lenient(raw, _CHILD)
    except UNDECODABLE:
        return None
    return told


_EVENT = msgspec.json.Decoder(Event)
_NAMED = msgspec.json.Decoder(Named)
_CHILD = msgspec.json.Decoder(Child)
