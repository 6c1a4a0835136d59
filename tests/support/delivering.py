"""Deliveries as Jira signs them, and where they are received: `async with received(inbox) as door`."""

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from remit.ports import Inbox
from remit.rest import problems
from remit.serving import serving
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.source import Source
from remit_integrations.sources.jira import jira
from remit_integrations.webhooks import Room, webhook_routes

SECRET = "It's a Secret to Everybody"


def a_body(id_: str = "10001", event: str = "jira:issue_updated", **told: Any) -> bytes:
    """What a webhook tells of an issue."""
    return json.dumps({"webhookEvent": event, "issue": {"id": id_}} | told).encode()


def signed(body: bytes, id_: str | None = "d-1", secret: str = SECRET) -> dict[str, str]:
    """The headers of a delivery."""
    named = {"X-Atlassian-Webhook-Identifier": id_} if id_ is not None else {}
    return {"X-Hub-Signature": f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}", **named}


def a_jira(secret: str | None = SECRET) -> Source:
    """A Jira that is never asked; its webhook has this secret."""
    told = SecretStr(secret) if secret is not None else None
    site = "https://acme.example"
    return jira(JiraSettings(url=site, email="a@acme.example", token=SecretStr("t"), webhook_secret=told))


@asynccontextmanager
async def received(inbox: Inbox, *sources: Source, room: Room | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that receives for these sources."""
    app = FastAPI()
    problems.install(app)
    app.include_router(webhook_routes(lambda: sources, lambda: inbox, room))
    async with (
        serving(app, "127.0.0.1", 0) as served,
        httpx.AsyncClient(base_url=served.url, trust_env=False, timeout=30) as client,
    ):
        yield client
