"""What should move, so that those with too much have less of it, with as few changes as possible?"""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import ceil, floor, inf

from remit.domain.advice import Effect, Move
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Verdict
from remit.resolution.capacity import capacity_hours, capacity_of
from remit.resolution.choosing import MOST_EXACT, Limits, Option, choose
from remit.resolution.field import Field
from remit.resolution.judging import judged
from remit.resolution.load import GRAIN
from remit.resolution.moves import moves
from remit.resolution.thresholds import threshold_of, worse_end
from remit.resolution.weighing import Weighed, net_of, records_of

UTILISATION = "utilisation"
WATCHED = frozenset((Verdict.WATCH, Verdict.OVERLOADED))
MOST_RELIEVED = 100
"""People relieved at once, those with most too much: moves of so many are looked at within seconds."""


def advised(
    field: Field,
    near: Collection[OwnerKey] | None = None,
    dismissed: Collection[str] = (),
    most_exact: int = MOST_EXACT,
    most_relieved: int = MOST_RELIEVED,
) -> tuple[Weighed, ...]:
    """Moves that can all be made, the one with most relief per row written first.

    They relieve those in `near` (None: anybody), and of more than `most_relieved` those with most too much. Together
    they leave the least hours above what is good that any of the possible moves leave, with the fewest rows: see
    `choose` for when exactly. `dismissed` are keys of moves.
    """
    limits = limits_of(field)
    people = relieved(field, limits, near, most_relieved)
    found = [one for one in possible(field, limits, people) if one.move.key not in dismissed]
    options = [Option(one.deltas, one.move.changes, _claims(one)) for one in found]
    chosen = [found[place] for place in choose(options, limits, most_exact)]
    return tuple(sorted(chosen, key=lambda one: (-relief(one, limits) / one.move.changes, one.move.key)))


def watched(field: Field, near: Collection[OwnerKey] | None = None) -> Sequence[OwnerKey]:
    """Of those in `near` (None: of all) whoever has too much, by key."""
    return [key for key, verdict in field.verdicts.items() if verdict in WATCHED and (near is None or key in near)]


def relieved(
    field: Field, limits: Limits, near: Collection[OwnerKey] | None = None, most: int = MOST_RELIEVED
) -> Sequence[OwnerKey]:
    """Of those with too much so many, who have most of it."""
    return sorted(watched(field, near), key=lambda key: (-limits.excess.get(key, 0), key))[:most]


def possible(
    field: Field, limits: Limits, people: Collection[OwnerKey], only: Callable[[Move], bool] | None = None
) -> tuple[Weighed, ...]:
    """Every move, of those asked about, that by itself relieves some of these people and leaves everybody else well."""
    return tuple(one for one in moves(field, people, only) if _is_allowed(one, limits) and relief(one, limits) > 0)


def limits_of(field: Field) -> Limits:
    """In grains of an hour: what is too much, down to where a verdict falls, and what there is room for below WATCH."""
    excess: dict[OwnerKey, int] = {}
    room: dict[OwnerKey, int] = {}
    for person, verdict in field.verdicts.items():
        hours = round(field.demand.totals[field.demand.places[person]] * GRAIN)
        limit = _limit(field, person)
        capacity = capacity_hours(field.model, person, field.grounds.window)
        if capacity is None:
            continue
        if verdict in WATCHED:
            excess[person] = max(0, hours - floor(limit * capacity * GRAIN * 9 / 10)) if limit < inf else 0
        elif verdict is Verdict.OK:
            room[person] = max(0, ceil(limit * capacity * GRAIN) - 1 - hours) if limit < inf else 2**62
    return Limits(excess, room)


def relief(weighed: Weighed, limits: Limits) -> int:
    """How many grains of an hour those with too much would have less of it."""
    return sum(
        limits.excess[person] - max(0, limits.excess[person] + delta)
        for person, delta in weighed.deltas.items()
        if person in limits.excess
    )


def effects(field: Field, weighed: Weighed) -> tuple[Effect, ...]:
    """Of everybody whose hours would change, the most relieved first."""
    before = _before(field, weighed)
    return tuple(
        _effect(field, person, delta, before.get(person))
        for person, delta in sorted(weighed.deltas.items(), key=lambda one: (one[1], one[0]))
    )


def _effect(field: Field, person: OwnerKey, delta: int, earlier: float | None) -> Effect:
    before = float(field.demand.totals[field.demand.places[person]])
    after = before + delta / GRAIN
    capacity = capacity_of(field.model, person, field.grounds.window)
    divisor = capacity.divisor
    verdict = field.verdicts[person]
    then = after / divisor if divisor else None
    threshold, worse = threshold_of(field.model, UTILISATION, person=person), worse_end(field.model, UTILISATION)
    just_before = earlier / divisor if earlier is not None and divisor else None
    told = judged(then, threshold, worse, judged(just_before, threshold, worse))
    return Effect(
        person=person,
        hours_before=before,
        hours_after=after,
        capacity_hours=capacity.hours,
        utilisation_before=before / divisor if divisor else None,
        utilisation_after=then,
        verdict_before=verdict,
        verdict_after=told if verdict is not Verdict.UNKNOWN else Verdict.UNKNOWN,
    )


def _before(field: Field, weighed: Weighed) -> Mapping[OwnerKey, float]:
    """What the window just before comes to with the move, as that decides whether a verdict falls.

    Without those none of whose areas had a record by its end.
    """
    if field.window_before is None:
        return {}
    earlier = net_of(weighed.changes, field.hours_before[weighed.move.responsibility])
    records = records_of(weighed, field.records_before)
    places = {person: field.demand.places[person] for person in weighed.deltas}
    return {
        person: float(field.before.hours[0][place]) + earlier.get(person, 0) / GRAIN
        for person, place in places.items()
        if field.before.records[0][place] + records.get(person, 0) > 0
    }


def _limit(field: Field, person: OwnerKey) -> float:
    """From where on utilisation is no longer good; infinite where nothing is said."""
    told = threshold_of(field.model, UTILISATION, person=person)
    first = told.watch if told.watch is not None else told.overloaded
    return first if first is not None else inf


def _is_allowed(weighed: Weighed, limits: Limits) -> bool:
    return all(delta <= limits.room.get(person, 0) for person, delta in weighed.deltas.items() if delta > 0)


def _claims(weighed: Weighed) -> frozenset[tuple[AreaKey, ResponsibilityKey]]:
    """The cells it changes, so that no two moves change one cell, and its own area, where it writes."""
    areas = (*(area for area, _, _ in weighed.changes), weighed.move.area)
    return frozenset((area, weighed.move.responsibility) for area in areas)
