"""Keeps what was counted of areas for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from remit.domain.ids import AreaKey

CountRows = tuple[tuple[int, ...], ...]
"""A row for each window, the latest first; in it a number for each thing counted."""


@dataclass(frozen=True, slots=True)
class CountKey:
    """Addresses the counts of one area: changed records, another model or a new day make another key.

    `windows` names the days on which the windows begin.
    """

    area: AreaKey
    version: str
    watermark: int
    windows: str


class KeptCounts(Protocol):
    """A cache of what makes work in areas, counted of each alone. May forget, never errs."""

    async def get(self, keys: Sequence[CountKey]) -> Mapping[CountKey, CountRows]:
        """What is kept under these keys, exactly as it was put; what is not kept is absent."""
        ...

    async def put(self, counts: Mapping[CountKey, CountRows]) -> None:
        """Keep these, as long as there is room."""
        ...
