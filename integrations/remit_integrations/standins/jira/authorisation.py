"""Plays the vendor's authorisation server: refresh tokens that are good once, and the end of all when one is stolen."""

import secrets
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remit.serving import Served, serving
from remit_integrations.standins.jira.site import Site

LEEWAY = timedelta(minutes=10)
"""For so long a token may be used again after its first use, as for an answer that was lost (Atlassian, 2021-12)."""
UNUSED = timedelta(days=90)


@dataclass(slots=True)
class Refresh:
    """A refresh token: which consent it comes of, since when, and when it was first used."""

    consent: int
    since: datetime
    used_at: datetime | None = None


@dataclass(slots=True)
class Authority:
    """What one app may do at a site. Its clock is the site's."""

    site: Site
    client_id: str = "stand-in-app"
    client_secret: str = "stand-in-app-secret-of-a-fitting-length"
    lasts_s: int = 3600
    loses: int = 0
    """So many answers are lost on their way, though what they told is in force."""
    asked: deque[str] = field(default_factory=lambda: deque(maxlen=1000))
    """The refresh tokens of all askers, in order."""
    tokens: dict[str, Refresh] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    consents: int = 0

    def consent(self) -> str:
        """A person lets the app in; the refresh token to begin with."""
        self.consents += 1
        return self._refresh(self.consents)

    def renewed(self, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The answer to a request for tokens."""
        if (told.get("client_id"), told.get("client_secret")) != (self.client_id, self.client_secret):
            return 401, {"error": "access_denied", "error_description": "Unauthorized"}
        refresh = str(told.get("refresh_token"))
        self.asked.append(refresh)
        now, one = self.site.clock(), self.tokens.get(refresh)
        if one is not None and one.used_at is not None and now - one.used_at > LEEWAY:
            self.ended.add(one.consent)  # used again so late it may be stolen
        if one is None or one.consent in self.ended or now - one.since > UNUSED:
            return 403, {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."}
        one.used_at = one.used_at or now
        access = secrets.token_urlsafe(16)
        self.site.app_tokens.add(access)
        return 200, {
            "access_token": access,
            "refresh_token": self._refresh(one.consent),
            "expires_in": self.lasts_s,
            "token_type": "Bearer",
            "scope": "offline_access read:jira-work read:jira-user manage:jira-webhook",
        }

    def _refresh(self, consent: int) -> str:
        token = secrets.token_urlsafe(16)
        self.tokens[token] = Refresh(consent, self.site.clock())
        return token


@asynccontextmanager
async def authorisation_server(authority: Authority) -> AsyncIterator[Served]:
    """Serve an authority on loopback."""

    async def token(request: Request) -> Response:
        told = orjson.loads(await request.body())
        if told.get("grant_type") != "refresh_token":
            return _answer(400, {"error": "unsupported_grant_type"})
        status, body = authority.renewed(told)
        if status == 200 and authority.loses:
            authority.loses -= 1
            return _answer(502, {})
        return _answer(status, body)

    async with serving(Starlette(routes=[Route("/oauth/token", token, methods=["POST"])]), "127.0.0.1", 0) as served:
        yield served


def _answer(status: int, body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
