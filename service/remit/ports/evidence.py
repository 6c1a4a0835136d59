"""Keeps how every record went, by the area it belongs to: what signals are computed from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from remit.domain.courses import Courses, Moving, NamedCourses
from remit.domain.evidence import Acts, Course, RecordKind
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Window
from remit.domain.records import History, Reference, SeenEvent
from remit.domain.tallies import Tally
from remit.ports.days import DayStore


@dataclass(frozen=True, slots=True)
class Basis:
    """Digests of what the courses of a source rest on: its statuses' categories, and the selectors of all areas.

    An empty one stands for courses that are not there yet, `OUTDATED` for such as rest on different ones.
    """

    statuses: str = ""
    selectors: str = ""


NO_BASIS = Basis()
OUTDATED = "outdated"


class EvidenceStore(Protocol):
    """The courses of all records. They are written by `MirrorStore.take`, with the records themselves."""

    @property
    def days(self) -> DayStore:
        """What they came to on the days that have ended."""
        ...

    async def changes(self, source: SourceName, ids: Collection[str]) -> Mapping[str, tuple[SeenEvent, ...]]:
        """All changes told of these items; those without any are absent."""
        ...

    async def statuses(self, source: SourceName) -> Sequence[Reference]:
        """The statuses of a source."""
        ...

    async def courses(self, areas: Sequence[AreaKey]) -> Courses:
        """The courses of all records of these areas, in one statement."""
        ...

    async def named(self, areas: Sequence[AreaKey], kinds: Collection[RecordKind]) -> NamedCourses:
        """Those of these kinds, and whose they are, in one statement."""
        ...

    async def acts(self, areas: Collection[AreaKey], window: Window) -> tuple[Acts, ...]:
        """Who did what in these areas within a window, as often as they did so, by source, account, area and trace.

        A trace is the changed field's name in small letters, custom fields apart, and what one change did to a field
        counts once; what is dated after it was read counts when it was read. Of feedback a trace is `feedback` and the
        act's kind. Of a source what nobody is named for comes last.
        """
        ...

    async def silent(self) -> Mapping[RecordKind, frozenset[SourceName]]:
        """Of each kind the sources that have records, and never told who did anything with one of them."""
        ...

    async def basis(self) -> Mapping[SourceName, Basis]:
        """Of each source of which items are mirrored."""
        ...

    async def after(self, source: SourceName, id_: str, most: int) -> tuple[tuple[History, datetime | None], ...]:
        """So many items with all their changes, and since when each is gone, by id, from the one after `id_` on."""
        ...

    async def rewrite(self, courses: Sequence[Course]) -> None:
        """Write courses anew; each stays in the area it is in."""
        ...

    async def alike(self, epics: Collection[str]) -> tuple[Tally, ...]:
        """Every mirrored item, counted with those that offer the very same to selectors; `epics` as for tallies."""
        ...

    async def place(self, epics: Collection[str], areas: Mapping[Tally, AreaKey | None]) -> None:
        """Put the course of every item into the area of its like, that of a request into none, and let every area's
        watermark rise.
        """
        ...

    async def moving(
        self, epics: Collection[str], areas: Mapping[Tally, AreaKey | None], within: Sequence[AreaKey]
    ) -> Moving:
        """What `place` would move out of the areas `within` and into them; nothing is written. Items not told stay."""
        ...

    async def are_parents(self, source: SourceName, keys: Collection[str]) -> bool:
        """Whether any item names one of these keys as its parent."""
        ...

    async def settle(self, source: SourceName, basis: Basis) -> None:
        """Note what all courses of a source now rest on."""
        ...
