"""What is asked of areas, and what signals came to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from remit.domain.ids import AreaKey
from remit.domain.load import Reading, Window
from remit.domain.model import Model
from remit.ports import Figures
from remit.resolution.signals.base import SignalKind
from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from remit.resolution.signals.samples import Floats
from remit.resolution.signals.series import Series


@dataclass(frozen=True, slots=True)
class Measurement:
    """A signal of an area: the number, what is usual, and how far that spreads; None where the records do not say.

    `previous` is the number of the window just before.
    """

    kind: SignalKind
    window: Window
    reading: Reading
    baseline: float | None
    spread: float | None
    previous: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """Of an area alone, or of it with everything below."""

    area: AreaKey
    with_below: bool = False

    def areas(self, model: Model) -> tuple[AreaKey, ...]:
        """Those whose records count."""
        return model.under(self.area) if self.with_below else (self.area,)


def measurements(found: Mapping[str, Series], place: int, window: Window) -> tuple[Measurement, ...]:
    """All signals of the group at a place, in the order of the catalogue."""
    return tuple(
        Measurement(
            kind,
            window,
            found[kind.name].now.of(place),
            _known(found[kind.name].baseline, place),
            _known(found[kind.name].spread, place),
            _known(found[kind.name].previous, place),
        )
        for kind in SIGNALS
    )


def figures(told: tuple[Measurement, ...]) -> Figures:
    """The same to be kept."""
    return tuple(
        (one.kind.name, one.reading.value, one.reading.sample, one.baseline, one.spread, one.previous) for one in told
    )


def measurements_from(kept: Figures, window: Window) -> tuple[Measurement, ...] | None:
    """The other way round; None for what is not all signals there are."""
    if tuple(name for name, *_ in kept) != tuple(BY_NAME):
        return None
    return tuple(
        Measurement(BY_NAME[name], window, Reading(value, sample), baseline, spread, previous)
        for name, value, sample, baseline, spread, previous in kept
    )


def _known(values: Floats, place: int) -> float | None:
    value = float(values[place])
    return None if np.isnan(value) else value
