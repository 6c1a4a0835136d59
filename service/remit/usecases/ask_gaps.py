"""Where does the model not hold, how much of it does, and which selectors are wrong?"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC

from remit.domain.drift import Drift
from remit.domain.errors import NotFound
from remit.domain.findings import SelectorFinding
from remit.domain.gaps import Coverage, Gap, GapKind
from remit.domain.ids import AreaKey
from remit.domain.load import Load, Verdict
from remit.domain.model import Model
from remit.domain.tallies import FeedbackTally
from remit.resolution.coverage import coverage
from remit.resolution.findings import Findings, find, gaps_within, with_records
from remit.resolution.selectors_lint import epics_of, lint
from remit.resolution.signals.windows import day_of, windows
from remit.usecases.ask_load import Wanted, listed, survey
from remit.usecases.ask_signals import NOT_YET, doubts
from remit.usecases.desk import Desk
from remit.usecases.doubt_drift import drift_doubts
from remit.usecases.find_drift import find_drift
from remit.usecases.snapshot import Snapshot, zone_of

ABOUT_ISSUES = frozenset((GapKind.CONFLICT, GapKind.UNMATCHED_ISSUES))
"""The kinds for which the mirrored issues are counted."""
ABOUT_RECORDS = (*sorted(ABOUT_ISSUES), GapKind.UNMATCHED_FEEDBACK, GapKind.UNMAPPED_IDENTITY)
"""The kinds that rest on what the sources say, which is counted as it is now only."""

MEASURED = frozenset((GapKind.OVERLOADED_OWNER, GapKind.DRIFT))
"""The kinds that rest on how records went as well."""

OVERLOADED = Wanted(verdict=Verdict.OVERLOADED)


@dataclass(frozen=True, slots=True)
class GapQuestion:
    """Gaps of these kinds, in an area and below it; None: everywhere."""

    kinds: frozenset[GapKind] = frozenset(GapKind)
    under: AreaKey | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps by kind and then by place.

    `not_told` are the kinds asked for that cannot be told of that moment; `doubt` says why there may be others, and is
    None where nothing is in doubt.
    """

    found: tuple[Gap, ...]
    not_told: tuple[GapKind, ...] = ()
    doubt: str | None = None


async def gaps(desk: Desk, snap: Snapshot, asked: Collection[GapQuestion]) -> Mapping[GapQuestion, Gaps]:
    """Of each question the gaps, and what is not known of them.

    At a moment that is past, only what the model shows by itself, since what was open and who had an account then is
    not counted: see `not_told`. Raises NotFound for an area the model does not have, since "none" would be a lie.
    """
    for question in asked:
        _require(snap.model, question.under)
    kinds = _looked_for(snap, frozenset(kind for question in asked for kind in question.kinds))
    tallies = await desk.mirror.tallies(epics_of(snap.model)) if kinds & ABOUT_ISSUES else ()
    accounts = await desk.mirror.accounts() if GapKind.UNMAPPED_IDENTITY in kinds else ()
    said = await feedback_in_use(desk, snap, snap.model) if GapKind.UNMATCHED_FEEDBACK in kinds else ()
    loads = await _overloads(desk, snap) if GapKind.OVERLOADED_OWNER in kinds else ()
    bare = await findings(desk, snap)
    drifts = await _drifts(desk, snap, bare, {one.under for one in asked}) if GapKind.DRIFT in kinds else {}
    doubts_ = await _doubts(desk, snap, asked, kinds, is_settled=loads is not None and drifts is not None)
    found: dict[GapQuestion, Gaps] = {}
    for one in asked:
        whole = with_records(bare, tallies, accounts, loads or (), (drifts or {}).get(one.under, ()), said)
        told = gaps_within(whole, one.kinds, one.under)
        found[one] = Gaps(told, not_told(snap, one.kinds), doubts_.get(one))
    return found


def _looked_for(snap: Snapshot, kinds: frozenset[GapKind]) -> frozenset[GapKind]:
    """Without those that cannot be told, or of which there cannot be any: nobody is overloaded where no capacity is
    declared, and nothing drifts where no account can be a person's.
    """
    people = snap.model.people.values()
    if all(person.capacity_hours is None for person in people):
        kinds -= {GapKind.OVERLOADED_OWNER}
    if not any(person.identities or person.email for person in people):
        kinds -= {GapKind.DRIFT}
    return kinds - frozenset(not_told(snap, kinds))


