"""How Productboard is played before the source contract: by a small stand-in, with derived notes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from support.desks import AClock
from support.playing import Payload, Play, PlayKind
from support.productboard_site import Board, a_source
from support.vendor_sites import vendor_server

NEEDED = ("id", "createdAt", "updatedAt")


@asynccontextmanager
async def played(records: Sequence[Payload]) -> AsyncIterator[Play]:
    board = Board()
    board.load(records)
    async with vendor_server(board.site()) as server:
        yield Play(a_source(server.url), AClock(), board.load)


def reached(cursor: bytes) -> tuple[str, ...]:
    walks = msgspec.json.decode(cursor)["walks"]
    return tuple(walks.get(archived, {"newest": ""})["newest"] for archived in ("false", "true"))


def strange(record: Payload) -> Payload:
    return {**record, "novelty": {"a": [None]}, "fields": {**record["fields"], "novelty": 7}}


def bare(record: Payload) -> Payload:
    return {name: record[name] for name in NEEDED}


def null(record: Payload) -> Payload:
    return {**record, "fields": dict.fromkeys(record["fields"]), "type": None, "metadata": None}


def with_text(record: Payload, text: str) -> Payload:
    return {**record, "fields": {**record["fields"], "name": None, "content": f"<p>{text}</p>"}}


PLAY = PlayKind(
    payloads="notes.jsonl",
    id_of=lambda record: record["id"],
    played=played,
    reached=reached,
    strange=strange,
    less=(bare, null),
    with_text=with_text,
    follows_clock=False,
)
