"""What was counted of areas over some windows, kept while only some areas change."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from remit.domain.ids import AreaKey
from remit.resolution.signals.samples import Ints
from remit.usecases.marks import Marks


@dataclass(frozen=True, eq=False)
class Book:
    """A row for each of the areas, counted when the watermarks stood so. Of 10,000 areas it holds some 4 MB."""

    areas: tuple[AreaKey, ...]
    places: Mapping[AreaKey, int]
    """Of each area, which row is its."""
    marks: Marks
    rows: Ints
    """By area, window, and what is counted."""

    def rewritten(self, areas: tuple[AreaKey, ...], marks: Marks, fresh: Mapping[AreaKey, Ints]) -> "Book":
        """The same of these areas at a later moment, where each is here already or among the fresh ones."""
        if areas == self.areas:
            rows = self.rows.copy() if fresh else self.rows
            for area, row in fresh.items():
                rows[self.places[area]] = row
            return Book(areas, self.places, marks, rows)
        told = [fresh[area] if area in fresh else self.rows[self.places[area]] for area in areas]
        rows = np.array(told, dtype=np.int64).reshape(len(areas), *self.rows.shape[1:])
        return Book(areas, {area: place for place, area in enumerate(areas)}, marks, rows)
