"""Reads conversations of Intercom: its words in, ours out."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from remit.domain.errors import Unreadable
from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState, offering
from remit.domain.ids import SourceName
from remit_integrations.decoding import clean, lenient
from remit_integrations.feedback.reading import Understood, linked_issues, when, words

NAME = SourceName("intercom")
STATES = ("open", "snoozed", "closed")


class Named(Struct):
    name: str | None = None


class Tags(Struct):
    tags: list[Named] | None = None


class Author(Struct):
    type: str | None = None


class Origin(Struct):
    """The message that a conversation began with, in HTML."""

    type: str | None = None
    subject: str | None = None
    body: str | None = None
    author: Author | None = None


class Statistics(Struct):
    """Instants in seconds since 1970."""

    first_assignment_at: int | None = None
    first_admin_reply_at: int | None = None
    last_close_at: int | None = None
    last_closed_by_id: str | int | None = None


class Conversation(Struct):
    id: str | int
    created_at: int
    updated_at: int
    title: str | None = None
    state: str | None = None
    waiting_since: int | None = None
    admin_assignee_id: int | str | None = None
    team_assignee_id: int | str | None = None
    tags: Tags | None = None
    source: Origin | None = None
    first_contact_reply: dict[str, object] | None = None
    statistics: Statistics | None = None
    custom_attributes: dict[str, object] | None = None


def read_conversation(teams: Mapping[str, str], segment_attribute: str | None, raw: bytes) -> Understood | None:
    """A conversation; None for a message of the organisation's own that nobody replied to. Raises Unreadable."""
    told: Conversation = lenient(raw, _CONVERSATION)
    origin, statistics = told.source or Origin(), told.statistics or Statistics()
    author = origin.author.type if origin.author is not None else None
    if author in ("admin", "bot") and told.first_contact_reply is None:
        return None
    created, updated = when(told.created_at), when(told.updated_at)
    if created is None or updated is None:
        raise Unreadable("there is no time of creation or of the last change")
    text = "\n".join(filter(None, (words(told.title), words(origin.subject), words(origin.body))))
    state, id_ = _state(told, statistics), str(told.id)
    closed_at = when(statistics.last_close_at) if state is FeedbackState.CLOSED else None
    team = str(told.team_assignee_id) if told.team_assignee_id else None
    item = FeedbackItem(
        source=NAME,
        id=id_,
        created=created,
        updated=updated,
        state=state,
        triaged_at=when(statistics.first_assignment_at),
        answered_at=when(statistics.first_admin_reply_at),
        closed_at=closed_at,
        segment=_segment(told, segment_attribute),
        linked=linked_issues(f"{text} {origin.body or ''}"),
        offers=offering(
            tags=[tag.name for tag in (told.tags.tags if told.tags is not None else None) or ()],
            groups=(teams.get(team, team),) if team is not None else (),
            channels=(origin.type,),
        ),
    )
    if closed_at is None or not statistics.last_closed_by_id:
        return Understood(item, text)
    who = clean(str(statistics.last_closed_by_id))
    act = FeedbackAct(NAME, id_, f"closed-{statistics.last_close_at}", closed_at, ActKind.CLOSED, who)
    return Understood(item, text, (act,))


def _state(told: Conversation, statistics: Statistics) -> FeedbackState:
    """Intercom tells since when a customer waits; nobody waits once an admin has replied."""
    if told.state not in STATES:
        raise Unreadable(f"there is no state {told.state!r:.80}")
    if told.state == "closed":
        return FeedbackState.CLOSED
    if statistics.first_admin_reply_at is not None and told.waiting_since is None:
        return FeedbackState.ANSWERED
    looked_at = (
        told.admin_assignee_id or told.team_assignee_id or statistics.first_admin_reply_at or told.state == "snoozed"
    )
    return FeedbackState.TRIAGED if looked_at else FeedbackState.NEW


def _segment(told: Conversation, attribute: str | None) -> str | None:
    value = (told.custom_attributes or {}).get(attribute) if attribute is not None else None
    return value if isinstance(value, str) and value else None


_CONVERSATION = msgspec.json.Decoder(Conversation)
