"""A folder of files as a source of feedback: CSV and JSON Lines that anything may drop there."""

import asyncio
import csv
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, cast

import msgspec

from remit.domain.errors import Rejected
from remit.domain.ids import SourceName
from remit.usecases.take_records import Page
from remit_integrations.decoding import glimpsed
from remit_integrations.feedback.declared import Shape, seen_name, understood
from remit_integrations.feedback.places import Place, resumed, scope_of, stored
from remit_integrations.feedback.reading import page_of
from remit_integrations.feedback.shape_settings import ShapeSettings
from remit_integrations.keeping import Keeping
from remit_integrations.source import ALONE, Feed, FeedbackFeed, Greeting, Shared, Source, SourceKind

NAME = SourceName("drop")
ROWS = 500
"""Read at once, and written in one transaction."""
LONGEST_CELL = 16 * 1024 * 1024
SEPARATOR = ";"
"""Between several values in one cell of a CSV."""


class DropSettings(ShapeSettings):
    """`REMIT_DROP_...`: the folder, and which column or path holds what."""

    directory: str


class DropPlace(Place, frozen=True, kw_only=True):
    """`read` has the version of each file that was read to its end; `under_way` a file's name, version and rows."""

    read: dict[str, str] = msgspec.field(default_factory=dict)
    under_way: tuple[str, str, int] | None = None


class DropFeed(FeedbackFeed):
    """A folder. A file is read once, and again from its beginning when it has changed."""

    def __init__(self, folder: Path, shape: Shape, scope: str, keeping: Keeping) -> None:
        self._folder, self._shape, self._keeping = folder, shape, keeping
        self._lists = frozenset(".".join(offered) for offered in shape.offers.values())
        self._fresh = DropPlace(scope=scope)

    async def greet(self) -> Greeting:
        await asyncio.to_thread(self._files)
        return Greeting(str(self._folder), 0.0)

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """File by file in the order of their names; the place within one is a part of the cursor."""
        place = resumed(cursor, self._fresh, NAME)
        for path, version in await asyncio.to_thread(self._files):
            if place.read.get(path.name) == version:
                continue
            begun = place.under_way[2] if place.under_way and place.under_way[:2] == (path.name, version) else 0
            rows = _rows(path, begun, self._lists)
            while batch := await asyncio.to_thread(_next, rows, path):
                begun += len(batch)
                place = msgspec.structs.replace(place, under_way=(path.name, version, begun))
                yield replace(self._page(batch), cursor=stored(place))
            place = msgspec.structs.replace(place, read={**place.read, path.name: version}, under_way=None)
        yield Page(cursor=stored(place))

    def _page(self, rows: list[bytes]) -> Page:
        return page_of(
            rows,
            lambda raw: understood(raw, self._shape, NAME),
            NAME,
            self._keeping,
            seen_id=lambda raw: seen_name(raw, self._shape) or glimpsed(raw),
        )

    def _files(self) -> list[tuple[Path, str]]:
        """Those that hold records, each with what changes when it is written; raises Rejected."""
        try:
            found = sorted(path for path in self._folder.iterdir() if path.suffix.lower() in (".csv", ".jsonl"))
            states = [(path, path.stat()) for path in found if path.is_file()]
        except OSError as wrong:
            told = wrong.strerror or type(wrong).__name__
            raise Rejected(
                f"the folder of REMIT_DROP_DIRECTORY cannot be read ({told}); check that it is there"
            ) from wrong
        return [(path, f"{state.st_mtime_ns}-{state.st_size}") for path, state in states]


def _next(rows: Iterator[bytes], path: Path) -> list[bytes]:
    """The next rows of a file; none of one that is no longer there. Raises Rejected."""
    try:
        return list(islice(rows, ROWS))
    except FileNotFoundError:
        return []  # taken away since the folder was listed
    except OSError as wrong:
        told = wrong.strerror or type(wrong).__name__
        raise Rejected(
            f"the file {path.name} in the folder of REMIT_DROP_DIRECTORY cannot be read ({told}); let Remit read it, "
            "or take it away"
        ) from wrong


def _rows(path: Path, begun: int, lists: frozenset[str]) -> Iterator[bytes]:
    """Each row as JSON, from the one after `begun` rows on; opened when the first is asked for. Broken bytes become
    U+FFFD. A CSV that breaks off in the midst ends there, with a last row that says so and cannot be read.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = _cells(file, lists) if path.suffix.lower() == ".csv" else _lines(file)
        for number, row in enumerate(rows):
            if number >= begun:
                yield row


def _lines(file: IO[str]) -> Iterator[bytes]:
    yield from (line.encode(errors="replace") for line in file if line.strip())


def _cells(file: IO[str], lists: frozenset[str]) -> Iterator[bytes]:
    """Each row as JSON. Cells of the columns in `lists` are taken apart: in a text the separator is a semicolon."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        for row in csv.DictReader(file, restkey="beyond the header"):
            filled = {name: value for name, value in row.items() if value not in (None, "")}
            told = {name: _values(value) if name in lists else value for name, value in filled.items()}
            yield json.dumps(told).encode()
    except csv.Error as wrong:
        yield json.dumps({"broken": str(wrong)}).encode()


def _values(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def drop(settings: DropSettings, shared: Shared = ALONE) -> Source:
    """A folder."""
    folder = Path(settings.directory)
    scope = scope_of(*(f"{name}={value}" for name, value in sorted(settings.model_dump().items())))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        yield DropFeed(folder, settings.shape(), scope, shared.keeping)

    return Source(NAME, "drop", opened, sends=False)


SOURCE = SourceKind(NAME, DropSettings, lambda told, shared: drop(cast("DropSettings", told), shared))
