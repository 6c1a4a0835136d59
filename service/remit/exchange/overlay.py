"""Lays what a file says over what is believed, so that the whole can be planned like a model file."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from remit.domain.facts import Body, Fact, FactKind
from remit.modelfile.read import Declaration

Belief = Fact[Body]
Name = tuple[FactKind, str]


def overlaid(
    believed: Sequence[Belief], stated: Iterable[Declaration], ended: Collection[Name], now: datetime
) -> tuple[Declaration, ...]:
    """A declaration for everything that is to hold, now or later.

    What is stated says nothing of time: it replaces what holds now under its key, up to where that would have ended or
    the next recorded version begins. What is neither stated nor `ended` stays, with its window and without a line.
    """
    living: dict[Name, list[Belief]] = defaultdict(list)
    for fact in believed:
        if fact.valid.end is None or fact.valid.end > now:
            living[fact.kind, fact.key].append(fact)
    said = {(one.kind, one.key): one for one in stated}
    declared: list[Declaration] = []
    for name in {**living, **said}:
        current = next((fact for fact in living[name] if fact.valid.contains(now)), None)
        later = [fact for fact in living[name] if fact is not current]
        declared += map(_kept, later)
        if name in said:
            declared.append(_placed(said[name], current, later))
        elif current is not None and name not in ended:
            declared.append(_kept(current))
    return tuple(declared)


def _placed(said: Declaration, current: Belief | None, later: Sequence[Belief]) -> Declaration:
    if current is not None:
        return Declaration(said.key, said.body, None, current.valid.end, said.line)
    starts = [fact.valid.start for fact in later if fact.valid.start is not None]
    return Declaration(said.key, said.body, None, min(starts, default=None), said.line)


def _kept(fact: Belief) -> Declaration:
    return Declaration(fact.key, fact.body, fact.valid.start, fact.valid.end, None)
