"""How did a record go? From what a source tells of an issue or a piece of feedback to its course through the phases.

What is odd in a record never stops it: each case is listed in docs/signals.md, "Odd records".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import overload

from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState
from remit.domain.ids import AreaKey
from remit.domain.records import BacklogEvent, BacklogItem, Reference, SeenEvent, StatusCategory, is_custom

TOUCHES = frozenset(
    {
        "status", "priority", "assignee", "rank", "labels", "comment", "story points", "story point estimate",
        "timeestimate", "timeoriginalestimate",
    }
)  # fmt: skip
"""Fields whose change by anybody but the reporter shows that somebody looked, in small letters as Jira names them."""

PHASES = {
    StatusCategory.NEW: Phase.NEW,
    StatusCategory.IN_PROGRESS: Phase.UNDER_WAY,
    StatusCategory.DONE: Phase.DONE,
}
STATES = {
    FeedbackState.NEW: Phase.NEW,
    FeedbackState.TRIAGED: Phase.UNDER_WAY,
    FeedbackState.ANSWERED: Phase.DONE,
    FeedbackState.CLOSED: Phase.DONE,
}
ACTS = {
    ActKind.TRIAGED: Phase.UNDER_WAY,
    ActKind.ANSWERED: Phase.DONE,
    ActKind.CLOSED: Phase.DONE,
    ActKind.REOPENED: Phase.UNDER_WAY,
}
Step = tuple[datetime, Phase]


@dataclass(frozen=True, slots=True)
class Statuses:
    """The category of each status of a source, by id, and by name where all statuses of that name have the same."""

    by_id: Mapping[str, StatusCategory]
    by_name: Mapping[str, StatusCategory]

    @property
    def digest(self) -> str:
        """Changes with any of them, and so with what histories come to."""
        told = sorted((*self.by_id.items(), ("", ""), *self.by_name.items()))
        return sha256(repr([(name, str(category)) for name, category in told]).encode()).hexdigest()[:16]


NO_STATUSES = Statuses({}, {})


def statuses(references: Iterable[Reference]) -> Statuses:
    """Those of one source that tell their category."""
    told = [one for one in references if one.kind == "status" and one.category in PHASES]
    by_name: dict[str, set[StatusCategory]] = defaultdict(set)
    for one in told:
        if one.category is not None:
            by_name[one.name].add(one.category)
    return Statuses(
        {one.id: one.category for one in told if one.category is not None},
        {name: next(iter(found)) for name, found in by_name.items() if len(found) == 1},
    )


def backlog_course(
    item: BacklogItem,
    events: Sequence[SeenEvent],
    known: Statuses,
    area: AreaKey | None,
    first_seen: datetime,
    gone_at: datetime | None = None,
    read_at: datetime | None = None,
) -> Course:
    """The course of an issue, given all its changes in any order. `read_at` is when this version of it was read."""
    item = replace(item, updated=_by(item.updated, read_at), resolved=_by(item.resolved, read_at))
    in_order = sorted(events, key=_order)
    created = min(item.created, first_seen)
    changes = [seen for seen in in_order if seen.event.field.lower() == "status" and not is_custom(seen.event)]
    steps = _steps(created, _told(item, created, changes, known))
    steps, is_dated = _ending(item, created, steps, changes, bool(events))
    touched = (_at(seen) for seen in in_order if _touches(seen.event, item.reporter))
    first = next(touched, None)
    return Course(
        source=item.source,
        id=item.id,
        kind=RecordKind.BACKLOG,
        area=area,
        created=created,
        updated=item.updated,
        steps=steps,
        touched_at=max(first, created) if first is not None else None,
        gone_at=gone_at,
        has_history=bool(events),
        is_dated=is_dated,
    )


def feedback_course(
    item: FeedbackItem,
    acts: Iterable[FeedbackAct],
    area: AreaKey | None,
    first_seen: datetime,
    gone_at: datetime | None = None,
    read_at: datetime | None = None,
) -> Course:
    """The course of a piece of feedback: what its source says of it, and every act that it tells."""
    created = min(item.created, first_seen)
    done = [(act.at, ACTS[act.kind]) for act in acts]
    told = [(item.triaged_at, Phase.UNDER_WAY), (item.answered_at, Phase.DONE), (item.closed_at, Phase.DONE)]
    dated = ((_by(at, read_at), phase) for at, phase in told if at is not None)
    looked, updated = sorted([*done, *dated], key=lambda step: step[0]), _by(item.updated, read_at)
    steps, phase = _steps(created, looked), STATES[item.state]
    is_dated = (steps[-1][1] if steps else Phase.NEW) is phase
    if not is_dated:
        steps = _steps(created, [*steps, (max(updated, steps[-1][0] if steps else created), phase)])
    return Course(
        source=item.source,
        id=item.id,
        kind=RecordKind.FEEDBACK,
        area=area,
        created=created,
        updated=updated,
        steps=steps,
        touched_at=max(looked[0][0], created) if looked else (steps[0][0] if steps else None),
        gone_at=gone_at,
        has_history=bool(looked),
        is_dated=is_dated,
    )


def _told(item: BacklogItem, created: datetime, changes: Sequence[SeenEvent], known: Statuses) -> list[Step]:
    """A step for each change to a status of a known category; before them the status it was created in."""
    told: list[Step] = []
    if changes:
        first = changes[0].event
        phase = _phase(item, first.from_value, first.from_text, known)
        if phase is not None:
            told.append((created, phase))
    for seen in changes:
        phase = _phase(item, seen.event.to_value, seen.event.to_text, known)
        if phase is not None:
            told.append((_at(seen), phase))
    return told


def _phase(item: BacklogItem, id_: str | None, name: str | None, known: Statuses) -> Phase | None:
    """By the status's id, else as the item itself has it, else by a name that is clear; None: stay where it is."""
    category = known.by_id.get(id_ or "")
    if category is None and name == item.status and item.category in PHASES:
        category = item.category
    if category is None:
        category = known.by_name.get(name or "")
    return PHASES[category] if category is not None else None


