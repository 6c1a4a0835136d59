"""How Jira is played before the source contract: by its stand-in, with recorded issues."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec
from pydantic import SecretStr

from remit_integrations.jira.settings import JiraSettings
from remit_integrations.source import Source
from remit_integrations.sources.jira import jira
from support.desks import AClock
from support.jira_site import a_site, a_source, served
from support.playing import Delivery, Payload, Play, PlayKind, hub_signed

NEEDED = ("project", "created", "updated")


@asynccontextmanager
async def played(records: Sequence[Payload]) -> AsyncIterator[Play]:
    clock = AClock()
    site = a_site(*records, clock=clock)
    async with served(site) as server:
        yield Play(a_source(server.url, site), clock, site.load)


def reached(cursor: bytes) -> datetime:
    return msgspec.convert(msgspec.json.decode(cursor)["started_at"], datetime)


def strange(record: Payload) -> Payload:
    return {**record, "novelty": {"a": [None]}, "fields": {**record["fields"], "novelty": 7, "customfield_1": []}}


def bare(record: Payload) -> Payload:
    return {**record, "fields": {name: record["fields"][name] for name in NEEDED}}


def null(record: Payload) -> Payload:
    return {**record, "fields": {**dict.fromkeys(record["fields"]), **bare(record)["fields"]}}


def receiving(secret: str) -> Source:
    account = {"email": "sync@acme.example", "token": SecretStr("a-token")}
    told = {"url": "https://acme.example", "webhook_secret": SecretStr(secret), **account}
    return jira(JiraSettings.model_validate(told))


def delivery(secret: str) -> Delivery:
    body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}}).encode()
    return hub_signed(secret, body)


PLAY = PlayKind(
    payloads="issues.jsonl",
    id_of=lambda record: record["id"],
    played=played,
    reached=reached,
    strange=strange,
    less=(bare, null),
    receiving=receiving,
    delivery=delivery,
)
