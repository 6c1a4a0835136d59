"""Sorted samples of many groups in one array: percentiles at once, and one group exchanged without the others."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Sampled(Protocol):
    """Values of many groups, of which these things are known."""

    @property
    def counts(self) -> Ints:
        """How many there are in each group."""
        ...

    def percentile(self, percent: int) -> Floats:
        """Nearest rank: the smallest value with at least so many per cent of the sample at or below it; nan for none.

        Always a value of the sample, and never a number between two.
        """
        ...

    def largest(self) -> Floats:
        """The largest value of each group; nan for none."""
        ...

    def above(self, limits: Floats) -> Ints:
        """How many values of each group are larger than its limit; none where the limit is nan."""
        ...


@dataclass(frozen=True, eq=False)
class Samples:
    """The values of group `i` are `values[bounds[i]:bounds[i + 1]]`, smallest first."""

    bounds: Ints
    values: Ints

    @property
    def counts(self) -> Ints:
        return np.diff(self.bounds)

    def percentile(self, percent: int) -> Floats:
        counts = self.counts
        return self._at(self.bounds[:-1] + nearest_rank(percent, counts), counts)

    def largest(self) -> Floats:
        return self._at(self.bounds[1:] - 1, self.counts)

    def above(self, limits: Floats) -> Ints:
        bounds = zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist(), strict=True)
        groups = (self.values[start:end] for start, end in bounds)
        found = [
            0 if np.isnan(limit) else len(group) - np.searchsorted(group, limit, side="right")
            for group, limit in zip(groups, limits, strict=True)
        ]
        return np.array(found, dtype=np.int64)

    def group(self, index: int) -> "Altered":
        """Those of one group, to be altered."""
        return Altered(self.values[self.bounds[index] : self.bounds[index + 1]])

    def _at(self, places: Ints, counts: Ints) -> Floats:
        there = counts > 0
        found = np.full(len(counts), np.nan)
        found[there] = self.values[places[there]]
        return found


MOST_ALTERED = 512


@dataclass(frozen=True, eq=False)
class Altered:
    """The values of a single group: those of `base`, without the ones at the places `out`, and with those of `put`.

    All three are sorted. A value is exchanged at the same cost, whether there are ten others or a million: only every
    so many times are they written together.
    """

    base: Ints
    out: tuple[int, ...] = ()
    put: tuple[int, ...] = ()

    @property
    def counts(self) -> Ints:
        return np.array([self._count])

    @property
    def _count(self) -> int:
        return len(self.base) - len(self.out) + len(self.put)

    def percentile(self, percent: int) -> Floats:
        return self._at(int(nearest_rank(percent, self.counts)[0]))

    def largest(self) -> Floats:
        return self._at(self._count - 1)

    def above(self, limits: Floats) -> Ints:
        limit = limits[0]
        if np.isnan(limit):
            return np.zeros(1, dtype=np.int64)
        place = int(np.searchsorted(self.base, limit, side="right"))
        lost = len(self.out) - bisect_left(self.out, place)
        return np.array([len(self.base) - place - lost + sum(value > limit for value in self.put)])

    def exchanged(self, old: "Altered", new: "Altered") -> "Altered":
        """With the values of `new` in place of those of `old`, which are all among its own."""
        was, now = Counter(old.values().tolist()), Counter(new.values().tolist())
        out, put = list(self.out), list(self.put)
        for value in (was - now).elements():
            if value in put:
                put.remove(value)
            else:
                insort(out, self._place(value, out))
        for value in (now - was).elements():
            insort(put, value)
        altered = Altered(self.base, tuple(out), tuple(put))
        return altered if len(out) + len(put) <= MOST_ALTERED else Altered(altered.values())

    def values(self) -> Ints:
        """All of them, smallest first."""
        if not self.out and not self.put:
            return self.base
        kept = np.delete(self.base, self.out)
        return np.insert(kept, np.searchsorted(kept, self.put), self.put)

    def _place(self, value: int, out: Sequence[int]) -> int:
        """Where the base has a value that is not out yet."""
        place = int(np.searchsorted(self.base, value))
        while out and place in out:
            place += 1
        return place

    def _at(self, rank: int) -> Floats:
        """The value of a rank, 0 for the smallest. It is in `put`, or no farther from its place than these are many."""
        if self._count == 0:
            return np.full(1, np.nan)
        first = max(0, rank - len(self.put))
        near = self.base[first : rank + len(self.out) + 1]
        before = bisect_left(self.out, first)
        lost = [place - first for place in self.out[before:] if place < first + len(near)]
        around = np.sort(np.concatenate((np.delete(near, lost), np.array(self.put, dtype=np.int64))))
        return around[[rank - (first - before)]].astype(np.float64)


@dataclass(frozen=True, eq=False)
class Beside:
    """Groups beside each other."""

    groups: tuple[Altered, ...]

    @property
    def counts(self) -> Ints:
        return np.concatenate([group.counts for group in self.groups])

    def percentile(self, percent: int) -> Floats:
        return np.concatenate([group.percentile(percent) for group in self.groups])

    def largest(self) -> Floats:
        return np.concatenate([group.largest() for group in self.groups])

    def above(self, limits: Floats) -> Ints:
        return np.concatenate([group.above(limits[place : place + 1]) for place, group in enumerate(self.groups)])


def nearest_rank(percent: int, counts: Ints) -> Ints:
    """The place of a percentile in so many sorted values, 0 for the first."""
    return np.maximum((percent * counts + 99) // 100, 1) - 1


def grouped_samples(group: Ints, value: Ints, groups: int) -> Samples:
    """Values by the group that stands beside each."""
    order = np.lexsort((value, group))
    counts = np.bincount(group, minlength=groups)
    return Samples(np.concatenate(([0], np.cumsum(counts))), value[order])
