"""Productboard as a source of feedback: the notes of a workspace, by the second version of its API."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import cast
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Raw, Struct, field
from pydantic import BaseModel, Field

from remit.domain.errors import Rejected, Unavailable
from remit.domain.intervals import instant_text
from remit.domain.records import Gone, Loss
from remit.usecases.take_records import Page
from remit_integrations.authorisation import Bearer
from remit_integrations.decoding import whole
from remit_integrations.feedback.clocks import skew_s, told_time
from remit_integrations.feedback.opening import opening
from remit_integrations.feedback.passing import Passed
from remit_integrations.feedback.places import Place, resumed, scope_of, stored
from remit_integrations.feedback.productboard_notes import NAME, read_note
from remit_integrations.feedback.reading import page_of
from remit_integrations.feedback.settings import Address, Token
from remit_integrations.feedback.walks import Walk, stamped
from remit_integrations.http import Caller
from remit_integrations.keeping import Keeping
from remit_integrations.source import ALONE, FeedbackFeed, Greeting, Shared, Source, SourceKind
from remit_integrations.waits import Patience

NOTES = "/v2/notes"
LISTS = ("false", "true")
"""Archived notes are left out of the list unless they alone are asked for, so that there are two (2026)."""
ABSENT = 404


class ProductboardSettings(BaseModel):
    """`REMIT_PRODUCTBOARD_...`: the token of a workspace."""

    token: Token
    url: Address = "https://api.productboard.com"
    requests_per_second: float = Field(default=10, gt=0, le=1_000)
    """Of all processes together; Productboard allows a token 50."""


class ProductboardPlace(Place, frozen=True, kw_only=True):
    """How far each list was read, by whether its notes are archived."""

    walks: dict[str, Walk] = field(default_factory=dict)

    def at(self, archived: str, walk: Walk) -> "ProductboardPlace":
        return msgspec.structs.replace(self, walks={**self.walks, archived: walk})


class Links(Struct):
    next: str | None = None


class Notes(Struct):
    data: list[Raw]
    links: Links | None = None


class OneNote(Struct):
    data: Raw


class ProductboardFeed(FeedbackFeed):
    """An open connection to one workspace."""

    def __init__(self, call: Caller, settings: ProductboardSettings, keeping: Keeping) -> None:
        self._call, self._keeping = call, keeping
        self._fresh = ProductboardPlace(scope=scope_of(settings.url))

    async def greet(self) -> Greeting:
        """There is no call that tells who asks; a list of notes proves that the token may read them."""
        answer = await self._call.ask(NOTES)
        return Greeting("a token of the workspace", skew_s(answer.headers))

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        place = resumed(cursor, self._fresh, NAME)
        is_told = False
        for archived in LISTS:
            async with aclosing(self._listed(archived, place.walks.get(archived, Walk()))) as walked:
                async for page, walk in walked:
                    place, is_told = place.at(archived, walk), not page.is_bare
                    if is_told:
                        yield replace(page, cursor=stored(place))
        if not is_told:
            yield Page(cursor=stored(place))

    async def _listed(self, archived: str, walk: Walk) -> AsyncGenerator[tuple[Page, Walk], None]:
        """Notes that changed since the walk, `updatedFrom` included, newest creation first.

        On the last page the first version of the API led to the first one again (2025).
        """
        passed = Passed()
        while True:
            since = {"updatedFrom": instant_text(walk.since)} if walk.since is not None else {}
            at_page = {"pageCursor": walk.token} if walk.token is not None else {}
            answer = await self._call.ask(NOTES, {"archived": archived, **since, **at_page})
            told: Notes = whole(answer.body, _NOTES, "Productboard's answer about notes")
            token = _token(told.links)
            raws = [bytes(one) for one in told.data]
            if not passed.leads_on(walk.token, raws, token):
                raise Unavailable("Productboard's list does not lead on; what was read is kept, try again later")
            seen = stamped(raws)
            news, walk = walk.news(seen), walk.over(seen, token, told_time(answer.headers))
            yield page_of(news, read_note, NAME, self._keeping), walk
            if walk.token is None:
                return

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        for id_ in filter(_ID.fullmatch, ids):
            at = told_time((await self._call.ask(NOTES)).headers)
            try:
                body = await self._call.get(f"{NOTES}/{id_}")
            except Rejected as refused:
                if refused.facts.get("status") != ABSENT:
                    raise
                yield Page(gone=(Gone(NAME, id_, at, Loss.NOT_VISIBLE),), asked_at=at)
            else:
                raw = bytes(whole(body, _ONE, "Productboard's answer about a note").data)
                yield replace(page_of([raw], read_note, NAME, self._keeping), asked_at=at)


def _token(links: Links | None) -> str | None:
    """The page that the link to the next one names; only that is taken of it, and no other site is gone to."""
    query = urlsplit(links.next).query if links is not None and links.next else ""
    return next(iter(parse_qs(query).get("pageCursor", ())), None)


def productboard(settings: ProductboardSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """A workspace of Productboard. What signs its webhooks could not be verified, so that none is taken."""
    opened = opening(
        settings.url,
        lambda call: ProductboardFeed(call, settings, shared.keeping),
        what="Productboard",
        settings="REMIT_PRODUCTBOARD_TOKEN",
        address="REMIT_PRODUCTBOARD_URL",
        auth=Bearer(settings.token.get_secret_value()),
        per_second=settings.requests_per_second,
        shared=shared,
        patience=patience,
    )
    return Source(NAME, "productboard", opened, sends=False)


_NOTES = msgspec.json.Decoder(Notes)
_ONE = msgspec.json.Decoder(OneNote)
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
SOURCE = SourceKind(
    NAME, ProductboardSettings, lambda told, shared: productboard(cast("ProductboardSettings", told), shared=shared)
)
