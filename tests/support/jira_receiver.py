"""Receives a stand-in's webhooks, and answers them as a test says."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remit.serving import serving


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["x-atlassian-webhook-identifier"]

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = orjson.loads(self.body)
        return told

    def signed_with(self, secret: str) -> bool:
        wanted = f"sha256={hmac.new(secret.encode(), self.body, sha256).hexdigest()}"
        return self.headers.get("x-hub-signature") == wanted


@dataclass(slots=True)
class Receiver:
    """Where it listens and what came. It answers each of `answers` once, and 204 from then on."""

    url: str = ""
    came: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def keys(self) -> list[str]:
        return [one.told["issue"]["key"] for one in self.came]


@asynccontextmanager
async def receiving(*answers: int) -> AsyncIterator[Receiver]:
    receiver = Receiver(answers=list(answers))

    async def take(request: Request) -> Response:
        receiver.came.append(Received(dict(request.headers), await request.body()))
        return Response(status_code=receiver.answers.pop(0) if receiver.answers else 204)

    app = Starlette(routes=[Route("/webhooks/jira", take, methods=["POST"])])
    async with serving(app, "127.0.0.1", 0) as served:
        receiver.url = f"{served.url}/webhooks/jira"
        yield receiver
