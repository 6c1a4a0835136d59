"""From what is believed and a list of changes to a plan: all of them together, or every mistake in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from remit.changing.confirming import confirm_owner
from remit.changing.draft import Draft
from remit.changing.ending import end_row
from remit.changing.handing_over import hand_over
from remit.changing.placing import EVERYWHERE, Placing
from remit.changing.setting import set_row
from remit.domain.areas import Area
from remit.domain.changes import Change, ConfirmOwner, EndRow, HandOver
from remit.domain.errors import Invalid, Problem
from remit.domain.facts import Facts
from remit.domain.intervals import Interval, is_at_the_edge, minus_all
from remit.domain.model import of_type
from remit.domain.viewer import STRANGER
from remit.modelfile.checks import believed
from remit.modelfile.plan import Plan
from remit.modelfile.soundness import doubts, mistakes

MOST_CHANGES = 10_000

_MAKING: Mapping[type, Callable[[Draft, int, Any], None]] = {
    EndRow: end_row,
    HandOver: hand_over,
    ConfirmOwner: confirm_owner,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """What the changes come to: `plan.line_of` tells which one said a new fact; `warnings` do not stand in the way."""

    plan: Plan
    warnings: tuple[Problem, ...]


def plan_changes(facts: Facts, changes: Sequence[Change], now: datetime, actor: str = STRANGER.name) -> Planned:
    """Make the changes one after the other and check the whole; what was wrong before stands in nobody's way.

    `actor` is who asks for them. Raises Invalid with every mistake at its change, `changes[3].owner`.
    """
    draft = Draft(facts.declared, facts.catalogue, now, actor)
    if len(changes) > MOST_CHANGES:
        raise Invalid(f"make at most {MOST_CHANGES} changes at once, not {len(changes)}")
    for index, change in enumerate(changes):
        if not _beyond(draft, index, change):
            _MAKING.get(type(change), set_row)(draft, index, change)
    plan = draft.plan()
    model = _placed(draft, plan, changes)
    found = [*_ended_root(model), *mistakes(model, plan.opens, now)]
    if found:
        found = _caused(found, facts, now)
    wrong = [*draft.problems, *_independent(found, draft.problems, changes)]
    if wrong:
        ordered = sorted(set(wrong), key=lambda problem: (_index(problem), problem.where, problem.message))
        raise Invalid("the changes cannot be made as they stand; nothing was changed", ordered)
    return Planned(plan, tuple(doubt for doubt in doubts(model) if _index(doubt) >= 0))


def _beyond(draft: Draft, index: int, change: Change) -> bool:
    """Refuse instants that no database can keep as they are."""
    told = {name: getattr(change, attribute, None) for attribute, name in _INSTANTS.items()}
    edges = [name for name, at in told.items() if isinstance(at, datetime) and is_at_the_edge(at)]
    for name in edges:
        draft.refuse(index, name, "TIME", "this is at the edge of the calendar; leave it out to say for ever")
    return bool(edges)


_INSTANTS = {"start": "from", "end": "to", "at": "at", "due": "due"}


def _placed(draft: Draft, plan: Plan, changes: Sequence[Change]) -> Placing:
    whole = believed(plan.result, draft.catalogue, plan.line_of)
    return Placing(whole.facts, whole.exists, whole.line_of, whole.worse, draft, changes)


def _caused(found: Iterable[Problem], facts: Facts, now: datetime) -> list[Problem]:
    """Without what was wrong already before the changes, such as a row whose shipped responsibility is gone."""
    before = believed(facts.declared, facts.catalogue, lambda fact: None)
    already = set(mistakes(before, (), now))
    return [problem for problem in found if problem not in already]


def _independent(found: Sequence[Problem], failed: Sequence[Problem], changes: Sequence[Change]) -> Iterator[Problem]:
    """Without what only follows from others: from changes that could not be made, or from a problem of a change."""
    unmade = [changes[_index(problem)] for problem in failed]
    keys = {repr(getattr(change, "key", None)) for change in unmade}
    placed = {problem.code for problem in found if _index(problem) >= 0}
    for problem in found:
        if _index(problem) < 0 and problem.code in placed:  # another part of the same circle, say
            continue
        follows = problem.code == "UNKNOWN_KEY" and any(key in problem.message for key in keys)
        if not follows and not (failed and problem.code == "NO_ROOT"):
            yield problem if _index(problem) >= 0 or problem.where == EVERYWHERE else _unplaced(problem)


def _unplaced(problem: Problem) -> Problem:
    """Of a row that no change says or names: the sentence tells which, as no argument could."""
    return replace(problem, message=f"{problem.where}: {problem.message}", where=EVERYWHERE)


def _ended_root(model: Placing) -> Iterator[Problem]:
    """Once there is an organisation, there always is one."""
    roots = [fact for fact in of_type(model.facts, Area) if fact.body.parent is None]
    if not roots and not model.facts:
        return
    first = min((fact.valid.start for fact in roots if fact.valid.start is not None), default=None)
    start = None if any(fact.valid.start is None for fact in roots) else first
    if not roots or minus_all(Interval(start, None), [fact.valid for fact in roots]):
        message = "there would be no organisation; a model has one from its beginning on, so set another instead"
        yield Problem("NO_ROOT", message, model.place_of_the_end())


def _index(problem: Problem) -> int:
    digits = problem.where.removeprefix("changes[").partition("]")[0]
    return int(digits) if digits.isdigit() else -1
