"""Why may there be more drift than is told?"""

from collections.abc import Collection, Mapping

from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey, SourceName
from remit.usecases.ask_signals import NOT_YET, doubts
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Snapshot

Silent = Mapping[RecordKind, frozenset[SourceName]]


async def drift_doubts(
    desk: Desk, snap: Snapshot, asked: Collection[AreaKey | None], *, is_settled: bool
) -> Mapping[AreaKey | None, str]:
    """Of each area (None: the organisation), with everything below it; absent where nothing is in doubt.

    A source in trouble or not read lately, one that never told who did anything, or that it is not worked out yet where
    records belong. Two statements at most, one where all sources are fresh.
    """
    if not is_settled:
        return dict.fromkeys(asked, NOT_YET)
    everywhere, somewhere = await doubts(desk, snap)
    silent = await desk.evidence.silent()
    found: dict[AreaKey | None, str] = {}
    for under in asked:
        areas = snap.model.under(under)
        stale = everywhere or next((somewhere[key] for key in areas if key in somewhere), None)
        told = [stale, _untold(snap, areas, silent)]
        if any(told):
            found[under] = " ".join(filter(None, told))
    return found


def _untold(
    snap: Snapshot, areas: Collection[AreaKey], silent: Mapping[RecordKind, frozenset[SourceName]]
) -> str | None:
    """Of feedback only sources count that an area here is tied to."""
    tied = {one.source for key in areas for one in snap.model.areas[key].feedback}
    names = sorted({*silent[RecordKind.BACKLOG], *(silent[RecordKind.FEEDBACK] & tied)})
    if not names:
        return None
    return (
        f"Nobody is named for anything done in {', '.join(names)}: nothing was, or Remit's account may not read it, or "
        "the source does not tell."
    )