async def _doubts(
    desk: Desk, snap: Snapshot, asked: Collection[GapQuestion], kinds: frozenset[GapKind], *, is_settled: bool
) -> Mapping[GapQuestion, str]:
    """Of each question why there may be other gaps of the kinds that are looked for, where there is a reason."""
    of_records = kinds & {*ABOUT_RECORDS, *MEASURED}
    if not of_records:
        return {}
    everywhere, somewhere = await doubts(desk, snap)
    drifting = {one.under for one in asked if GapKind.DRIFT in one.kinds & kinds}
    of_drift = await drift_doubts(desk, snap, drifting, is_settled=is_settled) if drifting else {}
    found: dict[GapQuestion, str] = {}
    for one in asked:
        near = next((somewhere[key] for key in snap.model.under(one.under) if key in somewhere), None)
        why = everywhere or near if one.kinds & of_records else None
        if GapKind.OVERLOADED_OWNER in one.kinds & kinds and not is_settled:
            why = NOT_YET
        if GapKind.DRIFT in one.kinds & kinds:
            why = of_drift.get(one.under)
        if why is not None:
            found[one] = why
    return found


async def feedback_in_use(desk: Desk, snap: Snapshot, *models: Model) -> tuple[FeedbackTally, ...]:
    """What signals of the usual window would count of feedback, placed or not.

    A source that is neither configured here nor named by a selector of one of these models is not in use: what is left
    of it wants no area.
    """
    since = windows(snap.as_of, zone_of(snap.model))[0].start
    used = {*(name for name, _ in desk.sources), *(source for model in models for source in model.feedback_selectors)}
    return tuple(tally for tally in await desk.mirror.feedback.tallies(since) if tally.source in used)


async def _overloads(desk: Desk, snap: Snapshot) -> tuple[Load, ...] | None:
    """Whoever is overloaded; None while it is worked out how records went."""
    found = await survey(desk, snap)
    return tuple(found.load(person) for person in listed(snap, found, OVERLOADED)) if found.demand is not None else None


async def _drifts(
    desk: Desk, snap: Snapshot, bare: Findings, asked: Collection[AreaKey | None]
) -> Mapping[AreaKey | None, tuple[Drift, ...]] | None:
    """Of each area what drifts there; None while it is worked out how records went."""
    window = windows(snap.as_of, zone_of(snap.model))[0]
    return await find_drift(desk, snap, bare.cells, window, asked)


def not_told(snap: Snapshot, kinds: Collection[GapKind]) -> tuple[GapKind, ...]:
    """Those of the kinds that cannot be told at a past moment, or of CONFLICT not those about issues."""
    known_at = snap.moment.known_at
    was_believed = known_at is not None and known_at < snap.now
    missing = ABOUT_RECORDS if snap.as_of < snap.now or was_believed else ()
    measured = (GapKind.OVERLOADED_OWNER, GapKind.DRIFT) if was_believed else ()
    return tuple(kind for kind in (*missing, *measured) if kind in kinds)


async def area_coverage(
    desk: Desk, snap: Snapshot, asked: Collection[AreaKey | None]
) -> Mapping[AreaKey | None, tuple[Coverage, ...]]:
    """Of each area (None: the organisation): it and each area right below it, whole subtrees each.

    Empty where there is no model; raises NotFound for an area the model does not have.
    """
    children = snap.model.children
    told: dict[AreaKey | None, tuple[AreaKey, ...]] = {}
    for under in asked:
        _require(snap.model, under)
        top = under if under is not None else snap.model.root
        told[under] = (top, *children.get(top, ())) if top is not None else ()
    areas = tuple(dict.fromkeys(area for areas in told.values() for area in areas))
    shares = {one.area: one for one in coverage(snap.model, (await findings(desk, snap)).cells, areas)}
    return {under: tuple(shares[area] for area in areas) for under, areas in told.items()}


async def selector_lint(desk: Desk, snap: Snapshot) -> tuple[SelectorFinding, ...]:
    """Every fault of a selector, by area."""
    return lint(snap.model, await desk.mirror.vocabulary(epics_of(snap.model)))


async def findings(desk: Desk, snap: Snapshot) -> Findings:
    """What the model shows by itself; found once for each model, stretch of time and day."""
    today = day_of(snap.as_of, zone_of(snap.model))
    name = snap.model.version, snap.model.segment, today, snap.as_of.astimezone(UTC).date()
    kept = desk.shelf.findings(name)
    if kept is not None:
        return kept
    # In a thread, as a large organisation takes a second, during which others want their answers.
    found = await asyncio.to_thread(find, snap.model, snap.facts, snap.as_of, today)
    return desk.shelf.keep_findings(name, found)


def _require(model: Model, under: AreaKey | None) -> None:
    if under is not None and under not in model.areas:
        raise NotFound(f"there is no area {under!r} at this instant")
