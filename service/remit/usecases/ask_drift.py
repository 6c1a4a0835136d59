"""Where is the work done by another function than declared?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from remit.domain.drift import Drift
from remit.domain.errors import NotFound
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.resolution.signals.windows import DAYS, windows
from remit.usecases.ask_gaps import findings
from remit.usecases.ask_signals import require_days
from remit.usecases.desk import Desk
from remit.usecases.doubt_drift import drift_doubts
from remit.usecases.find_drift import find_drift
from remit.usecases.snapshot import Snapshot, zone_of


@dataclass(frozen=True, slots=True)
class Drifts:
    """What was found in a window, and why that may not be all of it; None where nothing is in doubt."""

    found: tuple[Drift, ...]
    window: Window
    doubt: str | None


async def area_drifts(
    desk: Desk, snap: Snapshot, asked: Collection[AreaKey | None], *, days: int = DAYS
) -> Mapping[AreaKey | None, Drifts]:
    """Of each area (None: the organisation) what shows there and below it.

    A past window is looked at with the records as they are now. Raises NotFound for an area the model does not have,
    and Invalid for a window that is too short or too long.
    """
    require_days(days)
    for under in asked:
        if under is not None and under not in snap.model.areas:
            raise NotFound(f"there is no area {under!r} at this instant")
    window = windows(snap.as_of, zone_of(snap.model), days)[0]
    cells = (await findings(desk, snap)).cells
    found = await find_drift(desk, snap, cells, window, asked)
    doubts = await drift_doubts(desk, snap, asked, is_settled=found is not None)
    return {under: Drifts(found[under] if found is not None else (), window, doubts.get(under)) for under in asked}
