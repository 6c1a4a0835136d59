"""Intercom as a source of feedback: the conversations customers have with us, and what its webhooks hint at."""

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

import msgspec
from msgspec import Raw, Struct, field
from pydantic import BaseModel, Field

from remit.domain.arrivals import Hint
from remit.domain.errors import Rejected, Unavailable
from remit.domain.records import Gone, Loss
from remit.usecases.take_records import Page
from remit_integrations.authorisation import Bearer
from remit_integrations.decoding import lenient, whole
from remit_integrations.feedback.clocks import skew_s, told_time
from remit_integrations.feedback.intercom_conversations import NAME, read_conversation
from remit_integrations.feedback.opening import opening
from remit_integrations.feedback.passing import Passed
from remit_integrations.feedback.places import Place, resumed, scope_of, stored
from remit_integrations.feedback.proofs import hex_hmac, reading
from remit_integrations.feedback.reading import Reader, page_of
from remit_integrations.feedback.settings import Address, Token
from remit_integrations.feedback.walks import Walk, stamped
from remit_integrations.http import Caller
from remit_integrations.keeping import Keeping
from remit_integrations.source import ALONE, FeedbackFeed, Greeting, Shared, Source, SourceKind
from remit_integrations.waits import Patience

VERSION = "2.15"
PAGE = 150
"""The most that a search tells at once."""
ABSENT = 404


class IntercomSettings(BaseModel):
    """`REMIT_INTERCOM_...`: the workspace's address and token, and what signs its webhooks."""

    url: Address = "https://api.intercom.io"
    token: Token
    client_secret: Token | None = None
    """Of the app whose webhooks are sent."""
    client_secret_before: Token | None = None
    segment_attribute: str | None = None
    """The name of the conversation attribute that tells which kind of customer asks."""
    requests_per_minute: float = Field(default=600, gt=0, le=25_000)
    """Of all processes together; Intercom allows an app 10,000, and counts them in windows of ten seconds."""


class IntercomPlace(Place, frozen=True, kw_only=True):
    walk: Walk = field(default_factory=Walk)


class App(Struct):
    name: str | None = None
    id_code: str | None = None


class Me(Struct):
    name: str | None = None
    app: App | None = None


class Team(Struct):
    id: str | int
    name: str | None = None


class Teams(Struct):
    teams: list[Team] | None = None


class Following(Struct):
    starting_after: str | None = None


class Pages(Struct):
    next: Following | None = None


class Found(Struct):
    conversations: list[Raw]
    pages: Pages | None = None


class IntercomFeed(FeedbackFeed):
    """An open connection to one workspace."""

    def __init__(self, call: Caller, settings: IntercomSettings, keeping: Keeping) -> None:
        self._call, self._settings, self._keeping = call, settings, keeping
        self._fresh = IntercomPlace(scope=scope_of(settings.url, settings.segment_attribute or ""))
        self._teams: Mapping[str, str] | None = None

    async def greet(self) -> Greeting:
        answer = await self._call.ask("/me")
        me: Me = whole(answer.body, _ME, "Intercom's answer about who asks")
        app = me.app or App()
        return Greeting(
            " of ".join(filter(None, (me.name, app.name or app.id_code))) or "a token", skew_s(answer.headers)
        )

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """Conversations that changed since the cursor. In which order they are told is not documented."""
        place, passed = resumed(cursor, self._fresh, NAME), Passed()
        read = await self._reader()
        while True:
            walk = place.walk
            answer = await self._call.inquire("/conversations/search", _search(walk))
            found: Found = whole(answer.body, _FOUND, "Intercom's answer about conversations")
            following = found.pages.next if found.pages is not None else None
            token = following.starting_after if following is not None else None
            raws = [bytes(one) for one in found.conversations]
            if not passed.leads_on(walk.token, raws, token):
                raise Unavailable("Intercom's search does not lead on; what was read is kept, try again later")
            told = stamped(raws)
            place = msgspec.structs.replace(place, walk=walk.over(told, token, told_time(answer.headers)))
            yield page_of(walk.news(told), read, NAME, self._keeping, cursor=stored(place))
            if token is None:
                return

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        if not ids:
            return
        read, at = await self._reader(), told_time((await self._call.ask("/me")).headers)
        for id_ in ids:
            try:
                raw = await self._call.get(f"/conversations/{id_}") if _ID.fullmatch(id_) else None
            except Rejected as refused:
                if refused.facts.get("status") != ABSENT:
                    raise
                yield Page(gone=(Gone(NAME, id_, at, Loss.NOT_VISIBLE),), asked_at=at)
            else:
                if raw is not None:
                    yield replace(page_of([raw], read, NAME, self._keeping), asked_at=at)

    async def _reader(self) -> Reader:
        """Reads with the names of teams, which conversations tell by id only."""
        if self._teams is None:
            told: Teams = whole(await self._call.get("/teams"), _TEAMS, "Intercom's answer about teams")
            self._teams = {str(team.id): team.name for team in told.teams or () if team.name}
        return partial(read_conversation, self._teams, self._settings.segment_attribute)


