"""Where the work is done by another function than declared, as gaps."""

from collections.abc import Iterable

from remit.domain.drift import Drift
from remit.domain.gaps import Gap, GapKind


def drifting(found: Iterable[Drift]) -> tuple[Gap, ...]:
    """One for each drift, most traces first."""
    in_order = sorted(found, key=lambda drift: (-drift.sample, drift.key))
    return tuple(Gap(GapKind.DRIFT, one.area, one.responsibility, None, one.sample, one.sentence) for one in in_order)
