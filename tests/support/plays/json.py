"""How JSON over HTTP is played before the source contract: by a board of wishes."""

import json as encoding
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from pydantic import SecretStr

from remit.serving import serving
from remit_integrations.feedback.json_settings import JsonSettings
from remit_integrations.source import Source
from remit_integrations.sources.json import json
from support.board import Board, board_app
from support.desks import AClock
from support.jira_site import IMPATIENT
from support.playing import Delivery, Payload, Play, PlayKind, hub_signed
from support.plays.drop import STATES, bare, null, strange

DECLARED = {
    "path": "/posts",
    "items": "data.posts",
    "paging": "cursor",
    "cursor": "next",
    "parameter": "cursor",
    "since_parameter": "since",
    "item_path": "/posts/{id}",
    "states": STATES,
    "segment": "plan",
}


def a_source(url: str, **told: Any) -> Source:
    declared = {**DECLARED, "url": url, "credentials": SecretStr("Bearer a-token"), **told}
    return json(JsonSettings.model_validate(declared), IMPATIENT)


@asynccontextmanager
async def played(records: Sequence[Payload]) -> AsyncIterator[Play]:
    board = Board()
    board.load(records)
    async with serving(board_app(board), "127.0.0.1", 0) as server:
        yield Play(a_source(server.url), AClock(), board.load)


def reached(cursor: bytes) -> tuple[str, int]:
    place = msgspec.json.decode(cursor)
    return place["newest"] or "", int(place["token"] or 0)


def receiving(secret: str) -> Source:
    return a_source("https://board.example", webhook_secret=SecretStr(secret), webhook_header="X-Hub-Signature")


def delivery(secret: str) -> Delivery:
    return hub_signed(secret, encoding.dumps({"id": "P-100"}).encode())


PLAY = PlayKind(
    payloads="records.jsonl",
    id_of=lambda record: record["id"],
    played=played,
    reached=reached,
    strange=strange,
    less=(bare, null),
    receiving=receiving,
    delivery=delivery,
    with_text=lambda record, text: {**record, "text": text},
    follows_clock=False,
)
