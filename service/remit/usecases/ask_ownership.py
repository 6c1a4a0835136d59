"""Who is responsible, for many areas or many issues at once, with the reasons and their age."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from remit.domain.answers import Candidate, IssueOwnership, Ownership
from remit.domain.ids import AreaKey, ResponsibilityKey, SourceName
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.records import Criteria, criteria_of
from remit.ports import CellKey, SourceState
from remit.resolution.matching import Match, match
from remit.resolution.ownership import resolve, resolve_area, unknown, unplaced, with_trace_before
from remit.usecases.desk import Desk
from remit.usecases.issues_then import Found, find_issues
from remit.usecases.snapshot import Snapshot, source_freshness
from remit.usecases.standing import silence

Answers = Mapping[ResponsibilityKey, Ownership]


async def area_ownership(desk: Desk, snap: Snapshot, areas: Collection[AreaKey]) -> Mapping[AreaKey, Answers]:
    """Every responsibility of each known area; an area the model does not have is absent (see `cell`)."""
    known = [area for area in dict.fromkeys(areas) if area in snap.model.areas]
    marks = await desk.mirror.watermarks(known) if known else {}
    at = snap.head.recorded_at  # traces say who recorded what and when, which the digest leaves out
    segment = f"{instant_text(at) if at is not None else '-'}/{snap.model.segment}"
    keys = {area: CellKey(area, snap.model.version, segment, marks.get(area, 0)) for area in known}
    kept = await desk.kept.get(list(keys.values())) if keys else {}
    fresh = {key: compute(snap.model, area) for area, key in keys.items() if key not in kept}
    if fresh:
        await desk.kept.put(fresh)
    found = {**kept, **fresh}
    return {area: {answer.responsibility: answer for answer in found[key]} for area, key in keys.items()}


def compute(model: Model, area: AreaKey) -> tuple[Ownership, ...]:
    """What the cache keeps of an area: the answer for each responsibility of the model."""
    return resolve_area(model, area)


def cell(
    snap: Snapshot, answers: Mapping[AreaKey, Answers], area: AreaKey, responsibility: ResponsibilityKey
) -> Ownership:
    """One answer out of many; UNKNOWN where the area or the responsibility is not in the model (R46)."""
    found = answers.get(area, {}).get(responsibility)
    return found if found is not None else resolve(snap.model, area, responsibility)


async def issue_ownership(
    desk: Desk, snap: Snapshot, keys: Collection[str], responsibilities: Sequence[ResponsibilityKey] | None = None
) -> Mapping[str, IssueOwnership]:
    """The answer for each issue key asked, present or former. `responsibilities` None asks for all of the model."""
    asked = tuple(snap.model.responsibilities) if responsibilities is None else tuple(dict.fromkeys(responsibilities))
    found = await find_issues(desk, snap, keys)
    states = {state.name: state for state in snap.states}
    placed = {key: _place(desk, snap, key, found.get(key), states) for key in dict.fromkeys(keys)}
    areas = {issue.match.area for issue in placed.values() if issue.match is not None and issue.match.area is not None}
    answers = await area_ownership(desk, snap, areas) if asked else {}
    return {key: _answer(snap, issue, asked, answers) for key, issue in placed.items()}


@dataclass(frozen=True, slots=True)
class _Placed:
    """One asked issue: what is known of it and where it belongs; `silent` says why nothing can be said."""

    key: str
    found: Found | None
    state: SourceState | None
    silent: Candidate | None
    criteria: Criteria | None = None
    match: Match | None = None


def _place(
    desk: Desk, snap: Snapshot, key: str, found: Found | None, states: Mapping[SourceName, SourceState]
) -> _Placed:
    mirrored = found.mirrored if found is not None else None
    state = states.get(mirrored.item.source) if mirrored is not None else None
    silent = silence(snap, key, mirrored, state, desk.unknown_after)
    if mirrored is None or silent is not None:
        return _Placed(key, found, state, silent)
    criteria = criteria_of(mirrored.item, (*mirrored.former, *mirrored.lineage))
    return _Placed(key, found, state, None, criteria, match(snap.model, criteria))


def _answer(
    snap: Snapshot, issue: _Placed, asked: Sequence[ResponsibilityKey], answers: Mapping[AreaKey, Answers]
) -> IssueOwnership:
    area = issue.match.area if issue.match is not None else None
    return IssueOwnership(
        issue_key=issue.key,
        known=issue.found is not None,
        current_key=issue.found.current_key if issue.found is not None else None,
        area=area,
        ownership=tuple(_ownership(snap, issue, responsibility, answers) for responsibility in asked),
        freshness=source_freshness(snap, issue.state),
    )


def _ownership(
    snap: Snapshot, issue: _Placed, responsibility: ResponsibilityKey, answers: Mapping[AreaKey, Answers]
) -> Ownership:
    """One cell of an issue: resolved anew only where issue rules could apply; else the kept cell of its area serves."""
    if issue.silent is not None or issue.match is None:
        return unknown(responsibility, *((issue.silent,) if issue.silent is not None else ()))
    area, remarks = issue.match.area, issue.found.remarks if issue.found is not None else ()
    if area is None or responsibility not in snap.model.responsibilities:
        return with_trace_before(unplaced(snap.model, issue.match, responsibility), remarks)
    ruled = any((level, responsibility) in snap.model.issue_rules for level in snap.model.paths[area])
    answer = (
        resolve(snap.model, area, responsibility, issue.criteria)
        if ruled
        else cell(snap, answers, area, responsibility)
    )
    return with_trace_before(answer, (*remarks, *issue.match.trace))
