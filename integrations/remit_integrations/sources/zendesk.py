"""Zendesk as a source of feedback: its tickets and what was done with them, and what its webhooks hint at."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import msgspec
from msgspec import Struct
from pydantic import BaseModel, Field

from remit.domain.arrivals import Hint
from remit.domain.errors import Forbidden, Rejected, Unavailable, Unreadable
from remit.domain.intervals import instant_text
from remit.domain.records import Gone, Loss, Reference
from remit.usecases.take_records import Page
from remit_integrations.authorisation import Basic, Bearer
from remit_integrations.decoding import lenient, whole
from remit_integrations.feedback.clocks import skew_s, told_time
from remit_integrations.feedback.opening import opening
from remit_integrations.feedback.places import Place, resumed, scope_of, stored
from remit_integrations.feedback.proofs import Proof, reading, timed_hmac
from remit_integrations.feedback.reading import page_of, when
from remit_integrations.feedback.settings import Address, Token
from remit_integrations.feedback.zendesk_events import WITHHELD, Known, TicketEvents
from remit_integrations.feedback.zendesk_tickets import NAME, TicketReader, Tickets
from remit_integrations.http import Answer, Caller
from remit_integrations.keeping import Keeping
from remit_integrations.source import ALONE, FeedbackFeed, Greeting, Shared, Source, SourceKind
from remit_integrations.waits import Patience

SETTINGS = "REMIT_ZENDESK_URL, REMIT_ZENDESK_EMAIL and REMIT_ZENDESK_TOKEN"
EXPORT = "/api/v2/incremental/tickets/cursor.json"
INCLUDE = "groups,metric_sets"
PAGE = 500
AT_ONCE = 100
"""Ids that `show_many` takes."""

SIGNATURE, STAMP = "x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"
INVOCATION = "x-zendesk-webhook-invocation-id"
OLDEST_DELIVERY = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(minutes=5)
"""What was signed before is no delivery but a repetition of one by somebody else."""
ENDS = ("ticket.soft_deleted", "ticket.permanently_deleted")


class ZendeskSettings(BaseModel):
    """`REMIT_ZENDESK_...`: the help desk, an agent with a token, and what signs its webhooks.

    An e-mail address and a token are an agent's API token; a token alone is one of OAuth.
    """

    url: Address
    email: str | None = None
    token: Token
    webhook_secret: Token | None = None
    webhook_secret_before: Token | None = None
    """Also good, while the webhook's secret is being changed."""
    segment_field: int | None = None
    """The id of the ticket field that tells which kind of customer asks."""
    requests_per_minute: float = Field(default=10, gt=0, le=10_000)
    """Of all processes together; the export allows ten, or thirty with the add-on for high volume."""


class Me(Struct):
    id: int | None = None
    name: str | None = None


class User(Struct):
    user: Me


class ZendeskPlace(Place, frozen=True, kw_only=True):
    """`after` is where Zendesk's own cursor stands; None: at the beginning. `acted` is the second up to which is known
    what was done with tickets; None: nothing is.
    """

    after: str | None = None
    acted: int | None = None


class ZendeskFeed(FeedbackFeed):
    """An open connection to one help desk."""

    def __init__(self, call: Caller, settings: ZendeskSettings, keeping: Keeping, known: Known | None = None) -> None:
        self._call, self._settings, self._keeping = call, settings, keeping
        self._events = TicketEvents(call, keeping, known or Known())
        self._fresh = ZendeskPlace(scope=scope_of(settings.url, str(settings.segment_field or "")))

    async def greet(self) -> Greeting:
        """Who is asked for first: without credentials Zendesk answers as to an anonymous user, with 200."""
        answer = await self._call.ask("/api/v2/users/me.json")
        me: Me = whole(answer.body, _USER, "Zendesk's answer about who asks").user
        if me.id is None:
            raise Rejected(f"Zendesk does not know who asks; check {SETTINGS}")
        return Greeting(me.name or str(me.id), skew_s(answer.headers))

    async def withheld(self) -> Sequence[str]:
        return ("who did what with tickets",) if await self._events.refused() else ()

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """Tickets that changed since the cursor, until the stream ends, and then what was done with those. Zendesk
        withholds the last minute.
        """
        place, ended = resumed(cursor, self._fresh, NAME), False
        until = datetime.now(UTC)
        while not ended:
            answer = await self._exported(place)
            told, until = _tickets(answer.body), told_time(answer.headers) - WITHHELD
            ended = told.end_of_stream is not False
            if not ended and told.after_cursor in (None, place.after):
                raise Unavailable("Zendesk's export does not lead on; what was read is kept, try again later")
            place = msgspec.structs.replace(place, after=told.after_cursor or place.after)
            yield replace(self._page(told), cursor=stored(place))
        async with aclosing(self._events.pages(place.acted, until)) as pages:
            async for page, acted in pages:
                place = msgspec.structs.replace(place, acted=acted)
                yield replace(page, cursor=stored(place))

    async def references(self, cursor: bytes | None) -> AsyncIterator[Sequence[Reference]]:
        async for batch in self._events.agents():
            yield batch

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        numbers = [id_ for id_ in ids if _ID.fullmatch(id_)]
        for start in range(0, len(numbers), AT_ONCE):
            asked = numbers[start : start + AT_ONCE]
            answer = await self._call.ask(
                "/api/v2/tickets/show_many.json", {"ids": ",".join(asked), "include": INCLUDE}
            )
            page, at = self._page(_tickets(answer.body)), told_time(answer.headers)
            absent = sorted(set(asked) - page.shown - {one.id for one in page.gone}, key=int)
            gone = (*page.gone, *(Gone(NAME, id_, at, Loss.NOT_VISIBLE) for id_ in absent))
            yield replace(page, gone=gone, asked_at=at)

    async def _exported(self, place: ZendeskPlace) -> Answer:
        where = {"cursor": place.after} if place.after is not None else {"start_time": 0}
        return await self._call.ask(EXPORT, {**where, "per_page": PAGE, "include": INCLUDE})

    def _page(self, told: Tickets) -> Page:
        read = TicketReader(told, self._settings.segment_field).read
        return page_of(map(bytes, told.tickets), read, NAME, self._keeping)


