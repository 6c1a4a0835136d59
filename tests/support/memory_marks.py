"""The watermarks of areas in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from zlib import crc32

from remit.domain.ids import AreaKey


class MemoryMarks:
    """How often the records of each area have changed."""

    marks: Counter[AreaKey]

    async def watermarks(self, areas: Collection[AreaKey]) -> Mapping[AreaKey, int]:
        return {area: self.marks[area] for area in areas if area in self.marks}

    async def risen(self, sums: Sequence[int]) -> Mapping[int, Mapping[AreaKey, int]]:
        bundles: dict[int, dict[AreaKey, int]] = defaultdict(dict)
        for area, mark in self.marks.items():
            bundles[crc32(area.encode()) % len(sums)][area] = mark
        changed = [number for number, told in enumerate(sums) if told != sum(bundles[number].values())]
        return {number: bundles[number] for number in changed}
