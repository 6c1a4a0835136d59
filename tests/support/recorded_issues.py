"""Recorded issues as a vendor told them, and a desk that has read them by the product's own readers."""

import json
import lzma
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from remit.domain.records import BacklogEvent, Pulled, Reference
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from remit_integrations.jira.history import embedded_history, events
from remit_integrations.jira.payloads import IssueReader
from remit_integrations.jira.references import read_as
from support.desks import JIRA, AClock, a_desk

PAYLOADS = Path(__file__).parents[1] / "integrations" / "payloads" / "jira"
READ_AT = datetime(2026, 11, 23, tzinfo=UTC)
Raw = Mapping[str, Any]


def lines(text: str) -> list[Raw]:
    return [json.loads(line) for line in text.split("\n") if line.strip()]  # texts hold other ends of lines


@cache
def archive() -> Sequence[Raw]:
    """6,686 issues of four projects, without any history."""
    return lines(lzma.open(PAYLOADS / "four-projects.jsonl.xz", "rt", encoding="utf-8").read())


@cache
def histories() -> Sequence[Raw]:
    """33 issues with whole histories."""
    return lines(lzma.open(PAYLOADS / "whole-histories.jsonl.xz", "rt", encoding="utf-8").read())


@cache
def statuses() -> Sequence[Raw]:
    return lines((PAYLOADS / "statuses.jsonl").read_text(encoding="utf-8"))


def known_statuses() -> Sequence[Reference]:
    """The same as the product reads them."""
    return read_as(JIRA, "status", [json.dumps(status).encode() for status in statuses()])


async def a_recorded_desk(model: str, told: Iterable[Raw], references: Sequence[Reference] = ()) -> Desk:
    """What the product makes of payloads, by its own readers and its own way in."""
    desk, reader = await a_desk(clock=AClock(READ_AT), model=model), IssueReader(JIRA)
    await desk.mirror.refer(JIRA, references)
    bodies = [json.dumps(raw).encode() for raw in told]
    read = [reader.read(body) for body in bodies]
    changes: list[BacklogEvent] = []
    for body in bodies:
        id_, entries = embedded_history(body)
        changes += [event for entry in entries for event in events(JIRA, id_, entry)]
    items = tuple(record for record in read if isinstance(record, Pulled))
    assert len(items) == len(bodies)
    await take_records(desk, JIRA, Page(items, tuple(changes)))
    return desk
