"""Lets an app in: an access token for an hour, renewed with a refresh token that is good once (OAuth 2.0, 3LO).

Each renewal brings another refresh token, and the former one is void (Atlassian: OAuth 2.0 apps; announced 2021-12):
one that is used again later than ten minutes after ends all of them, and a person has to consent anew. Hence only one
process renews at a time, and what it got is kept before it is used. Where it is killed in between, the former token is
what is kept, and it is good for the rest of the ten minutes.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated

import httpx
import msgspec
import structlog
from msgspec import Struct
from pydantic import SecretStr

from remit.domain.errors import Rejected, Unavailable
from remit.domain.ids import SourceName
from remit.ports import Pace, Vault
from remit_integrations.authorisation import Authorisation, InBody
from remit_integrations.http import calling
from remit_integrations.waits import Patience

log = structlog.get_logger()

BEFORE_ITS_END = timedelta(minutes=5)
"""How long before it runs out an access token is renewed."""
YOUNG = timedelta(minutes=5)
"""An access token that was got so lately and is refused is not at fault: the app lacks a scope for what it asked."""
ATTEMPTS = 3
RENEWALS_PER_SECOND = 1.0
"""Of all processes together; one an hour is what is needed."""
APP = "REMIT_JIRA_CLIENT_ID and REMIT_JIRA_CLIENT_SECRET"
AGAIN = "authorise the app again and put the new refresh token in REMIT_JIRA_REFRESH_TOKEN"

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class App:
    """An app, and the refresh token it begins with."""

    client_id: str
    client_secret: SecretStr
    first: SecretStr
    authorisation_url: str


class Granted(Struct, frozen=True):
    """What is kept of an app: its tokens, and the digests of those it ever began with.

    A token that was begun with is never begun with again: whatever came of it since is newer, also to a process whose
    settings are older.
    """

    access: str
    refresh: str
    got_at: Instant
    ends_at: Instant
    begun_with: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Granted(ends_at={self.ends_at})"


class Told(Struct, frozen=True):
    """An authorisation server's answer."""

    access_token: str
    expires_in: float
    refresh_token: str | None = None


def now() -> datetime:
    return datetime.now(UTC)


