"""What moves are looked for in: how loaded everybody is, who has time and for what, and how a cell is divided."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Verdict
from remit.domain.model import Model
from remit.domain.workload import Wish
from remit.resolution.holding import Weights
from remit.resolution.load import Demand, Drivers, Earlier, earlier, needed
from remit.resolution.load_terms import Grounds
from remit.resolution.standings import VERDICTS, Roster, Standings, roster, standings
from remit.resolution.verdicts import loud

MOST_CANDIDATES = 5
"""People looked at for one move: those with the highest skill, then those who like it, then those with most time."""
LEAST_SKILL = 1


@dataclass(frozen=True)
class Field:
    """One model and moment. What is found of it is found once, however many moves are looked at.

    `kept_roster` is what people are held against, where that is known already.
    """

    grounds: Grounds
    demand: Demand
    weights: Weights
    kept_roster: Roster | None = None

    @property
    def model(self) -> Model:
        return self.grounds.model

    @cached_property
    def standings(self) -> Standings:
        held_against = self.kept_roster or roster(self.model, self.demand.stakes.people)
        return standings(self.grounds, self.demand, held_against)

    @cached_property
    def verdicts(self) -> Mapping[OwnerKey, Verdict]:
        ranks = self.standings.ranks.tolist()
        return {key: VERDICTS[rank] for key, rank in zip(self.demand.stakes.people, ranks, strict=True)}

    @cached_property
    def loud(self) -> frozenset[AreaKey]:
        return loud(self.model)

    @cached_property
    def leading(self) -> frozenset[FunctionKey]:
        """Functions that lead something by the catalogue."""
        return frozenset(one.split.lead for one in self.model.responsibilities.values() if one.split.lead is not None)

    @cached_property
    def candidates(self) -> Mapping[tuple[FunctionKey, ResponsibilityKey], Sequence[OwnerKey]]:
        """Of each function those who can do it, do not mind, and have time, as a known and good utilisation tells."""
        ranked: dict[tuple[FunctionKey, ResponsibilityKey], list[tuple[int, bool, float, OwnerKey]]] = defaultdict(list)
        for key, person in self.model.people.items():
            if not person.active or person.function is None or self.verdicts[key] is not Verdict.OK:
                continue
            used = self.standings.of(self.demand.places[key])[0] or 0.0
            for responsibility, skill in dict(person.skills).items():
                told = self.model.preferences.get((key, responsibility))
                wish = told.body.wish if told is not None else None
                if skill >= LEAST_SKILL and wish is not Wish.AVOID:
                    ranked[person.function, responsibility].append((-skill, wish is not Wish.LIKE, used, key))
        return {place: [key for *_, key in sorted(rows)[:MOST_CANDIDATES]] for place, rows in ranked.items()}

    @cached_property
    def hours(self) -> Mapping[ResponsibilityKey, Mapping[AreaKey, float]]:
        """What each responsibility takes in each area."""
        return self._needed(self.grounds.drivers[0])

    @cached_property
    def hours_before(self) -> Mapping[ResponsibilityKey, Mapping[AreaKey, float]]:
        """What it took in the window just before, where that is looked at."""
        return self._needed(self.window_before) if self.window_before is not None else {}

    @cached_property
    def records_before(self) -> Mapping[AreaKey, int]:
        """How many records each area had by the end of the window just before."""
        if self.window_before is None:
            return {}
        held = self.window_before.issues + self.window_before.feedback
        return dict(zip(self.demand.stakes.areas, held.tolist(), strict=True))

    @cached_property
    def before(self) -> Earlier:
        """What is asked of everybody in the window just before."""
        return earlier(self.model, self.demand.stakes, self.grounds.drivers[1:2])

    @property
    def window_before(self) -> Drivers | None:
        return self.grounds.drivers[1] if len(self.grounds.drivers) > 1 else None

    def _needed(self, drivers: Drivers) -> Mapping[ResponsibilityKey, Mapping[AreaKey, float]]:
        stakes = self.demand.stakes
        told = needed(self.model, stakes.responsibilities, stakes.areas, drivers)
        return {
            responsibility: dict(zip(stakes.areas, row.tolist(), strict=True))
            for responsibility, row in zip(stakes.responsibilities, told, strict=True)
        }
