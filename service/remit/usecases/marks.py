"""How often have the records of areas changed? Fetched anew only where they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from remit.domain.ids import AreaKey

BUNDLES = 256
"""Of 10,000 areas some forty are in one: that many watermarks are fetched when a record of one of them changes."""


@dataclass(frozen=True, eq=False)
class Marks:
    """The watermarks at one moment, by bundle of areas; an area that is in none has 0.

    A bundle in which nothing has changed is the same object at two moments, so that looking for what has changed does
    not grow with the areas.
    """

    bundles: tuple[Mapping[AreaKey, int], ...] = ({},) * BUNDLES

    @cached_property
    def sums(self) -> tuple[int, ...]:
        """What those of each bundle come to."""
        return tuple(sum(bundle.values()) for bundle in self.bundles)

    @cached_property
    def by_area(self) -> Mapping[AreaKey, int]:
        """All of them."""
        return {area: mark for bundle in self.bundles for area, mark in bundle.items()}

    def after(self, risen: Mapping[int, Mapping[AreaKey, int]]) -> "Marks":
        """Those of a later moment, given the bundles in which something has changed since."""
        if not risen:
            return self
        return Marks(tuple(risen.get(number, bundle) for number, bundle in enumerate(self.bundles)))

    def since(self, before: "Marks") -> Mapping[AreaKey, int]:
        """The watermarks of the areas that had another one before."""
        found: dict[AreaKey, int] = {}
        for was, now in zip(before.bundles, self.bundles, strict=True):
            if was is not now:
                found |= {area: now.get(area, 0) for area in {*was, *now} if was.get(area, 0) != now.get(area, 0)}
        return found
