"""How many hours a week a person has for work over a window, with absences taken off."""

from collections.abc import Iterable
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


def capacity_hours(model: Model, person: OwnerKey, window: Window) -> float | None:
    """Capacity x (1 - the mean share away over the window), in hours a week; None where no capacity is told.

    Reckoned in fractions and rounded once. Whoever is away all the time has 0.
    """
    found = model.people.get(person)
    if found is None or found.capacity_hours is None:
        return None
    away = share_away(model.absences.get(person, ()), window)
    return float(Fraction(str(found.capacity_hours)) * (1 - away))


def share_away(absences: Iterable[Fact[Absence]], window: Window) -> Fraction:
    """The mean share away over a window that is not empty. Absences at the same time add up, to the whole at most."""
    span = Interval(window.start, window.end)
    parts = [(part, _exact(fact.body.share)) for fact in absences if (part := fact.valid.common(span)) is not None]
    bounds = {bound for part, _ in parts for bound in (part.start, part.end) if bound is not None}
    cuts = sorted(bounds)
    away = Fraction(0)
    for start, end in pairwise(cuts):
        shares = sum((share for part, share in parts if part.contains(start)), Fraction(0))
        away += min(shares, Fraction(1)) * ((end - start) // MICROSECOND)
    return away / ((window.end - window.start) // MICROSECOND)


def _exact(share: float) -> Fraction:
    """The share as it was written: 0.1 is a tenth."""
    return Fraction(str(share))
