"""Anything that lists records in JSON over HTTP as a source of feedback; settings declare how."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast
from urllib.parse import quote, urlencode, urljoin

import httpx
import msgspec

from remit.domain.arrivals import Hint
from remit.domain.errors import Rejected, Unavailable
from remit.domain.feedback import PulledFeedback
from remit.domain.ids import SourceName
from remit.domain.intervals import instant_text
from remit.domain.records import Gone, Loss
from remit.usecases.take_records import Page
from remit_integrations.authorisation import InHeader
from remit_integrations.decoding import LONGEST_NAME, glimpsed, lenient, whole
from remit_integrations.feedback.clocks import skew_s, told_time
from remit_integrations.feedback.declared import at, path_of, seen_name, understood
from remit_integrations.feedback.json_settings import JsonSettings, Paging, Scheme
from remit_integrations.feedback.opening import opening
from remit_integrations.feedback.passing import Passed
from remit_integrations.feedback.places import Place, resumed, scope_of, stored
from remit_integrations.feedback.proofs import Proof, base64_hmac, hex_hmac, reading
from remit_integrations.feedback.reading import page_of
from remit_integrations.http import Answer, Caller
from remit_integrations.keeping import Keeping
from remit_integrations.source import ALONE, FeedbackFeed, Greeting, Shared, Source, SourceKind
from remit_integrations.waits import Patience

NAME = SourceName("json")
SETTINGS = "REMIT_JSON_URL, REMIT_JSON_PATH and REMIT_JSON_CREDENTIALS"
OVERLAP = timedelta(minutes=1)
"""Asked for again: what a site tells of its last moments need not be complete."""
MOST_RECENT = 2_000
"""Records remembered of those moments. Where there are more, they are read again."""

MANY = 20
"""A list that held fewer records may well have become empty."""


class JsonPlace(Place, frozen=True, kw_only=True):
    """`newest` is the latest change seen in whole readings, `recent` the records of the last moments before it: when
    each changed, and the digest of what it said.

    `token` leads to the next page of the reading under way, `reached` is the latest change seen in it, `began` when its
    first page was told: a record dated later must not hide what changes until then. Where everything is listed each
    time, `listed` is how many records the last whole reading met, and `so_far` the one under way.
    """

    newest: datetime | None = None
    recent: dict[str, tuple[datetime, str]] = msgspec.field(default_factory=dict)
    token: str | None = None
    reached: datetime | None = None
    began: datetime | None = None
    listed: int = 0
    so_far: int = 0


class JsonFeed(FeedbackFeed):
    """An open connection to one site."""

    def __init__(self, call: Caller, settings: JsonSettings, scope: str, keeping: Keeping) -> None:
        self._call, self._settings, self._keeping = call, settings, keeping
        self._shape, self._fresh = settings.shape(), JsonPlace(scope=scope)

    async def greet(self) -> Greeting:
        answer = await self._call.ask(self._settings.path)
        self._listed(answer)
        return Greeting(httpx.URL(self._settings.url).host, skew_s(answer.headers))

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """From where the last whole reading began to see nothing new, a moment of overlap included."""
        place, passed = resumed(cursor, self._fresh, NAME), Passed()
        while True:
            answer = await self._call.ask(self._question(place))
            raws = self._listed(answer)
            if not raws and place.so_far == 0 and place.listed >= MANY and self._asks_for_all(place):
                raise Rejected(
                    f"the list of REMIT_JSON_PATH is empty, where {place.listed} records were before, which are kept; "
                    "check what the credentials may see, REMIT_JSON_PATH and REMIT_JSON_ITEMS"
                )
            page = self._page(raws)
            token = self._next(answer, place, len(raws))
            if not passed.leads_on(place.token, raws, token):
                raise Unavailable(
                    "the list of REMIT_JSON_PATH does not lead on, but to what was read already; check "
                    "REMIT_JSON_PAGING and REMIT_JSON_PARAMETER"
                )
            told = {one.item.id: (one.item.updated, _digest(one)) for one in page.feedback}
            news = tuple(one for one in page.feedback if place.recent.get(one.item.id) != told[one.item.id])
            began = place.began or told_time(answer.headers)
            reached = _latest(place.reached, [min(updated, began) for updated, _ in told.values()])
            so_far = place.so_far + len(raws)
            place = msgspec.structs.replace(place, token=token, reached=reached, began=began, so_far=so_far)
            place = _remembering(place, told)
            if token is None:
                newest = _latest(place.newest, [reached] if reached is not None else [])
                listed = so_far if self._asks_for_all(place) else place.listed
                ended = {"reached": None, "began": None, "listed": listed, "so_far": 0}
                place = msgspec.structs.replace(place, newest=newest, **ended)
            if news or page.parked or token is None:
                yield replace(page, feedback=news, cursor=stored(place))
            if token is None:
                return

    def is_whole(self, cursor: bytes | None) -> bool:
        place = resumed(cursor, self._fresh, NAME)
        return place.token is None and self._asks_for_all(place)

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        for id_ in ids if self._settings.item_path else ():
            try:
                answer = await self._call.ask(self._settings.item_path.replace("{id}", quote(id_, safe="")))
            except Rejected as refused:
                if refused.facts.get("status") not in (404, 410):
                    raise
                greeted = await self._call.ask(self._settings.path)  # a wrong address would hide everything
                now = told_time(greeted.headers)
                yield Page(gone=(Gone(NAME, id_, now, Loss.NOT_VISIBLE),), asked_at=now)
                continue
            yield replace(self._page([answer.body]), asked_at=told_time(answer.headers))

    def _question(self, place: JsonPlace) -> str:
        told, asked = self._settings, dict[str, str | int]()
        if place.token is not None and told.paging is Paging.LINK:
            return place.token
        if place.newest is not None and not self._asks_for_all(place):
            asked[told.since_parameter] = instant_text(place.newest - OVERLAP)
        if told.paging is Paging.CURSOR and place.token is not None:
            asked[told.parameter] = place.token
        if told.paging is Paging.PAGE:
            asked[told.parameter] = place.token or told.first_page
        if told.paging is Paging.OFFSET:
            asked[told.parameter] = place.token or 0
        return f"{told.path}{'&' if '?' in told.path else '?'}{urlencode(asked)}" if asked else told.path

    def _asks_for_all(self, place: JsonPlace) -> bool:
        return not self._settings.since_parameter or place.newest is None

    def _next(self, answer: Answer, place: JsonPlace, held: int) -> str | None:
        """What leads to the next page; None after the last."""
        match self._settings.paging:
            case Paging.LINK:
                return self._linked(answer)
            case Paging.CURSOR:
                found = at(_decoded(answer.body), path_of(self._settings.cursor))
                return str(found) if _is_name(found) else None
            case Paging.PAGE:
                return str(int(place.token or self._settings.first_page) + 1) if held else None
            case Paging.OFFSET:
                return str(int(place.token or 0) + held) if held else None
            case _:
                return None

    def _linked(self, answer: Answer) -> str | None:
        """The head's link to what is next; raises Rejected for one to another site, which is not sent credentials."""
        told = answer.next_link
        if not told:
            return None
        link, own = (
            httpx.URL(urljoin(f"{self._settings.url}{self._settings.path}", told)),
            httpx.URL(self._settings.url),
        )
        if (link.scheme, link.host, link.port) != (own.scheme, own.host, own.port):
            raise Rejected(f"the next page is said to be on another site, {link.host}; check REMIT_JSON_URL")
        return str(link)

    def _listed(self, answer: Answer) -> list[bytes]:
        found = at(_decoded(answer.body), path_of(self._settings.items))
        if not isinstance(found, list):
            raise Rejected("there is no list in the answer where REMIT_JSON_ITEMS leads; correct that path")
        return [msgspec.json.encode(one) for one in found]

    def _page(self, raws: Sequence[bytes]) -> Page:
        return page_of(
            raws,
            lambda raw: understood(raw, self._shape, NAME),
            NAME,
            self._keeping,
            seen_id=lambda raw: seen_name(raw, self._shape) or glimpsed(raw),
        )


