"""Reads tickets of Zendesk: its words in, ours out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec import Raw, Struct

from remit.domain.errors import Unreadable
from remit.domain.feedback import FeedbackItem, FeedbackState, offering
from remit.domain.ids import SourceName
from remit.domain.records import Gone, Loss
from remit_integrations.decoding import instant, lenient
from remit_integrations.feedback.reading import Understood, linked_issues, when

NAME = SourceName("zendesk")

STATES = {
    "new": FeedbackState.NEW,
    "open": FeedbackState.TRIAGED,
    "hold": FeedbackState.TRIAGED,
    "pending": FeedbackState.ANSWERED,  # an agent has answered, and the customer's turn it is
    "solved": FeedbackState.CLOSED,
    "closed": FeedbackState.CLOSED,
}
"""The five categories that custom statuses belong to as well, and `new`."""
DELETED = "deleted"


class Minutes(Struct):
    calendar: float | None = None


class Metrics(Struct):
    """What became of a ticket, as Zendesk measures it."""

    ticket_id: int | None = None
    initially_assigned_at: str | None = None
    solved_at: str | None = None
    reply_time: Minutes | None = msgspec.field(default=None, name="reply_time_in_minutes")


class Group(Struct):
    id: int | None = None
    name: str | None = None


class CustomField(Struct):
    id: int | None = None
    value: object = None


class Ticket(Struct):
    id: int
    created_at: str
    updated_at: str
    status: str | None = None
    subject: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    group_id: int | None = None
    brand_id: int | None = None
    custom_fields: list[CustomField] | None = None


class Tickets(Struct):
    """A page of tickets, and beside it what was asked to be told with them."""

    tickets: list[Raw]
    groups: list[Group] | None = None
    metric_sets: list[Metrics] | None = None
    after_cursor: str | None = None
    end_of_stream: bool | None = None


class TicketReader:
    """Reads tickets, given the groups and measurements that came with them."""

    def __init__(self, page: Tickets, segment_field: int | None) -> None:
        self._groups = {group.id: group.name for group in page.groups or ()}
        self._metrics = {metrics.ticket_id: metrics for metrics in page.metric_sets or ()}
        self._segment_field = segment_field

    def read(self, raw: bytes) -> Understood | Gone:
        """A ticket, or that it is deleted; raises Unreadable, or what decoding raises."""
        ticket: Ticket = lenient(raw, _TICKET)
        created, updated = instant(ticket.created_at), instant(ticket.updated_at)
        if ticket.status == DELETED:
            return Gone(NAME, str(ticket.id), updated, Loss.DELETED)
        state = STATES.get(ticket.status or "")
        if state is None:
            raise Unreadable(f"there is no status {ticket.status!r:.80}")
        metrics = self._metrics.get(ticket.id, Metrics())
        text = "\n".join(filter(None, (ticket.subject, ticket.description)))
        group = self._groups.get(ticket.group_id) or ticket.group_id
        item = FeedbackItem(
            source=NAME,
            id=str(ticket.id),
            created=created,
            updated=updated,
            state=state,
            triaged_at=when(metrics.initially_assigned_at),
            answered_at=_answered(created, metrics),
            closed_at=when(metrics.solved_at) if state is FeedbackState.CLOSED else None,
            segment=self._segment(ticket.custom_fields or ()),
            linked=linked_issues(text),
            offers=offering(tags=ticket.tags or (), groups=_told(group), brands=_told(ticket.brand_id)),
        )
        return Understood(item, text)

    def _segment(self, fields: Iterable[CustomField]) -> str | None:
        told = (field.value for field in fields if field.id is not None and field.id == self._segment_field)
        return next((value for value in told if isinstance(value, str) and value), None)


def _answered(created: datetime, metrics: Metrics) -> datetime | None:
    """Zendesk tells the first reply in whole minutes after the creation."""
    minutes = metrics.reply_time.calendar if metrics.reply_time is not None else None
    if minutes is None or not 0 <= minutes < timedelta.max.total_seconds() / 60:
        return None
    try:
        return created + timedelta(minutes=minutes)
    except OverflowError as beyond:
        raise Unreadable(f"not a time to a reply: {minutes}") from beyond


def _told(value: str | int | None) -> tuple[str, ...]:
    return (str(value),) if value is not None else ()


_TICKET = msgspec.json.Decoder(Ticket)
