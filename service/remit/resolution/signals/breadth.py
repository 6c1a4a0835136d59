"""In how many areas did somebody do something?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from remit.domain.evidence import Acts
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Reading

Account = tuple[SourceName, str]
Who = TypeVar("Who")


@dataclass(slots=True)
class Trail:
    """The areas in which somebody left a trace, and how many traces."""

    areas: set[AreaKey] = field(default_factory=set)
    traces: int = 0


def trails(acts: Collection[Acts], accounts: Mapping[Account, Who]) -> Mapping[Who, Trail]:
    """Of everybody who has an account in a source that told who did what; of others it is not known what they did.

    `acts` are those of everybody, strangers too: a source that names nobody at all tells nothing of anybody.
    """
    telling = {act.source for act in acts if act.account is not None}
    found = {who: Trail() for (source, _), who in accounts.items() if source in telling}
    for act in acts:
        who = accounts.get((act.source, act.account)) if act.account is not None else None
        if who is not None:
            found[who].areas.add(act.area)
            found[who].traces += act.count
    return found


def areas_touched(found: Mapping[Who, Trail], people: Iterable[Who]) -> Reading:
    """The areas in which any of them left a trace, each once; the sample is the traces. None where of one of them it is
    not known: those of some are not those of all.
    """
    told = [found.get(one) for one in people]
    known = [trail for trail in told if trail is not None]
    traces = sum(trail.traces for trail in known)
    if len(known) < len(told) or not told:
        return Reading(None, traces)
    return Reading(float(len({area for trail in known for area in trail.areas})), traces)
