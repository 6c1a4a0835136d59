"""How many hours a week a person has for work over a window, with absences taken off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from remit.domain.facts import Fact
from remit.domain.ids import OwnerKey
from remit.domain.intervals import Interval
from remit.domain.load import Window
from remit.domain.model import Model
from remit.domain.workload import Absence

MICROSECOND = timedelta(microseconds=1)
MOST_OF_IT = Fraction(1, 2)
"""Whoever is away for more of a window is not judged by it: what came in was done by others, or waits."""
LEAST_HOURS = 1.0
"""Of whoever was away that long, fewer hours a week than this are nothing to divide by."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """Hours a week over a window, None where they are not told; `is_away`: wholly absent for more than half of it."""

    hours: float | None
    is_away: bool = False

    @property
    def divisor(self) -> float | None:
        """What demand is divided by; None where there is nothing, or after an absence next to nothing, to divide by."""
        return self.hours if self.hours and not (self.is_away and self.hours < LEAST_HOURS) else None


def capacity_of(model: Model, person: OwnerKey, window: Window) -> Capacity:
    """That of one person: capacity x (1 - the mean share away over the window).

    Reckoned in fractions and rounded once. Whoever is away all the time has 0.
    """
    found = model.people.get(person)
    if found is None or found.capacity_hours is None:
        return Capacity(None)
    away, wholly = _away(model.absences.get(person, ()), window)
    return Capacity(float(Fraction(str(found.capacity_hours)) * (1 - away)), wholly > MOST_OF_IT)


def capacity_hours(model: Model, person: OwnerKey, window: Window) -> float | None:
    """The hours of it alone."""
    return capacity_of(model, person, window).hours


def _away(absences: Iterable[Fact[Absence]], window: Window) -> tuple[Fraction, Fraction]:
    """The mean share away over a window that is not empty, and for which part of it that is the whole.

    Absences at the same time add up, to the whole at most.
    """
    span = Interval(window.start, window.end)
    parts = [(part, _exact(fact.body.share)) for fact in absences if (part := fact.valid.common(span)) is not None]
    bounds = {bound for part, _ in parts for bound in (part.start, part.end) if bound is not None}
    away, wholly = Fraction(0), 0
    for start, end in pairwise(sorted(bounds)):
        share = min(sum((share for part, share in parts if part.contains(start)), Fraction(0)), Fraction(1))
        away += share * ((end - start) // MICROSECOND)
        wholly += (end - start) // MICROSECOND if share == 1 else 0
    length = (window.end - window.start) // MICROSECOND
    return away / length, Fraction(wholly, length)


def _exact(share: float) -> Fraction:
    """The share as it was written: 0.1 is a tenth."""
    return Fraction(str(share))
