"""An issue on a stand-in site, as it is and as the search index has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Kept:
    """An issue as it is, and as the search index has it until `indexed_at` (None: not at all)."""

    record: Json
    indexed_at: datetime
    before: Json | None = None
    version: int = 0
    version_before: int = 0
    hidden: bool = False
    deleted: bool = False

    def seen(self, now: datetime, reconciled: bool) -> tuple[Json, int] | None:
        """What the search sees of it at a moment, with its version; a reconciled one is seen as it is."""
        if self.hidden:
            return None
        if reconciled or self.indexed_at <= now:
            return None if self.deleted else (self.record, self.version)
        return (self.before, self.version_before) if self.before is not None else None


@dataclass(frozen=True, slots=True)
class Paging:
    """One search under way: what it was asked, which ids it hands out, how far it is, since when it waits.

    `first` is the token that led to the second page.
    """

    asked: str
    ids: Sequence[str]
    start: int = 0
    pages: int = 0
    since: datetime | None = None
    first: str | None = None


@dataclass(slots=True)
class Quirks:
    """How the search strays from its documents; each was met by somebody's client."""

    loops: bool = False
    """The last page leads to the second again, for ever."""
    last: bool | None = None
    """What `isLast` says on every page; None for the truth."""
    short_every: int = 3
    """Every so manieth page holds fewer issues than asked for; 1 for every page, 0 for none."""
    restless: bool = False
    """Issues with equal sort keys come in another order each time (Data Center)."""