def _latest(before: datetime | None, told: Collection[datetime]) -> datetime | None:
    return max([*told, *([before] if before is not None else [])], default=None)


def _digest(one: PulledFeedback) -> str:
    return sha256(one.raw).hexdigest()[:16]


def _remembering(place: JsonPlace, told: Mapping[str, tuple[datetime, str]]) -> JsonPlace:
    """With the records of the last moments, as far as they are few enough."""
    newest = _latest(place.newest, [place.reached] if place.reached is not None else [])
    if newest is None:
        return place
    recent = {id_: last for id_, last in {**place.recent, **told}.items() if last[0] >= newest - OVERLAP}
    return msgspec.structs.replace(place, recent=recent if len(recent) <= MOST_RECENT else {})


def _is_name(told: Any) -> bool:
    return isinstance(told, str | int) and not isinstance(told, bool) and told != ""


def _decoded(body: bytes) -> Any:
    return whole(body, _ANYTHING, "the answer to REMIT_JSON_PATH")


def _proof(settings: JsonSettings) -> Proof:
    secrets = settings.webhook_secret, settings.webhook_secret_before
    header = settings.webhook_header.lower()
    if settings.webhook_scheme is Scheme.SHA256_BASE64:
        return base64_hmac(header, *secrets)
    return hex_hmac(header, settings.webhook_scheme.removesuffix("-hex"), *secrets)


def json(settings: JsonSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """A site, as the settings declare it."""
    asked = settings.model_dump(exclude={"credentials", "webhook_secret", "webhook_secret_before"})
    scope = scope_of(*(f"{name}={value}" for name, value in sorted(asked.items())))
    path = path_of(settings.webhook_id)

    def hint(headers: Mapping[str, str], body: bytes) -> Hint:
        told = at(lenient(body, _ANYTHING), path)
        return Hint("delivered", (str(told),) if _is_name(told) and len(str(told)) <= LONGEST_NAME else ())

    opened = opening(
        settings.url,
        lambda call: JsonFeed(call, settings, scope, shared.keeping),
        what="The site of REMIT_JSON_URL",
        settings=SETTINGS,
        address="REMIT_JSON_URL",
        auth=InHeader(settings.header, settings.credentials.get_secret_value() if settings.credentials else ""),
        per_second=settings.requests_per_second,
        shared=shared,
        patience=patience,
    )
    signs = settings.webhook_secret is not None or settings.webhook_secret_before is not None
    read = reading(NAME, "REMIT_JSON_WEBHOOK_SECRET", _proof(settings), hint, "x-request-id") if signs else None
    return Source(NAME, "json", opened, read=read)


_ANYTHING: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder()
SOURCE = SourceKind(NAME, JsonSettings, lambda told, shared: json(cast("JsonSettings", told), shared=shared))
