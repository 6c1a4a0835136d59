"""Which areas are counted together: each by itself, with everything below it, or those of a person or a team."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.resolution.signals.samples import Bools, Ints, Samples, grouped_samples


@dataclass(frozen=True, eq=False)
class Groups:
    """The area at place `i` is counted in the groups `members[bounds[i]:bounds[i + 1]]`; there are `size` groups."""

    areas: tuple[AreaKey, ...]
    bounds: Ints
    members: Ints
    size: int

    def count(self, area: Ints, which: Bools) -> Ints:
        """How many of the records, whose areas' places are given, are in each group."""
        own = np.bincount(area[which], minlength=len(self.areas))
        spread = np.repeat(own, np.diff(self.bounds)).astype(np.float64)
        return np.bincount(self.members, weights=spread, minlength=self.size).astype(np.int64)

    def samples(self, area: Ints, which: Bools, value: Ints) -> Samples:
        """The values of the records in each group; `value` has an entry for each record, chosen or not."""
        rows = np.flatnonzero(which)
        places = area[rows]
        times = self.bounds[places + 1] - self.bounds[places]
        begins = np.repeat(self.bounds[places] - np.concatenate(([0], np.cumsum(times)))[:-1], times)
        member = self.members[begins + np.arange(len(begins))]
        return grouped_samples(member, np.repeat(value[rows], times), self.size)


def groups_of(areas: Sequence[AreaKey], groups: Sequence[Collection[AreaKey]]) -> Groups:
    """Groups in the given order, each of some of the areas."""
    places = {area: place for place, area in enumerate(areas)}
    pairs = [(places[area], number) for number, group in enumerate(groups) for area in dict.fromkeys(group)]
    return _from_pairs(areas, pairs, len(groups))


def each_alone(areas: Sequence[AreaKey]) -> Groups:
    """A group for each area: its own records."""
    return Groups(tuple(areas), np.arange(len(areas) + 1), np.arange(len(areas)), len(areas))


def with_all_below(model: Model, areas: Sequence[AreaKey]) -> Groups:
    """A group for each area: the records of it and of every area below it."""
    places = {area: place for place, area in enumerate(areas)}
    paths: Mapping[AreaKey, Iterable[AreaKey]] = model.paths
    pairs = [(places[area], places[above]) for area in areas for above in paths[area] if above in places]
    return _from_pairs(areas, pairs, len(areas))


def _from_pairs(areas: Sequence[AreaKey], pairs: Sequence[tuple[int, int]], size: int) -> Groups:
    told = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    counts = np.bincount(told[:, 0], minlength=len(areas))
    return Groups(tuple(areas), np.concatenate(([0], np.cumsum(counts))), told[:, 1], size)
