"""What a signal is: its words, its unit, where its definition comes from, and a function from what was measured."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from remit.domain.evidence import RecordKind
from remit.domain.load import Reading
from remit.resolution.signals.measuring import Measured
from remit.resolution.signals.samples import Floats, Ints

MICROSECONDS_A_DAY = 86_400_000_000
DAYS_A_WEEK = 7


@dataclass(frozen=True, eq=False)
class Readings:
    """A number and its sample for each group; nan where the records say nothing."""

    values: Floats
    samples: Ints

    def of(self, group: int) -> Reading:
        """That of one group."""
        value = float(self.values[group])
        return Reading(None if np.isnan(value) else value, int(self.samples[group]))


@dataclass(frozen=True, slots=True)
class Taken:
    """What was measured of all groups over a window of so many days. `is_present`: nothing happened after its end."""

    measured: Measured
    days: float
    is_present: bool = True


@dataclass(frozen=True, slots=True)
class SignalKind:
    """A line of the catalogue. `says` is its definition, `sample` what the sample counts, `unknown` when it has no
    value although there are records, `source` who defines it so.
    """

    name: str
    unit: str
    about: RecordKind
    says: str
    sample: str
    unknown: str
    source: str
    read: Callable[[Taken], Readings]


def counted(values: Ints, samples: Ints) -> Readings:
    """Counts, over so many records."""
    return Readings(values.astype(np.float64), samples)


def in_days(micros: Floats) -> Floats:
    """Stretches of time as days."""
    return micros / MICROSECONDS_A_DAY


def ratio(part: Ints, whole: Ints) -> Floats:
    """One by the other; nan where there is nothing to divide by, never infinite."""
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
