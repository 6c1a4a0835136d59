"""How loaded are the members of a team, or everybody of a function, together?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from remit.domain.ids import OwnerKey
from remit.domain.load import Reading, Signal, Threshold, Verdict
from remit.domain.parties import Party, PartyKind, active_people
from remit.domain.totals import GroupContribution, GroupLoad, Standing
from remit.resolution.accountability import Accountability
from remit.resolution.capacity import Capacity, capacity_of
from remit.resolution.holding import Stakes
from remit.resolution.load import Demand, demand
from remit.resolution.load_terms import Grounds
from remit.resolution.names import some_of
from remit.resolution.signal_verdicts import Figure, told
from remit.resolution.signals.samples import Floats, Ints
from remit.resolution.thresholds import threshold_of, worse_end

NOT_JUDGED = Threshold(None, None, "it is judged of each person, not of several together")
OF_A_PERSON = frozenset(("breadth", "areas_touched"))
"""What means something of one head only: ten people touch ten times as many areas as one does."""
NOBODY = "nobody of it is active"
NO_TIME = "there is no capacity in this window: it is zero, or everybody was away for nearly all of it"
AWAY = "Everybody of it was away for most of this window: others did what came in, or it waits."


@dataclass(frozen=True, eq=False)
class Sums:
    """What groups of people are asked for together, and what of that teams are asked for as such.

    The places of `people` and of `demand` are those of `groups`. Who is in several groups counts in each of them.
    """

    groups: Mapping[Party, int]
    people: Sequence[tuple[OwnerKey, ...]]
    demand: Demand
    joint: Demand


def sums(grounds: Grounds, stakes: Stakes, accounts: Accountability, groups: Collection[Party]) -> Sums:
    """Those of all these groups at once; somebody's hours are rounded before they are added up, not after."""
    parties = tuple(dict.fromkeys(groups))
    people = [active_people(grounds.model, party) for party in parties]
    whole = demand(grounds.model, together(stakes, people), grounds.drivers)
    joint = demand(grounds.model, accounts.joint, grounds.drivers[:1])
    return Sums({party: place for place, party in enumerate(parties)}, people, whole, joint)


def together(stakes: Stakes, groups: Sequence[Collection[OwnerKey]]) -> Stakes:
    """The stakes of everybody of a group under that group, whose key is its place; one row for each person still."""
    places = {person: place for place, person in enumerate(stakes.people)}
    pairs = [(places[key], group) for group, keys in enumerate(groups) for key in keys if key in places]
    told = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    order = np.argsort(stakes.person, kind="stable")
    begins, ends = (np.searchsorted(stakes.person[order], told[:, 0], side=side) for side in ("left", "right"))
    times = ends - begins
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    rows = order[np.repeat(begins, times) + within]
    return replace(
        stakes,
        people=tuple(OwnerKey(str(group)) for group in range(len(groups))),
        person=np.repeat(told[:, 1], times),
        area=stakes.area[rows],
        responsibility=stakes.responsibility[rows],
        share=stakes.share[rows],
        breadth=np.zeros(len(groups), dtype=np.int64),
    )


def group_load(
    grounds: Grounds, found: Sums, accounts: Accountability, party: Party, standings: Collection[Standing]
) -> GroupLoad:
    """That of one of the groups summed up, whose members stand so."""
    place = found.groups[party]
    capacity, _ = _capacity(grounds, found.people[place])
    signals = group_signals(grounds, found, accounts, party)
    return GroupLoad(
        party=party,
        verdict=signals[1].verdict,
        demand_hours=signals[0].value,
        joint_hours=_joint(found, party),
        capacity_hours=capacity.hours,
        utilisation=signals[1].value,
        operational_share=signals[2].value,
        members=_ranked(standings),
        contributions=_contributions(found.demand, place),
        signals=signals,
        data_as_of=grounds.data_as_of,
    )


def unknown_group_load(grounds: Grounds, party: Party, standings: Collection[Standing]) -> GroupLoad:
    """While nothing can be said of anybody, as while it is being worked out how records went."""
    nothing = Reading(None, 0)
    names = (("demand_hours", "hours a week"), ("utilisation", "ratio"), ("operational_share", "ratio"))
    figures = (Figure(name, unit, "", nothing, grounds.window) for name, unit in names)
    signals = tuple(judged_together(grounds, figure, grounds.doubt) for figure in figures)
    capacity, _ = _capacity(grounds, active_people(grounds.model, party))
    return GroupLoad(
        party,
        Verdict.UNKNOWN,
        None,
        None,
        capacity.hours,
        None,
        None,
        _ranked(standings),
        (),
        signals,
        grounds.data_as_of,
    )


