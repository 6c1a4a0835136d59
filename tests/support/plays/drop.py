"""How a folder is played before the source contract: by a folder."""

import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from remit_integrations.sources.drop import DropSettings, drop
from support.desks import AClock
from support.playing import Payload, Play, PlayKind

NEEDED = ("id", "created")
STATES = "open=new, planned=triaged, done=closed"


@asynccontextmanager
async def played(records: Sequence[Payload]) -> AsyncIterator[Play]:
    with tempfile.TemporaryDirectory() as folder:

        def load(told: Sequence[Payload]) -> None:
            Path(folder, "records.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in told), encoding="utf-8")

        load(records)
        yield Play(drop(DropSettings(directory=folder, states=STATES, segment="plan")), AClock(), load)


def reached(cursor: bytes) -> tuple[int, int]:
    place = msgspec.json.decode(cursor)
    return len(place["read"]), place["under_way"][2] if place["under_way"] else 0


def strange(record: Payload) -> Payload:
    return {**record, "novelty": {"a": [None]}, "tags": [*record["tags"], None, {"b": 1}]}


def bare(record: Payload) -> Payload:
    return {name: record[name] for name in NEEDED}


def null(record: Payload) -> Payload:
    return {**dict.fromkeys(record), **bare(record)}


PLAY = PlayKind(
    payloads="records.jsonl",
    id_of=lambda record: record["id"],
    played=played,
    reached=reached,
    strange=strange,
    less=(bare, null),
    with_text=lambda record, text: {**record, "text": text},
    follows_clock=False,
)
