"""A signal over several windows: what it is now, what it usually was, and how far that spreads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remit.domain.evidence import RecordKind
from remit.domain.load import Window
from remit.resolution.signals.base import Readings, SignalKind, Taken
from remit.resolution.signals.catalogue import SIGNALS
from remit.resolution.signals.grouping import Groups
from remit.resolution.signals.measuring import Columns, Measured, Terms, measure
from remit.resolution.signals.samples import Floats, Ints
from remit.resolution.signals.windows import length_days

ENOUGH = 3
"""Windows without which there is no baseline."""


@dataclass(frozen=True, eq=False)
class Series:
    """Of each group: the reading of the window asked about, the median of the windows before, and how far they lie
    from it in the median (MAD, not scaled); nan where fewer than three of them have a value. `previous` is the value of
    the window just before.
    """

    now: Readings
    baseline: Floats
    spread: Floats
    previous: Floats


def measured_over(
    columns: Columns, groups: Groups, spans: Sequence[Window], terms: Terms, *, is_present: bool
) -> tuple[Taken, ...]:
    """What was measured over each window; only the first can be the present."""
    return tuple(
        Taken(measure(columns, groups, span, terms, is_present=present), length_days(span), present)
        for span, present in ((span, is_present and place == 0) for place, span in enumerate(spans))
    )


def series(taken: Sequence[Taken], kinds: Sequence[SignalKind] = SIGNALS) -> Mapping[str, Series]:
    """Of each signal by name; the first window is the one asked about, the others make the baseline."""
    return {kind.name: _series(kind, taken) for kind in kinds}


def _series(kind: SignalKind, taken: Sequence[Taken]) -> Series:
    now = kind.read(taken[0])
    before = [np.where(_records(kind, one.measured) > 0, kind.read(one).values, np.nan) for one in taken[1:]]
    values = np.array(before).reshape(len(taken) - 1, len(now.values))
    previous = values[0] if len(values) else np.full(len(now.values), np.nan)
    return Series(now, *usual(values), previous)


def usual(values: Floats) -> tuple[Floats, Floats]:
    """Of each column of windows the median, and how far the windows lie from it in the median."""
    if len(values) < ENOUGH:
        unknown = np.full(values.shape[1], np.nan)
        return unknown, unknown
    baseline = _median(values)
    return baseline, _median(np.abs(values - baseline))


def _records(kind: SignalKind, measured: Measured) -> Ints:
    """A window by whose end the group had no record of the kind says nothing about what is usual."""
    return measured.feedback if kind.about is RecordKind.FEEDBACK else measured.records


def _median(values: Floats) -> Floats:
    """Of each column, over its rows that are known; of two in the middle their mean."""
    known = (~np.isnan(values)).sum(axis=0)
    ordered = np.sort(values, axis=0)  # nan goes last
    places = np.arange(values.shape[1])
    lower = ordered[np.maximum(known - 1, 0) // 2, places]
    upper = ordered[np.minimum(known // 2, len(values) - 1), places]
    return np.where(known >= ENOUGH, (lower + upper) / 2, np.nan)
