"""What every source promises, whoever adds it: a file in `sources/` and one in `support/plays/` are tested here."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from remit.domain.errors import Forbidden
from remit.usecases.take_records import Page
from remit_integrations import sources
from remit_integrations.catalogue import source_kinds
from remit_integrations.source import Source, SourceKind
from support.playing import Payload, PlayKind, play_of

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "sources.md"
KINDS = source_kinds()
SECRET = "one-that-both-know"
ADDRESS = "somebody@customer.example"


def recorded(kind: str) -> list[Payload]:
    """The records that the payloads of a kind of source hold."""
    return [json.loads(line) for line in (HERE / "payloads" / kind / play_of(kind).payloads).read_text().splitlines()]


async def run(source: Source, cursor: bytes | None = None) -> list[Page]:
    async with source.open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


def items(pages: Sequence[Page]) -> list[Any]:
    return [pulled.item for page in pages for pulled in (*page.items, *page.feedback)]


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> SourceKind:
    return KINDS[request.param]


@pytest.fixture
def play(kind: SourceKind) -> PlayKind:
    return play_of(kind.name)


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


async def test_its_records_are_read_and_twice_gives_the_same(kind: SourceKind, play: PlayKind) -> None:
    records = recorded(kind.name)
    async with play.played(records) as played:
        first, second = await run(played.source), await run(played.source)
    assert {item.id for item in items(first)} == {play.id_of(record) for record in records}
    assert [page.parked for page in first] == [()] * len(first)
    assert first == second


async def test_unknown_and_missing_fields_are_survived(kind: SourceKind, play: PlayKind) -> None:
    records = recorded(kind.name)
    async with play.played(records) as played:
        plain = items(await run(played.source))
        played.replace([play.strange(record) for record in records])
        assert items(await run(played.source)) == plain
        for less in play.less:
            played.replace([less(record) for record in records])
            assert len(items(await run(played.source))) == len(records)


async def test_its_cursor_never_moves_back(kind: SourceKind, play: PlayKind) -> None:
    async with play.played(recorded(kind.name)) as played:
        cursor, reached = None, []
        for _ in range(4):
            for page in await run(played.source, cursor):
                assert page.cursor is not None
                cursor = page.cursor
                reached.append(play.reached(cursor))
            played.clock.goes_on(hours=0.7)
    assert reached == sorted(reached)
    if play.follows_clock:
        assert reached[-1] - reached[0] == timedelta(hours=2.1)


async def test_there_is_a_last_page_though_nothing_is_new(kind: SourceKind, play: PlayKind) -> None:
    async with play.played(recorded(kind.name)) as played:
        cursor = (await run(played.source))[-1].cursor
        played.clock.goes_on(days=30)
        pages = await run(played.source, cursor)
    assert [(items([page]), page.parked) for page in pages] == [([], ())]
    assert pages[-1].cursor is not None
    assert (pages[-1].cursor != cursor) is play.follows_clock


def test_a_delivery_with_a_bad_signature_is_refused(play: PlayKind) -> None:
    if play.receiving is None or play.delivery is None:
        assert (play.receiving, play.delivery) == (None, None)
        return
    read = play.receiving(SECRET).read
    assert read is not None
    good, body = play.delivery(SECRET)
    assert json.loads(read(good, body).body) == json.loads(body)
    for headers, told in ((good, body + b" "), ({}, body), (play.delivery("another-secret")[0], body)):
        with pytest.raises(Forbidden):
            read(headers, told)


async def test_no_address_leaves_its_records(kind: SourceKind, play: PlayKind) -> None:
    if play.with_text is None:
        assert not items([page for page in await _pages(play, recorded(kind.name)) if page.feedback])
        return
    told = f"Write to {ADDRESS} please. " + "It fails. " * 200
    pages = await _pages(play, [play.with_text(record, told) for record in recorded(kind.name)])
    assert {pulled.item.excerpt[:27] for page in pages for pulled in page.feedback} == {"Write to [address] please. "}
    assert ADDRESS not in repr(pages)
    assert "It fails. " * 50 not in repr(pages)


async def _pages(play: PlayKind, records: Sequence[Payload]) -> list[Page]:
    async with play.played(records) as played:
        return await run(played.source)
