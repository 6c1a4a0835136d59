"""Where does the model not hold, how much of it does, and which selectors are wrong?"""

import asyncio
from collections.abc import Collection
from datetime import UTC
from zoneinfo import ZoneInfo

from remit.domain.errors import NotFound
from remit.domain.findings import SelectorFinding
from remit.domain.gaps import Coverage, Gap, GapKind
from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.resolution.coverage import coverage
from remit.resolution.findings import Findings, find, gaps_within, with_records
from remit.resolution.selectors_lint import epics_of, lint
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Snapshot

ABOUT_ISSUES = frozenset((GapKind.CONFLICT, GapKind.UNMATCHED_ISSUES))
"""The kinds for which the mirrored issues are counted."""


async def gaps(
    desk: Desk, snap: Snapshot, kinds: Collection[GapKind] | None = None, under: AreaKey | None = None
) -> tuple[Gap, ...]:
    """The gaps of these kinds (None: all) in an area and below it (None: everywhere), by kind and then by place.

    Raises NotFound for an area the model does not have, since "none" would be a lie.
    """
    _require(snap.model, under)
    wanted = frozenset(GapKind if kinds is None else kinds)
    found = await findings(desk, snap)
    tallies = await desk.mirror.tallies(epics_of(snap.model)) if wanted & ABOUT_ISSUES else ()
    accounts = await desk.mirror.accounts() if GapKind.UNMAPPED_IDENTITY in wanted else ()
    return gaps_within(with_records(found, tallies, accounts), wanted, under)


async def area_coverage(desk: Desk, snap: Snapshot, under: AreaKey | None = None) -> tuple[Coverage, ...]:
    """Of an area (None: the organisation) and of each area right below it, whole subtrees each.

    Empty where there is no model; raises NotFound for an area the model does not have.
    """
    _require(snap.model, under)
    top = under if under is not None else snap.model.root
    if top is None:
        return ()
    found = await findings(desk, snap)
    return coverage(snap.model, found.cells, (top, *snap.model.children.get(top, ())))


async def selector_lint(desk: Desk, snap: Snapshot) -> tuple[SelectorFinding, ...]:
    """Every fault of a selector, by area."""
    return lint(snap.model, await desk.mirror.vocabulary(epics_of(snap.model)))


async def findings(desk: Desk, snap: Snapshot) -> Findings:
    """What the model shows by itself; found once for each model, stretch of time and day."""
    today = snap.as_of.astimezone(zone_of(snap.model)).date()
    name = snap.model.version, snap.model.segment, today, snap.as_of.astimezone(UTC).date()
    kept = desk.shelf.findings(name)
    if kept is not None:
        return kept
    # In a thread, as a large organisation takes a second, during which others want their answers.
    found = await asyncio.to_thread(find, snap.model, snap.facts, snap.as_of, today)
    return desk.shelf.keep_findings(name, found)


def zone_of(model: Model) -> ZoneInfo:
    """Where the organisation's days begin (R3)."""
    name = model.areas[model.root].timezone if model.root is not None else None
    return ZoneInfo(name or "UTC")


def _require(model: Model, under: AreaKey | None) -> None:
    if under is not None and under not in model.areas:
        raise NotFound(f"there is no area {under!r} at this instant")
