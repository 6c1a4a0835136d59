"""Reads the export of what was done with tickets page by page, from a second on, within the budget of requests.

The export takes of the same ten requests a minute as that of tickets, for up to 1,000 events each. It is paged by time:
a page ends with a whole second, and the next one starts with that second again; what it repeats is known by its id.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from remit.domain.errors import Rejected, Unavailable, Unreadable
from remit.domain.feedback import FeedbackAct
from remit.domain.records import Parked, Reference
from remit.usecases.take_records import Page
from remit_integrations.decoding import UNDECODABLE, whole
from remit_integrations.feedback.zendesk_acts import ActReader, Events, name_of
from remit_integrations.feedback.zendesk_agents import Listed, listed
from remit_integrations.feedback.zendesk_tickets import NAME
from remit_integrations.http import Caller
from remit_integrations.keeping import Keeping

EVENTS = "/api/v2/incremental/ticket_events.json"
WITHHELD = timedelta(minutes=1)
"""What the exports leave out at their end."""
LATELY = timedelta(hours=1)
"""Long enough ago for a clock that is ahead: what is asked of the last minute is refused."""
BEFORE = timedelta(days=7 * 28)
"""How far back the first reading goes: the usual window of signals, and the six before it."""
EVERY = timedelta(minutes=5)
"""Nobody waits for what was done, and asking takes two or three requests of the ten of a minute."""
AGENTS_EVERY = timedelta(hours=1)
"""Also how long it is not asked again for what was refused."""
NOT_ALLOWED = 403
LONG_AGO = datetime.min.replace(tzinfo=UTC)
log = structlog.get_logger()


@dataclass(slots=True)
class Known:
    """What is kept between runs: the agents as they were listed last, until when acts were asked for, and since when it
    is refused to tell either.
    """

    crew: Listed | None = None
    until: datetime = LONG_AGO
    refused_at: datetime = LONG_AGO


class TicketEvents:
    """The export of one help desk. Where the account may not read it, or not who is an agent, nothing is told."""

    def __init__(self, call: Caller, keeping: Keeping, known: Known) -> None:
        self._call, self._keeping, self._known = call, keeping, known

    async def refused(self) -> bool:
        """Whether the account may not read it."""
        start = int((datetime.now(UTC) - LATELY).timestamp())
        try:
            await self._call.get(EVENTS, {"start_time": start})
            await self._list()
        except Rejected as refused:
            self._pass_over(refused)
            return True
        return False

    async def agents(self) -> AsyncIterator[Sequence[Reference]]:
        """Who the agents are, so that people are found by their addresses; once an hour at most."""
        crew = self._known.crew
        if self._is_refused() or (crew is not None and datetime.now(UTC) < crew.at + AGENTS_EVERY):
            return
        try:
            yield (await self._list()).agents
        except Rejected as refused:
            self._pass_over(refused)

    async def pages(self, acted: int | None, until: datetime) -> AsyncGenerator[tuple[Page, int], None]:
        """What was done from a second on (None: as far back as is wanted) until an instant, beyond which there may be
        tickets that were not read yet. Each page comes with the second up to which it reaches.
        """
        if self._is_refused() or (acted is not None and until < self._known.until + EVERY):
            return
        start, last, ended = acted or int((until - BEFORE).timestamp()), int(until.timestamp()), False
        while start < last and not ended:
            try:
                told: Events = whole(
                    await self._call.get(EVENTS, {"start_time": start}), _EVENTS, "Zendesk's answer about ticket events"
                )
                crew = await self._crew(told)
            except Rejected as refused:
                self._pass_over(refused)
                return
            end, ended = min(told.end_time or start, last), told.end_of_stream is not False
            if end <= start and not ended:
                raise Unavailable("Zendesk's export of events does not lead on; what was read is kept, try again later")
            if end > start:
                acts, parked = self._read(told, crew, until)
                yield Page(acts=acts, parked=parked), end
            start = end
        self._known.until = until

    async def _crew(self, told: Events) -> Listed | None:
        """The agents as they were listed after the last of these events, so that nobody new is taken for a customer."""
        crew = self._known.crew
        if not told.ticket_events:
            return crew
        is_older = crew is None or told.end_time is None or told.end_time >= int(crew.at.timestamp())
        return await self._list() if is_older else crew

    async def _list(self) -> Listed:
        self._known.crew = await listed(self._call)
        return self._known.crew

    def _is_refused(self) -> bool:
        return datetime.now(UTC) < self._known.refused_at + AGENTS_EVERY

    def _pass_over(self, refused: Rejected) -> None:
        """Raises what is no matter of permissions."""
        if refused.facts.get("status") != NOT_ALLOWED:
            raise refused
        self._known.refused_at = datetime.now(UTC)
        log.warning("zendesk.acts_refused", source=NAME, reason=refused.message)

    def _read(
        self, told: Events, crew: Listed | None, until: datetime
    ) -> tuple[tuple[FeedbackAct, ...], tuple[Parked, ...]]:
        reader = ActReader(crew.ids if crew is not None else frozenset())
        acts, parked = list[FeedbackAct](), list[Parked]()
        for raw in map(bytes, told.ticket_events):
            try:
                act = reader.read(raw)
            except (*UNDECODABLE, Unreadable) as wrong:
                parked.append(self._keeping.parked(NAME, name_of(raw), str(wrong), raw))
                continue
            if act is not None and act.at <= until:
                acts.append(act)
        return tuple(acts), tuple(parked)


_EVENTS = msgspec.json.Decoder(Events)