def _search(walk: Walk) -> dict[str, object]:
    """`>` is "greater or equal" for Intercom, which does not matter: the last minutes are asked for again."""
    since = int(walk.since.timestamp()) if walk.since is not None else 0
    pagination = {"per_page": PAGE} | ({"starting_after": walk.token} if walk.token is not None else {})
    return {"query": {"field": "updated_at", "operator": ">", "value": since}, "pagination": pagination}


class Thing(Struct):
    type: object = None
    id: object = None
    conversation_id: object = None


class Data(Struct):
    item: Thing | None = None


class Notification(Struct):
    topic: object = None
    data: Data | None = None


def hint(headers: Mapping[str, str], body: bytes) -> Hint:
    """Which conversation a delivery is about. Raises what decoding raises."""
    told: Notification = lenient(body, _NOTIFICATION)
    topic = told.topic if isinstance(told.topic, str) and _TOPIC.fullmatch(told.topic) else "unnamed"
    item = told.data.item if told.data is not None else None
    if item is None or not topic.startswith("conversation"):
        return Hint(topic)
    named = item.conversation_id if item.conversation_id is not None else item.id
    ids = (str(named),) if type(named) in (str, int) and _ID.fullmatch(str(named)) else ()
    return Hint(topic, ids, ids if topic == "conversation.deleted" else ())


def intercom(settings: IntercomSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """A workspace of Intercom."""
    opened = opening(
        settings.url,
        lambda call: IntercomFeed(call, settings, shared.keeping),
        what="Intercom",
        settings="REMIT_INTERCOM_URL and REMIT_INTERCOM_TOKEN",
        address="REMIT_INTERCOM_URL",
        auth=Bearer(settings.token.get_secret_value()),
        per_second=settings.requests_per_minute / 60,
        shared=shared,
        patience=patience,
        headers={"Intercom-Version": VERSION},
    )
    secrets = (settings.client_secret, settings.client_secret_before)
    proof = hex_hmac("x-hub-signature", "sha1", *secrets)  # the vendor signs with SHA-1 only (2026)
    read = reading(NAME, "REMIT_INTERCOM_CLIENT_SECRET", proof, hint, "x-request-id") if any(secrets) else None
    return Source(NAME, "intercom", opened, read=read)


_ME = msgspec.json.Decoder(Me)
_TEAMS = msgspec.json.Decoder(Teams)
_FOUND = msgspec.json.Decoder(Found)
_NOTIFICATION = msgspec.json.Decoder(Notification)
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_TOPIC = re.compile(r"[a-z_.]{1,100}")
SOURCE = SourceKind(
    NAME, IntercomSettings, lambda settings, shared: intercom(cast("IntercomSettings", settings), shared=shared)
)
