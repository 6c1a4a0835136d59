"""How loaded several people are together: the members of a team, or everybody of a function."""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Signal, Verdict
from remit.domain.parties import Party


@dataclass(frozen=True, slots=True)
class Standing:
    """How loaded one of them is. `utilisation` is None where nothing can be divided."""

    person: OwnerKey
    utilisation: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class GroupContribution:
    """What one responsibility in one area asks of them together, in hours a week, and of how many of them."""

    area: AreaKey
    responsibility: ResponsibilityKey
    demand_hours: float
    people: int

    @property
    def key(self) -> str:
        """Names it among those of one load."""
        return f"{self.area} {self.responsibility}"


@dataclass(frozen=True, slots=True)
class GroupLoad:
    """How loaded the active people of a team or a function are together.

    The demand is the sum of what each of them is asked for, in whatever team or in person, and exactly what the
    contributions come to. `joint_hours` is how much of it a team is asked for as such; None for a function. Without the
    capacity of every one of them that of all is not known. `members` are the most loaded first.
    """

    party: Party
    verdict: Verdict
    demand_hours: float | None
    joint_hours: float | None
    capacity_hours: float | None
    utilisation: float | None
    operational_share: float | None
    members: tuple[Standing, ...]
    contributions: tuple[GroupContribution, ...]
    signals: tuple[Signal, ...]
    data_as_of: datetime | None

    def how_many(self, verdict: Verdict) -> int:
        """Members with that verdict."""
        return sum(one.verdict is verdict for one in self.members)
