"""Sorted samples of many groups in one array: percentiles at once, and one group exchanged without the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Samples:
    """The values of group `i` are `values[bounds[i]:bounds[i + 1]]`, smallest first."""

    bounds: Ints
    values: Ints

    @property
    def counts(self) -> Ints:
        return np.diff(self.bounds)

    def percentile(self, percent: int) -> Floats:
        """Nearest rank: the smallest value with at least so many per cent of the sample at or below it; nan for none.

        Always a value of the sample, and never a number between two.
        """
        counts = self.counts
        ranks = np.maximum((percent * counts + 99) // 100, 1)
        return self._at(self.bounds[:-1] + ranks - 1, counts)

    def largest(self) -> Floats:
        """The largest value of each group; nan for none."""
        return self._at(self.bounds[1:] - 1, self.counts)

    def above(self, limits: Floats) -> Ints:
        """How many values of each group are larger than its limit; none where the limit is nan."""
        larger = self.values > np.repeat(limits, self.counts)
        return np.diff(np.concatenate(([0], np.cumsum(larger)))[self.bounds])

    def group(self, index: int) -> "Samples":
        """Those of one group, as if it were the only one."""
        values = self.values[self.bounds[index] : self.bounds[index + 1]]
        return Samples(np.array([0, len(values)]), values)

    def exchanged(self, old: "Samples", new: "Samples") -> "Samples":
        """Of a single group: with the values of `new` in place of those of `old`, which are all among its own."""
        if np.array_equal(old.values, new.values):
            return self
        before = np.searchsorted(self.values, old.values)
        again = np.arange(len(old.values)) - np.searchsorted(old.values, old.values)
        kept = np.delete(self.values, before + again)
        values = np.insert(kept, np.searchsorted(kept, new.values), new.values)
        return Samples(np.array([0, len(values)]), values)

    def _at(self, places: Ints, counts: Ints) -> Floats:
        there = counts > 0
        found = np.full(len(counts), np.nan)
        found[there] = self.values[places[there]]
        return found


def grouped_samples(group: Ints, value: Ints, groups: int) -> Samples:
    """Values by the group that stands beside each."""
    order = np.lexsort((value, group))
    counts = np.bincount(group, minlength=groups)
    return Samples(np.concatenate(([0], np.cumsum(counts))), value[order])