def _tickets(body: bytes) -> Tickets:
    told: Tickets = whole(body, _TICKETS, "Zendesk's answer about tickets")
    return told


class Detail(Struct):
    id: object = None


class Event(Struct):
    """A delivery: an event of Zendesk's, or what a trigger sends, whose words are up to the one who made it."""

    type: object = None
    subject: object = None
    time: object = None
    detail: Detail | None = None
    ticket_id: object = None


def hint(headers: Mapping[str, str], body: bytes) -> Hint:
    """Which ticket a delivery is about. Raises what decoding raises."""
    event: Event = lenient(body, _EVENT)
    kind = event.type if isinstance(event.type, str) and _KIND.fullmatch(event.type) else "unnamed"
    detail = event.detail.id if event.detail is not None and kind.startswith("zen:event-type:ticket.") else None
    subject = str(event.subject).removeprefix("zen:ticket:")
    ids = [str(told) for told in (detail, event.ticket_id, subject) if _ID.fullmatch(str(told))][:1]
    try:
        at = when(event.time) if isinstance(event.time, str) else None
    except Unreadable:
        at = None  # then it happened when it came
    return Hint(kind, tuple(ids), tuple(ids) if kind.endswith(ENDS) else (), at=at)


def _recent(proof: Proof) -> Proof:
    """Good is what satisfies the proof and was signed not long ago: the time of signing is signed as well.

    Raises Forbidden for what was signed at another time, which is not for lack of the right secret.
    """

    def recent(headers: Mapping[str, str], body: bytes) -> bool:
        try:
            signed = when(headers.get(STAMP))
        except Unreadable:
            signed = None  # refused below
        if signed is None or not proof(headers, body):
            return False
        age = datetime.now(UTC) - signed
        if not -CLOCKS_DIFFER < age < OLDEST_DELIVERY:
            raise Forbidden(
                f"this delivery was signed at {instant_text(signed)}, more than an hour ago or still to come; let "
                "Zendesk send it again, and check the clock of this machine"
            )
        return True

    return recent


def zendesk(settings: ZendeskSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """A help desk of Zendesk."""
    token, known = settings.token.get_secret_value(), Known()
    opened = opening(
        settings.url,
        lambda call: ZendeskFeed(call, settings, shared.keeping, known),
        what="Zendesk",
        settings=SETTINGS,
        address="REMIT_ZENDESK_URL",
        auth=Basic(f"{settings.email}/token", token) if settings.email is not None else Bearer(token),
        per_second=settings.requests_per_minute / 60,
        shared=shared,
        patience=patience,
    )
    secrets = (settings.webhook_secret, settings.webhook_secret_before)
    proof = _recent(timed_hmac(SIGNATURE, STAMP, *secrets))
    read = reading(NAME, "REMIT_ZENDESK_WEBHOOK_SECRET", proof, hint, INVOCATION) if any(secrets) else None
    return Source(NAME, "zendesk", opened, read=read)


_TICKETS = msgspec.json.Decoder(Tickets)
_USER = msgspec.json.Decoder(User)
_EVENT = msgspec.json.Decoder(Event)
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_KIND = re.compile(r"[A-Za-z0-9_:.-]{1,100}")
SOURCE = SourceKind(NAME, ZendeskSettings, lambda told, shared: zendesk(cast("ZendeskSettings", told), shared=shared))