class Access:
    """The access token of one app, in force for every task and process that shares the vault."""

    def __init__(
        self,
        app: App,
        source: SourceName,
        vault: Vault,
        patience: Patience | None = None,
        clock: Callable[[], datetime] = now,
        pace: Pace | None = None,
    ) -> None:
        """`pace` is that of the authorisation server, whose wishes every process keeps."""
        self._app, self._source, self._vault, self._patience, self._clock = app, source, vault, patience, clock
        self._pace = pace
        self._first = sha256(app.first.get_secret_value().encode()).hexdigest()
        self._one_at_a_time = asyncio.Lock()
        self._known: Granted | None = None
        self._unkept: tuple[bytes | None, bytes] | None = None

    async def token(self, refused: str | None = None) -> str:
        """An access token that has not run out, and another one than a refused one if that is at fault.

        Raises Rejected when a person has to act, Unavailable, Limited, and Broken when it cannot be kept.
        """
        async with self._one_at_a_time:
            if self._known is not None and self._serves(self._known, refused):
                return self._known.access
            held = await self._vault.held(self._source)
            for _ in range(ATTEMPTS):  # another process may renew, and what it got may have run out in turn
                granted = _read(held)
                if granted is not None and self._serves(granted, refused):
                    break
                held = await self._vault.renew(self._source, held, self._renewed)
                self._unkept = None
            else:
                raise Unavailable(
                    "the tokens of the app that reads Jira run out as soon as they are got; check the clocks"
                )
            self._known = granted
            return granted.access

    def secrets(self) -> Collection[str]:
        """What must not be quoted."""
        known = (self._known.access, self._known.refresh) if self._known is not None else ()
        return (*known, self._app.client_secret.get_secret_value(), self._app.first.get_secret_value())

    def _serves(self, granted: Granted, refused: str | None) -> bool:
        if self._first not in granted.begun_with:
            return False
        at = self._clock()
        spare = min(BEFORE_ITS_END, (granted.ends_at - granted.got_at) / 2)
        if at >= granted.ends_at - spare:
            return False
        return granted.access != refused or at - granted.got_at < YOUNG

    async def _renewed(self, held: bytes | None) -> bytes:
        """The secret that takes the place of the held one. What was got and could not be kept is not got twice."""
        if self._unkept is not None and self._unkept[0] == held:
            return self._unkept[1]
        before = _read(held)
        begun_with = before.begun_with if before is not None else ()
        if before is not None and self._first in begun_with:
            refresh = before.refresh
        else:
            refresh, begun_with = self._app.first.get_secret_value(), (*begun_with, self._first)
        told = await self._asked(refresh)
        at = self._clock()
        granted = Granted(
            told.access_token,
            told.refresh_token or refresh,
            at,
            at + timedelta(seconds=told.expires_in),
            begun_with,
        )
        log.info("jira.token_renewed", source=self._source, lasts_s=round(told.expires_in))
        self._unkept = (held, msgspec.json.encode(granted))
        return self._unkept[1]

    async def _asked(self, refresh: str) -> Told:
        """A lost answer is asked for again: the token is good for ten minutes more."""
        secret = self._app.client_secret.get_secret_value()
        body = {
            "grant_type": "refresh_token",
            "client_id": self._app.client_id,
            "client_secret": secret,
            "refresh_token": refresh,
        }
        async with calling(
            self._app.authorisation_url,
            what="Jira's authorisation server",
            settings=APP,
            address="REMIT_JIRA_AUTHORISATION_URL",
            auth=InBody(secret, refresh),
            patience=self._patience,
            pace=self._pace,
        ) as call:
            try:
                answer = await call.post("/oauth/token", body)
            except Rejected as refused:
                sentence = _explained(refused)
                if sentence is None:
                    raise
                raise Rejected(sentence, **refused.facts) from refused
        return _told(answer)


class Entering(Authorisation):
    """Signs requests with an app's access token; a refused one is renewed once, and the request sent again."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self._access.token()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return
        another = await self._access.token(refused=token)
        if another != token:
            request.headers["Authorization"] = f"Bearer {another}"
            yield request

    def secrets(self) -> Collection[str]:
        return self._access.secrets()


def _read(held: bytes | None) -> Granted | None:
    """What is kept; None when there is nothing, or nothing of ours."""
    try:
        return msgspec.json.decode(held, type=Granted) if held is not None else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        log.warning("jira.token_unreadable")
        return None


def _told(answer: bytes) -> Told:
    """Raises Unavailable for what is no token; the answer is not quoted, nor is what went wrong with it."""
    try:
        told = msgspec.json.decode(answer, type=Told)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        told = None
    sendable = told is not None and all(
        len(token) > 0 and token.isascii() and token.isprintable() and " " not in token
        for token in (told.access_token, told.refresh_token or told.access_token)
    )
    if told is None or not sendable or not 0 < told.expires_in < timedelta(days=365).total_seconds():
        raise Unavailable("Jira's authorisation server answered no token that can be used; try again later")
    return told


def _explained(refused: Rejected) -> str | None:
    """By the code the server gives (RFC 6749, 5.2; it answers 403 where that has 400); None for another one."""
    told = str(refused.facts.get("told", ""))
    if "invalid_grant" in told:
        return (
            "Jira's authorisation server no longer takes the app's refresh token, which is good once, for 90 days "
            f"without use and for a year in all; {AGAIN}"
        )
    if any(code in told for code in ("invalid_client", "access_denied", "unauthorized_client")):
        return f"Jira's authorisation server does not know the app; check {APP}"
    return None
