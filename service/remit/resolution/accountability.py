"""For which cells is each person and team accountable, and what do teams hold as such?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remit.domain.answers import Holder
from remit.domain.catalogue import Letter
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.model import Model
from remit.domain.parties import Party, PartyKind, active_people
from remit.domain.people import OwnerKind, OwnerRef
from remit.resolution.holding import Row, Stakes, Weights, holders, within
from remit.resolution.signals.samples import Ints

NO_CELLS: Ints = np.array([], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Accountability:
    """`cells` are the (area, responsibility) pairs that each owner is accountable for, numbered area by area.

    `joint` are the stakes that people have through a team, under that team instead of theirs.
    """

    areas: tuple[AreaKey, ...]
    responsibilities: int
    cells: dict[OwnerRef, Ints]
    joint: Stakes

    def cells_of(self, model: Model, party: Party) -> Ints:
        """Those of a party, each once: a person's in person and through their teams; a team's as such and its members'
        in person; a function's as those of its people.
        """
        found = [self.cells.get(owner, NO_CELLS) for owner in _answering(model, party)]
        return np.unique(np.concatenate([NO_CELLS, *found]))

    def areas_of(self, model: Model, party: Party) -> tuple[AreaKey, ...]:
        """The areas of those cells, by key."""
        return tuple(self.areas[place] for place in np.unique(self.cells_of(model, party) // self.responsibilities))


def accountability(model: Model, weights: Weights, held: Mapping[AreaKey, Row] | None = None) -> Accountability:
    """That of everybody, in every area; areas and teams by key. `held` are the holders, where they are known."""
    areas, teams, rows = tuple(sorted(model.areas)), tuple(sorted(model.teams)), tuple(model.responsibilities)
    places = {area: place for place, area in enumerate(areas)}
    team_places = {team: place for place, team in enumerate(teams)}
    known: dict[int, tuple[Sequence[tuple[OwnerRef, int]], Sequence[tuple[int, int, float]]]] = {}
    cells: dict[OwnerRef, list[int]] = defaultdict(list)
    joint: list[tuple[int, int, int, float]] = []
    for area, row in (holders(model) if held is None else held).items():
        if id(row) not in known:  # quiet areas share the row of the area above
            told = [row[responsibility] for responsibility in rows]
            known[id(row)] = tuple(_accountable(told)), tuple(_through_teams(model, told, weights, team_places))
        accountable, parts = known[id(row)]
        for owner, number in accountable:
            cells[owner].append(places[area] * len(rows) + number)
        joint += [(team, places[area], number, share) for team, number, share in parts]
    team, where, what = (np.array([one[column] for one in joint], dtype=np.int64) for column in range(3))
    share = np.array([one[3] for one in joint], dtype=np.float64)
    stakes = Stakes(teams, areas, rows, team, where, what, share, np.zeros(len(teams), dtype=np.int64))
    numbered = {owner: np.array(numbers, dtype=np.int64) for owner, numbers in cells.items()}
    return Accountability(areas, len(rows), numbered, stakes)


def _accountable(row: Sequence[tuple[Holder, ...]]) -> Iterator[tuple[OwnerRef, int]]:
    """Everybody with that letter, beside the place of the responsibility."""
    for number, held in enumerate(row):
        for one in held:
            if one.letter is Letter.ACCOUNTABLE:
                yield one.owner, number


def _through_teams(
    model: Model, row: Sequence[tuple[Holder, ...]], weights: Weights, places: dict[OwnerKey, int]
) -> Iterator[tuple[int, int, float]]:
    """The share of each member in what a team holds: the team's place, the responsibility's, and the share."""
    for number, held in enumerate(row):
        whole = sum(weights.get(one.letter, 0) for one in held)
        for one in held:
            weight = weights.get(one.letter, 0)
            if one.owner.kind is OwnerKind.TEAM and weight:
                for share in within(model, one.owner).values():
                    yield places[one.owner.key], number, float(share * weight / whole)


def _answering(model: Model, party: Party) -> Iterator[OwnerRef]:
    """Under whose names a party is accountable."""
    people = active_people(model, party)
    yield from (OwnerRef(OwnerKind.PERSON, key) for key in people)
    if party.kind is PartyKind.TEAM:
        yield OwnerRef(OwnerKind.TEAM, OwnerKey(party.key))
    else:
        here = frozenset(people)
        teams = (key for key, team in model.teams.items() if not here.isdisjoint(team.members))
        yield from (OwnerRef(OwnerKind.TEAM, key) for key in teams)
