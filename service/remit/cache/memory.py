"""Answers kept in this process: a bounded number of areas, the longest unused leave first."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from remit.domain.answers import Ownership
from remit.ports import CellKey, KeptAnswers

MOST_AREAS = 3_000
"""An area's answers, as read back from Redis, take about 40 KB: at most 120 MB in all (measured 2026-11)."""


class MemoryAnswers:
    """A `KeptAnswers` in memory, alone or in front of a slower one, which it fills and asks for what it lacks."""

    def __init__(self, behind: KeptAnswers | None = None, *, size: int = MOST_AREAS) -> None:
        self._behind, self._size = behind, size
        self._kept: OrderedDict[CellKey, tuple[Ownership, ...]] = OrderedDict()

    async def get(self, keys: Sequence[CellKey]) -> Mapping[CellKey, tuple[Ownership, ...]]:
        found = {key: self._kept[key] for key in keys if key in self._kept}
        for key in found:
            self._kept.move_to_end(key)
        missing = [key for key in keys if key not in found]
        if missing and self._behind is not None:
            fetched = await self._behind.get(missing)
            self._keep(fetched)
            found.update(fetched)
        return found

    async def put(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        self._keep(answers)
        if self._behind is not None:
            await self._behind.put(answers)

    def _keep(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        for key, value in answers.items():
            self._kept[key] = value
            self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
