"""A hand-over: what one person holds is another's from an instant on, and a leaver is nobody's member any more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from remit.changing.draft import Draft, uncovered
from remit.changing.ending import instant_of
from remit.domain.catalogue import Letter
from remit.domain.changes import HandOver
from remit.domain.facts import Body, FactKind, natural_key
from remit.domain.ids import OwnerKey
from remit.domain.intervals import Interval, clipped
from remit.domain.people import Person, Team
from remit.domain.policy import Assignment, Delegation
from remit.modelfile.plan import Belief

OWNERS = (FactKind.PERSON, FactKind.TEAM)


def hand_over(draft: Draft, index: int, change: HandOver) -> None:
    """Move every assignment and every delegation to the person; end those the person gave."""
    leaver = OwnerKey(change.person.strip())
    heir = OwnerKey(change.to.strip()) if change.to is not None else None
    at = instant_of(draft, index, change.at)
    if at is None or not _known(draft, index, leaver, heir, at):
        return
    for fact, rest in _from(draft, FactKind.ASSIGNMENT, at):
        if isinstance(fact.body, Assignment) and fact.body.owner == leaver:
            _move(draft, index, fact, rest, replace(fact.body, owner=heir) if heir is not None else None)
    for fact, rest in _from(draft, FactKind.DELEGATION, at):
        if isinstance(fact.body, Delegation) and leaver in (fact.body.from_person, fact.body.to_person):
            _move(draft, index, fact, rest, _taken_up(draft, fact.body, leaver, heir))
    if change.leaves:
        _leave(draft, index, leaver, at)


def _known(draft: Draft, index: int, leaver: OwnerKey, heir: OwnerKey | None, at: datetime) -> bool:
    before = len(draft.problems)
    if not any(fact.valid.end is None or fact.valid.end > at for fact in draft.row((FactKind.PERSON, leaver))):
        draft.refuse(index, "person", "UNKNOWN_KEY", f"there is no person {leaver!r} then; check the key")
    if heir == leaver:
        draft.refuse(index, "to", "HAND_OVER", "nobody hands over to himself or herself; name somebody else")
    elif heir is not None and not any(draft.row((kind, heir)) for kind in OWNERS):
        draft.refuse(index, "to", "UNKNOWN_KEY", f"there is no person or team {heir!r}; check the key")
    return len(draft.problems) == before


def _from(draft: Draft, kind: FactKind, at: datetime) -> Iterator[tuple[Belief, Interval]]:
    """Every window of this kind that reaches past the instant, and what of it lies after."""
    for fact in draft.facts(kind):
        start = fact.valid.start if fact.valid.start is not None and fact.valid.start > at else at
        rest = clipped(start, fact.valid.end)
        if rest is not None:
            yield fact, rest


def _taken_up(draft: Draft, body: Delegation, leaver: OwnerKey, heir: OwnerKey | None) -> Delegation | None:
    """Standing in for somebody goes to the heir; teams stand in for nobody, and nobody for himself (R43)."""
    if body.from_person == leaver or heir is None or heir == body.from_person:
        return None
    return replace(body, to_person=heir) if draft.row((FactKind.PERSON, heir)) else None


def _move(draft: Draft, index: int, fact: Belief, rest: Interval, moved: Assignment | Delegation | None) -> None:
    """From then on the row says this instead, or nothing; where the heir has the same row already, that one stays."""
    kind: FactKind = fact.kind
    draft.cut((kind, fact.key), rest, index)
    if moved is None:
        return
    statement = natural_key(moved)
    keys = draft.rows_saying(kind, statement, rest)
    there = [one for key in keys for one in draft.row((kind, key)) if one.valid.overlaps(rest)]
    key = fact.key if fact.key != natural_key(fact.body) and not there else statement
    for gap in uncovered(rest, there):
        draft.put((kind, draft.free_key(kind, key, gap)), moved, gap, index)
    for one in there:
        stronger, both = _stronger(one.body, moved), one.valid.common(rest)
        if stronger is not None and both is not None:
            draft.put((kind, one.key), stronger, both, index)


def _stronger(there: Body, moved: Assignment | Delegation) -> Assignment | None:
    """The heir's row with the leaver's letter, where that is the stronger claim (R26)."""
    if isinstance(there, Assignment) and isinstance(moved, Assignment) and _claim(moved) < _claim(there):
        return replace(there, letter=moved.letter)
    return None


def _claim(body: Assignment) -> float:
    """0 is the strongest; no letter claims to be accountable, but less than one that says so (R26, R27)."""
    return body.letter.rank if body.letter is not None else Letter.ACCOUNTABLE.rank + 0.5


def _leave(draft: Draft, index: int, leaver: OwnerKey, at: datetime) -> None:
    for fact, rest in _from(draft, FactKind.PERSON, at):
        if isinstance(fact.body, Person) and fact.key == leaver and fact.body.active:
            draft.put((FactKind.PERSON, fact.key), replace(fact.body, active=False), rest, index)
    for fact, rest in _from(draft, FactKind.TEAM, at):
        if isinstance(fact.body, Team) and leaver in fact.body.members:
            members = tuple(member for member in fact.body.members if member != leaver)
            draft.put((FactKind.TEAM, fact.key), replace(fact.body, members=members), rest, index)
