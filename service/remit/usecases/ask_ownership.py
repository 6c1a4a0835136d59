"""Who is responsible, for many areas or many issues at once, with the reasons and their age."""

from collections.abc import Collection, Mapping, Sequence

from remit.domain.answers import Candidate, IssueOwnership, Layer, Ownership, Reason, Standing, Step
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.records import criteria_of
from remit.ports import CellKey, Mirrored, SourceState
from remit.resolution.matching import match
from remit.resolution.ownership import resolve, resolve_match, unknown, unplaced, with_trace_before
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Snapshot, source_freshness

Answers = Mapping[ResponsibilityKey, Ownership]


async def area_ownership(desk: Desk, snap: Snapshot, areas: Collection[AreaKey]) -> Mapping[AreaKey, Answers]:
    """Every responsibility of each known area; an area the model does not have is absent (see `cell`)."""
    known = [area for area in dict.fromkeys(areas) if area in snap.model.areas]
    marks = await desk.mirror.watermarks(known) if known else {}
    keys = {area: CellKey(area, snap.model.version, snap.model.segment, marks.get(area, 0)) for area in known}
    kept = await desk.kept.get(list(keys.values())) if keys else {}
    fresh = {key: compute(snap.model, area) for area, key in keys.items() if key not in kept}
    if fresh:
        await desk.kept.put(fresh)
    return {area: {a.responsibility: a for a in kept.get(key) or fresh[key]} for area, key in keys.items()}


def compute(model: Model, area: AreaKey) -> tuple[Ownership, ...]:
    """What the cache keeps of an area: the answer for each responsibility of the model."""
    return tuple(resolve(model, area, responsibility) for responsibility in model.responsibilities)


def cell(
    snap: Snapshot, answers: Mapping[AreaKey, Answers], area: AreaKey, responsibility: ResponsibilityKey
) -> Ownership:
    """One answer out of many; UNKNOWN where the area or the responsibility is not in the model (R46)."""
    found = answers.get(area, {}).get(responsibility)
    return found if found is not None else resolve(snap.model, area, responsibility)


async def issue_ownership(
    desk: Desk, snap: Snapshot, keys: Sequence[str], responsibilities: Sequence[ResponsibilityKey] | None = None
) -> Mapping[str, IssueOwnership]:
    """The answer for each issue key asked, present or former. `responsibilities` None asks for all of the model."""
    asked = tuple(snap.model.responsibilities) if responsibilities is None else tuple(responsibilities)
    mirrored = await desk.mirror.by_keys(set(keys))
    placed = {key: _place(snap, key, mirrored.get(key), desk) for key in dict.fromkeys(keys)}
    areas = {issue.match.area for issue in placed.values() if issue.match is not None and issue.match.area is not None}
    answers = await area_ownership(desk, snap, areas)
    return {key: _answer(snap, issue, asked, answers) for key, issue in placed.items()}


class _Placed:
    """One asked issue: what the mirror has, where it belongs, and what to say before the answer."""

    __slots__ = ("before", "criteria", "key", "match", "mirrored", "state")

    def __init__(self, key: str, mirrored: Mirrored | None, state: SourceState | None) -> None:
        self.key, self.mirrored, self.state = key, mirrored, state
        self.before: tuple[Candidate, ...] = ()
        self.match = None
        self.criteria = None
