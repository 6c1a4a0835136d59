"""How Intercom is played before the source contract: by a small stand-in, with derived conversations."""

import hmac
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha1

import msgspec
from pydantic import SecretStr

from remit_integrations.source import Source
from remit_integrations.sources.intercom import IntercomSettings, intercom
from support.desks import AClock
from support.intercom_site import Workspace, a_source
from support.playing import Delivery, Payload, Play, PlayKind
from support.vendor_sites import vendor_server

NEEDED = ("id", "created_at", "updated_at", "state")


@asynccontextmanager
async def played(records: Sequence[Payload]) -> AsyncIterator[Play]:
    workspace = Workspace()
    workspace.load(records)
    async with vendor_server(workspace.site()) as server:
        yield Play(a_source(server.url), AClock(), workspace.load)


def reached(cursor: bytes) -> str:
    return str(msgspec.json.decode(cursor)["walk"]["newest"])


def strange(record: Payload) -> Payload:
    return {**record, "novelty": {"a": [None]}, "source": {**record["source"], "novelty": 7}}


def bare(record: Payload) -> Payload:
    return {name: record[name] for name in NEEDED}


def null(record: Payload) -> Payload:
    return {**dict.fromkeys(record), **bare(record)}


def with_text(record: Payload, text: str) -> Payload:
    return {**record, "source": {**record["source"], "body": f"<p>{text}</p>"}}


def receiving(secret: str) -> Source:
    return intercom(IntercomSettings(token=SecretStr("a-token"), client_secret=SecretStr(secret)))


def delivery(secret: str) -> Delivery:
    item = {"type": "conversation", "id": "215400001"}
    told = {"type": "notification_event", "topic": "conversation.user.created", "data": {"item": item}}
    body = json.dumps(told).encode()
    return {"x-hub-signature": f"sha1={hmac.new(secret.encode(), body, sha1).hexdigest()}"}, body


PLAY = PlayKind(
    payloads="conversations.jsonl",
    id_of=lambda record: record["id"],
    played=played,
    reached=reached,
    strange=strange,
    less=(bare, null),
    receiving=receiving,
    delivery=delivery,
    with_text=with_text,
    follows_clock=False,
)
