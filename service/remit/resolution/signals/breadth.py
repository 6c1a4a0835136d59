"""How broad is the work of a person: pairs of area and responsibility, and the areas they did something in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from remit.domain.answers import Ownership
from remit.domain.evidence import Acts
from remit.domain.ids import AreaKey, OwnerKey, SourceName
from remit.domain.load import Reading

Account = tuple[SourceName, str]
Who = TypeVar("Who")


def breadth(answers: Iterable[Ownership], people: Collection[OwnerKey]) -> Mapping[OwnerKey, Reading]:
    """How many (area, responsibility) pairs each person, or team, is accountable for."""
    held: dict[OwnerKey, int] = dict.fromkeys(people, 0)
    for answer in answers:
        if answer.accountable is not None and answer.accountable.key in held:
            held[answer.accountable.key] += 1
    return {person: Reading(float(count), count) for person, count in held.items()}


def areas_touched(
    acts: Iterable[Acts], accounts: Mapping[Account, Who], people: Collection[Who]
) -> Mapping[Who, Reading]:
    """In how many areas each person left a trace; the sample is the traces. None for those without any account."""
    areas: dict[Who, set[AreaKey]] = defaultdict(set)
    traces: dict[Who, int] = defaultdict(int)
    for act in acts:
        who = accounts.get((act.source, act.account))
        if who is not None:
            areas[who].add(act.area)
            traces[who] += act.count
    known = set(accounts.values())
    return {who: Reading(float(len(areas[who])) if who in known else None, traces[who]) for who in people}
