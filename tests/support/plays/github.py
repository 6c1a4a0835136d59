"""How GitHub is played before the source contract: by a small stand-in, with recorded issues."""

import hmac
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256

import msgspec
from pydantic import SecretStr

from remit_integrations.source import Source
from remit_integrations.sources.github import GithubSettings, github
from support.desks import AClock
from support.github_site import REPOSITORY, Repository, a_source
from support.playing import Delivery, Payload, Play, PlayKind
from support.vendor_sites import vendor_server

NEEDED = ("id", "number", "created_at", "updated_at", "state", "createdAt", "updatedAt")


@asynccontextmanager
async def played(records: Sequence[Payload]) -> AsyncIterator[Play]:
    repository = Repository()
    repository.load(records)
    async with vendor_server(repository.site()) as server:
        yield Play(a_source(server.url), AClock(), repository.load)


def reached(cursor: bytes) -> tuple[str, ...]:
    walks = msgspec.json.decode(cursor)["walks"]
    return tuple(walks.get(f"{REPOSITORY}{name}", {"newest": ""})["newest"] for name in ("#0", "/discussions/0"))


def id_of(record: Payload) -> str:
    if "issue" in record:
        return f"{REPOSITORY}#{record['issue']['number']}"
    return f"{REPOSITORY}/discussions/{record['discussion']['number']}"


def _with(record: Payload, **said: object) -> Payload:
    name = "issue" if "issue" in record else "discussion"
    return {**record, name: {**record[name], **said}}


def strange(record: Payload) -> Payload:
    return _with(record, novelty={"a": [None]}, reactions={"+1": "many"})


def bare(record: Payload) -> Payload:
    name = "issue" if "issue" in record else "discussion"
    return {name: {key: told for key, told in record[name].items() if key in NEEDED}}


def null(record: Payload) -> Payload:
    name = "issue" if "issue" in record else "discussion"
    return {name: {**dict.fromkeys(record[name]), **bare(record)[name]}}


def receiving(secret: str) -> Source:
    told = {"token": SecretStr("a-token"), "repositories": REPOSITORY, "webhook_secret": SecretStr(secret)}
    return github(GithubSettings.model_validate(told))


def delivery(secret: str) -> Delivery:
    body = json.dumps({"action": "opened", "issue": {"number": 1}, "repository": {"full_name": REPOSITORY}}).encode()
    proof = f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"
    return {"x-hub-signature-256": proof, "x-github-event": "issues", "x-github-delivery": "72d3162e"}, body


PLAY = PlayKind(
    payloads="records.jsonl",
    id_of=id_of,
    played=played,
    reached=reached,
    strange=strange,
    less=(bare, null),
    receiving=receiving,
    delivery=delivery,
    with_text=lambda record, text: _with(record, title="", body=text),
    follows_clock=False,
)
