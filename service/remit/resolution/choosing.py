"""Which of many moves should be made together, so that those with too much have least too much with fewest changes?"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from remit.domain.ids import OwnerKey

MOST_EXACT = 18
"""So many options that hang together are tried in all combinations; of more a good one is looked for."""
MOST_SWAPS = 20_000
"""Exchanges tried beyond what was picked one by one: a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Option:
    """By how much it changes what is asked of each person, how many rows it writes, and what it claims: of options that
    claim the same only one can be taken.
    """

    deltas: Mapping[OwnerKey, int]
    changes: int
    claims: frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much too much each person has, and how much the others may get; whoever is in neither must not get more."""

    excess: Mapping[OwnerKey, int]
    room: Mapping[OwnerKey, int]


def choose(options: Sequence[Option], limits: Limits, most_exact: int = MOST_EXACT) -> tuple[int, ...]:
    """The places of the options to take, in order.

    Whatever is told is allowed: nobody gets more than there is room for, and nobody with too much gets more. The aim is
    the least excess in total, and of that the fewest changes. It is reached where at most `most_exact` options hang
    together by people or claims; elsewhere options are picked by relief per change, then dropped, added and exchanged
    one by one as long as that helps.
    """
    chosen: list[int] = []
    for together in _components(options):
        few = len(together) <= most_exact
        chosen += _best(options, limits, together) if few else _good(options, limits, together)
    return tuple(sorted(chosen))


@dataclass
class _Picked:
    """Some options, what is asked of people with them, and whether one more is allowed.

    `strained` are those who would get more than there is room for.
    """

    options: Sequence[Option]
    limits: Limits
    net: dict[OwnerKey, int] = field(default_factory=dict)
    claims: set[Hashable] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    strained: set[OwnerKey] = field(default_factory=set)
    relief: int = 0
    changes: int = 0

    @property
    def merit(self) -> tuple[int, int]:
        """More is better."""
        return self.relief, -self.changes

    def gain(self, place: int) -> int:
        """By how much less the excess would be in total."""
        return sum(
            self._excess(person) - self._excess(person, delta) for person, delta in self.options[place].deltas.items()
        )

    def allows(self, place: int) -> bool:
        """Whether one more may be taken. An option that only takes from people is always allowed but for its claims."""
        option = self.options[place]
        if place in self.places or not option.claims.isdisjoint(self.claims):
            return False
        return all(
            delta <= 0 or self.net.get(person, 0) + delta <= self.limits.room.get(person, 0)
            for person, delta in option.deltas.items()
        )

    def take(self, place: int, sign: int = 1) -> None:
        option = self.options[place]
        before = sum(self._excess(person) for person in option.deltas)
        for person, delta in option.deltas.items():
            net = self.net[person] = self.net.get(person, 0) + sign * delta
            if net > 0 and net > self.limits.room.get(person, 0):
                self.strained.add(person)
            else:
                self.strained.discard(person)
        self.relief += before - sum(self._excess(person) for person in option.deltas)
        self.changes += sign * option.changes
        if sign > 0:
            self.places.add(place)
            self.claims |= option.claims
        else:
            self.places.discard(place)
            self.claims -= option.claims

    def is_sound(self) -> bool:
        """Whether everybody still has room, which dropping an option that relieved somebody may end."""
        return not self.strained

    def _excess(self, person: OwnerKey, delta: int = 0) -> int:
        excess = self.limits.excess.get(person)
        return max(0, excess + self.net.get(person, 0) + delta) if excess is not None else 0


def _best(options: Sequence[Option], limits: Limits, together: Sequence[int]) -> list[int]:
    """Every combination, but for those that cannot become better than the best so far."""
    picked = _Picked(options, limits)
    best: tuple[tuple[int, int], list[int]] = ((0, 0), [])
    most = [0] * (len(together) + 1)  # what those from a place on could relieve at most
    for at in range(len(together) - 1, -1, -1):
        deltas = options[together[at]].deltas.items()
        most[at] = most[at + 1] + sum(max(0, -delta) for person, delta in deltas if person in limits.excess)

    def go_on(at: int) -> None:
        nonlocal best
        if picked.merit > best[0] and picked.is_sound():
            best = picked.merit, sorted(picked.places)
        if at == len(together) or (picked.relief + most[at], -picked.changes) <= best[0]:
            return
        place = together[at]
        if options[place].claims.isdisjoint(picked.claims):
            picked.take(place)
            go_on(at + 1)
            picked.take(place, -1)
        go_on(at + 1)

    go_on(0)
    return best[1]


def _good(options: Sequence[Option], limits: Limits, together: Sequence[int]) -> list[int]:
    picked = _Picked(options, limits)
    waiting = [(-picked.gain(place) / options[place].changes, place) for place in together]
    heapify(waiting)
    while waiting:
        told, place = heappop(waiting)
        now = -picked.gain(place) / options[place].changes
        if now >= 0 or not picked.allows(place):
            continue
        if now > told:  # worth less than when it was put in line, since others were taken
            heappush(waiting, (now, place))
        else:
            picked.take(place)
    tries = MOST_SWAPS
    while tries > 0:
        merit = picked.merit
        tries = _improved(picked, together, tries)
        if picked.merit == merit:
            break
    return sorted(picked.places)


def _improved(picked: _Picked, together: Sequence[int], tries: int) -> int:
    """Drop what is not needed, add what still helps, exchange one for another; returns how many tries are left."""
    for out in sorted(picked.places):
        before = picked.merit
        picked.take(out, -1)
        if picked.is_sound() and picked.merit > before:
            continue
        found = None
        for place in together:
            if tries <= 0:
                break
            tries -= 1
            if place == out or not picked.allows(place):
                continue
            picked.take(place)
            if picked.merit > before and picked.is_sound():
                found = place
                break
            picked.take(place, -1)
        if found is None:
            picked.take(out)
    for place in together:
        if picked.allows(place) and picked.gain(place) > 0:
            picked.take(place)
    return tries


def _components(options: Sequence[Option]) -> list[list[int]]:
    """Options that hang together by somebody they both touch or something they both claim."""
    root: dict[Hashable, Hashable] = {}

    def top(one: Hashable) -> Hashable:
        while (above := root.setdefault(one, one)) != one:
            root[one] = root.setdefault(above, above)
            one = above
        return one

    for place, option in enumerate(options):
        for other in (*(("person", one) for one in option.deltas), *(("claim", one) for one in option.claims)):
            root[top(other)] = top(("option", place))
    found: dict[Hashable, list[int]] = {}
    for place in range(len(options)):
        found.setdefault(top(("option", place)), []).append(place)
    return list(found.values())