def group_signals(grounds: Grounds, found: Sums, accounts: Accountability, party: Party) -> tuple[Signal, ...]:
    """Demand, utilisation, operational share and breadth, in this order."""
    place, window, whole = found.groups[party], grounds.window, found.demand
    hours, rows = float(whole.totals[place]), len(whole.of(place))
    of_all, why = _capacity(grounds, found.people[place])
    capacity = of_all.divisor
    baseline, spread, previous = (_known(column[place]) for column in (whole.baseline, whole.spread, whole.previous))
    share = float(whole.operational[place]) / hours if hours else None
    cells = len(accounts.cells_of(grounds.model, party))
    figures = (
        Figure("demand_hours", "hours a week", "", Reading(hours, rows), window, baseline, spread, previous),
        Figure(
            "utilisation", "ratio", why, Reading(_over(hours, capacity), rows), window,
            _over(baseline, capacity), _over(spread, capacity), _over(previous, capacity),
        ),
        Figure("operational_share", "ratio", "nothing is asked of them", Reading(share, rows), window),
        Figure("breadth", "cells", "", Reading(float(cells), cells), window),
    )  # fmt: skip
    areas = whole.areas_of(place) if grounds.doubts else ()
    doubt = grounds.doubt_at(*areas)
    doubts = {"utilisation": doubt or (AWAY if of_all.is_away and capacity is not None else None)}
    return tuple(judged_together(grounds, figure, doubts.get(figure.name, doubt)) for figure in figures)


def judged_together(grounds: Grounds, figure: Figure, doubt: str | None) -> Signal:
    """A signal of several people, by what is said of the organisation."""
    threshold = NOT_JUDGED if figure.name in OF_A_PERSON else threshold_of(grounds.model, figure.name)
    return told(figure, threshold, worse_end(grounds.model, figure.name), data_as_of=grounds.data_as_of, doubt=doubt)


def _capacity(grounds: Grounds, people: Sequence[OwnerKey]) -> tuple[Capacity, str]:
    """That of all of them, and why there may be nothing to divide by. That of some of them is not that of all."""
    told = {key: capacity_of(grounds.model, key, grounds.window) for key in people}
    missing = [grounds.model.people[key].name for key, one in told.items() if one.hours is None]
    if missing:
        them = f"no capacity is declared of {some_of(missing)}"
        return Capacity(None), f"{them}, so that of {len(people)} together is not known; set their capacity_hours"
    hours = fsum(one.hours for one in told.values() if one.hours is not None)
    return Capacity(hours, bool(told) and all(one.is_away for one in told.values())), NO_TIME if people else NOBODY


def _joint(found: Sums, party: Party) -> float | None:
    if party.kind is not PartyKind.TEAM:
        return None
    return float(found.joint.totals[found.joint.places[OwnerKey(party.key)]])


def _contributions(whole: Demand, group: int) -> tuple[GroupContribution, ...]:
    """Those above nothing, the largest first, then by area and in the order of responsibilities."""
    held, rows, width = whole.stakes, whole.of(group), len(whole.stakes.responsibilities)
    cells: Ints = held.area[rows] * width + held.responsibility[rows]
    numbers, of = np.unique(cells, return_inverse=True)
    hours: Floats = np.bincount(of, weights=whole.hours[rows], minlength=len(numbers)).astype(np.float64)
    people: Ints = np.bincount(of, minlength=len(numbers))
    order = np.argsort(-hours, kind="stable")
    columns = ((numbers // width)[order], (numbers % width)[order], hours[order], people[order])
    return tuple(
        GroupContribution(held.areas[area], held.responsibilities[responsibility], needed, many)
        for area, responsibility, needed, many in zip(*(column.tolist() for column in columns), strict=True)
    )


def _ranked(standings: Collection[Standing]) -> tuple[Standing, ...]:
    """The most loaded first, then by key."""
    return tuple(
        sorted(standings, key=lambda one: (-(one.utilisation if one.utilisation is not None else -1), one.person))
    )


def _over(hours: float | None, capacity: float | None) -> float | None:
    return hours / capacity if hours is not None and capacity else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