def _steps(created: datetime, told: Iterable[Step]) -> tuple[Step, ...]:
    """In the order of time, none before the creation, and only those that lead to another phase.

    Of several at one instant the order in which they are told stays.
    """
    steps: list[Step] = []
    phase = Phase.NEW
    for at, to in sorted(((max(at, created), to) for at, to in told), key=lambda step: step[0]):
        if to is not phase:
            steps.append((at, to))
            phase = to
    return tuple(steps)


def _ending(
    item: BacklogItem, created: datetime, steps: tuple[Step, ...], changes: Sequence[SeenEvent], has_history: bool
) -> tuple[tuple[Step, ...], bool]:
    """The steps with what the item itself says of its present, and whether the time of the last one is known."""
    present = steps[-1][1] if steps else Phase.NEW
    phase = _present(item, present)
    if phase is present:
        return steps, True
    if not changes and phase is Phase.DONE and item.resolved is not None:
        return _steps(created, [(item.resolved, phase)]), True
    if not changes and (has_history or item.updated <= item.created):
        return _steps(created, [(created, phase)]), True
    last = steps[-1][0] if steps else created
    if phase is Phase.DONE and item.resolved is not None and item.resolved >= last:
        return (*steps, (item.resolved, phase)), True
    return (*steps, (max(item.updated, last), phase)), False


def _present(item: BacklogItem, otherwise: Phase) -> Phase:
    """By the category; where the source tells none, by whether it is resolved."""
    if item.category in PHASES:
        return PHASES[item.category]
    return Phase.DONE if item.resolved is not None else otherwise


def _touches(event: BacklogEvent, reporter: str | None) -> bool:
    """Who is not named counts as somebody else: a deleted author, or a rule that works on its own, is no reporter."""
    return event.field.lower() in TOUCHES and (event.author is None or event.author != reporter)


@overload
def _by(at: datetime, read_at: datetime | None) -> datetime: ...
@overload
def _by(at: datetime | None, read_at: datetime | None) -> datetime | None: ...
def _by(at: datetime | None, read_at: datetime | None) -> datetime | None:
    """No later than it was read, as far as that is known."""
    return min(at, read_at) if at is not None and read_at is not None else at


def _at(seen: SeenEvent) -> datetime:
    """When it happened; what is dated after it was read happened when it was read."""
    return min(seen.event.at, seen.seen_at)


def _order(seen: SeenEvent) -> tuple[datetime, int, str, int]:
    """Change ids are growing numbers, told as text."""
    event = seen.event
    return _at(seen), len(event.change_id), event.change_id, event.position
