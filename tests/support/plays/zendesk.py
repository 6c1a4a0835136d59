"""How Zendesk is played before the source contract: by the stand-in help desk, with drawn tickets."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
from pydantic import SecretStr

from remit_integrations.source import Source
from remit_integrations.sources.zendesk import ZendeskSettings, zendesk
from remit_integrations.standins.helpdesk import deliveries
from remit_integrations.standins.helpdesk.desk import HelpDesk
from remit_integrations.standins.helpdesk.server import helpdesk_server
from support.desks import AClock
from support.jira_site import IMPATIENT
from support.playing import Delivery, Payload, Play, PlayKind

NEEDED = ("id", "created_at", "updated_at", "status")


def a_source(url: str, desk: HelpDesk, **told: object) -> Source:
    settings = {"url": url, "email": desk.email, "token": SecretStr(desk.token), **told}
    return zendesk(ZendeskSettings.model_validate(settings), IMPATIENT)


@asynccontextmanager
async def played(records: Sequence[Payload]) -> AsyncIterator[Play]:
    clock = AClock()
    desk = HelpDesk(clock=clock)
    desk.load(records)
    async with helpdesk_server(desk) as server:
        yield Play(a_source(server.url, desk), clock, desk.load)


def reached(cursor: bytes) -> list[str]:
    return base64.b64decode(msgspec.json.decode(cursor)["after"]).decode().split("|")


def strange(record: Payload) -> Payload:
    metrics = {**record["metric_set"], "novelty": [1]}
    audits = [{**one, "novelty": {"b": 1}, "metadata": {"system": {}}} for one in record["audits"]]
    rated = {"satisfaction_rating": {"score": "offered"}, "metric_set": metrics, "audits": audits}
    return {**record, "novelty": {"a": [None]}, **rated}


def bare(record: Payload) -> Payload:
    return {name: record[name] for name in NEEDED}


def null(record: Payload) -> Payload:
    return {**dict.fromkeys(record), "status": "new", "group": {}, "metric_set": {}, **bare(record)}


def receiving(secret: str) -> Source:
    told = {"url": "https://acme.zendesk.com", "token": SecretStr("a-token"), "webhook_secret": SecretStr(secret)}
    return zendesk(ZendeskSettings.model_validate(told))


def delivery(secret: str) -> Delivery:
    return deliveries.delivery(secret, {"id": 35_001}, datetime.now(UTC))


PLAY = PlayKind(
    payloads="tickets.jsonl",
    id_of=lambda record: str(record["id"]),
    played=played,
    reached=reached,
    strange=strange,
    less=(bare, null),
    receiving=receiving,
    delivery=delivery,
    with_text=lambda record, text: {**record, "subject": "", "description": text},
    follows_clock=False,
)
