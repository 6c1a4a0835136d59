"""What every source promises, whoever adds it: a file in `sources/` is enough to be tested here."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from remit.usecases.take_records import Page
from remit_integrations import sources
from remit_integrations.catalogue import source_kinds
from remit_integrations.source import Source, SourceKind
from support.desks import AClock
from support.jira_site import a_site, a_source, served

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "sources.md"
KINDS = source_kinds()

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Play:
    """How a source is played: its stand-in with these records, and the source's clock to set."""

    source: Source
    clock: AClock
    replace: Callable[[Sequence[Payload]], None]
    reached: Callable[[bytes], datetime]
    """How far the source has been read, as a cursor says."""


@asynccontextmanager
async def jira(records: Sequence[Payload]) -> AsyncIterator[Play]:
    clock = AClock()
    site = a_site(*records, clock=clock)
    async with served(site) as server:
        yield Play(a_source(server.url, site), clock, site.load, read_cursor)


def read_cursor(cursor: bytes) -> datetime:
    return msgspec.convert(msgspec.json.decode(cursor)["started_at"], datetime)


PLAYS: Mapping[str, Callable[[Sequence[Payload]], Any]] = {"jira": jira}
"""One entry a source: the stand-in that plays its vendor."""


def recorded(kind: str) -> list[Payload]:
    """The records that `payloads/<source>/issues.jsonl` holds."""
    return [json.loads(line) for line in (HERE / "payloads" / kind / "issues.jsonl").read_text().splitlines()]


async def run(source: Source, cursor: bytes | None = None) -> list[Page]:
    async with source.open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> SourceKind:
    return KINDS[request.param]


def test_a_file_is_a_registration() -> None:
    files = {path.stem for path in Path(sources.__path__[0]).glob("*.py")} - {"__init__"}
    assert {name: one.name for name, one in KINDS.items()} == {name: name for name in files}


def test_it_has_recorded_payloads_with_their_origin_and_licence(kind: SourceKind) -> None:
    readme = (HERE / "payloads" / kind.name / "README.md").read_text()
    assert recorded(kind.name)
    assert "Origin:" in readme
    assert "Licence:" in readme


def test_each_of_its_settings_is_documented(kind: SourceKind) -> None:
    document = DOCUMENT.read_text()
    names = [f"REMIT_{kind.name.upper()}_{field.upper()}" for field in kind.settings.model_fields]
    assert [name for name in names if f"`{name}`" not in document] == []


async def test_its_records_are_read_and_twice_gives_the_same(kind: SourceKind) -> None:
    records = recorded(kind.name)
    async with PLAYS[kind.name](records) as play:
        first, second = await run(play.source), await run(play.source)
    assert {pulled.item.id for page in first for pulled in page.items} == {record["id"] for record in records}
    assert [page.parked for page in first] == [()] * len(first)
    assert first == second


async def test_unknown_and_missing_fields_are_survived(kind: SourceKind) -> None:
    records = recorded(kind.name)
    strange = [
        {**one, "novelty": {"a": [None]}, "fields": {**one["fields"], "novelty": 7, "customfield_1": []}}
        for one in records
    ]
    needed = ("project", "created", "updated")
    bare = [{**one, "fields": {name: one["fields"][name] for name in needed}} for one in records]
    null = [
        {**one, "fields": {**dict.fromkeys(one["fields"]), **few["fields"]}}
        for one, few in zip(records, bare, strict=True)
    ]
    async with PLAYS[kind.name](records) as play:
        plain = items(await run(play.source))
        play.replace(strange)
        assert items(await run(play.source)) == plain
        for less in (bare, null):
            play.replace(less)
            assert len(items(await run(play.source))) == len(records)


def items(pages: Sequence[Page]) -> list[Any]:
    return [pulled.item for page in pages for pulled in page.items]


async def test_its_cursor_never_moves_back(kind: SourceKind) -> None:
    async with PLAYS[kind.name](recorded(kind.name)) as play:
        cursor, reached = None, []
        for _ in range(4):
            for page in await run(play.source, cursor):
                assert page.cursor is not None
                cursor = page.cursor
                reached.append(play.reached(cursor))
            play.clock.goes_on(hours=0.7)
    assert reached == sorted(reached)
    assert reached[-1] - reached[0] == timedelta(hours=2.1)


async def test_there_is_a_last_page_though_nothing_is_new(kind: SourceKind) -> None:
    async with PLAYS[kind.name](recorded(kind.name)) as play:
        cursor = (await run(play.source))[-1].cursor
        play.clock.goes_on(days=30)
        (page,) = await run(play.source, cursor)
    assert (page.items, page.parked) == ((), ())
    assert page.cursor is not None
    assert page.cursor != cursor
