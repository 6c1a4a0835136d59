"""What could move from one function to the other, to whom, and what that would come to for everybody touched."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from remit.domain.catalogue import Split
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Verdict

MOVE_ID = 12
"""How many characters name a move, at the beginning of the id of a proposal of it."""


@dataclass(frozen=True, slots=True)
class Move:
    """A responsibility of an area gets another lead, and one person of that function is accountable for it.

    `split` is what the rule will say. `needs_assignment`: the person is not yet the one whom that function has there.
    """

    area: AreaKey
    responsibility: ResponsibilityKey
    before: FunctionKey | None
    split: Split
    function: FunctionKey
    owner: OwnerKey
    needs_assignment: bool

    @property
    def key(self) -> str:
        """Names what is proposed, whatever the numbers are."""
        return move_key(self.area, self.responsibility, self.function, self.owner)

    @property
    def changes(self) -> int:
        """How many rows of the model it writes."""
        return 2 if self.needs_assignment else 1


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move comes to for one person. The verdict after it is that of their load once the move is made."""

    person: OwnerKey
    hours_before: float
    hours_after: float
    capacity_hours: float | None
    utilisation_before: float | None
    utilisation_after: float | None
    verdict_before: Verdict
    verdict_after: Verdict


@dataclass(frozen=True, slots=True)
class Proposal:
    """A move that may be made, alone or with all others told beside it.

    `relief_hours` is by how much less those at WATCH or above would have too much, each week. `effects` has everybody
    whose hours would change, the most relieved first. `id` names the move with all that it rests on: when any of that
    changes, or the day ends at `expires`, it is no proposal any more.
    """

    id: str
    move: Move
    relief_hours: float
    effects: tuple[Effect, ...]
    expires: datetime

    @property
    def key(self) -> str:
        """Names it in a list."""
        return self.id

    @property
    def sentence(self) -> str:
        """What is proposed and why, in one sentence."""
        first = self.effects[0]
        before, after = (f"{share:.0%}" if share is not None else "?" for share in _utilisations(first))
        return (
            f"Let {self.move.function} lead {self.move.responsibility} at {self.move.area}, with {self.move.owner} "
            f"accountable: {first.person} goes from {before} to {after} of the time there is."
        )


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Somebody does not want a move to be proposed until then."""

    move: str
    until: datetime
    reason: str
    actor: str

    @property
    def key(self) -> str:
        """Names it, as does the id of any proposal of that move, which begins so."""
        return move_id(self.move)

    @property
    def place(self) -> tuple[AreaKey, ResponsibilityKey, FunctionKey, OwnerKey]:
        """What would be led by which function, and who would be accountable."""
        area, responsibility, function, owner = self.move.split("\t")
        return AreaKey(area), ResponsibilityKey(responsibility), FunctionKey(function), OwnerKey(owner)


def move_key(area: AreaKey, responsibility: ResponsibilityKey, function: FunctionKey, owner: OwnerKey) -> str:
    """Names what is proposed, whatever the numbers are."""
    return "\t".join((area, responsibility, function, owner))


def move_id(key: str) -> str:
    """A short name for a move that can stand in an address; from its key, so that it never changes."""
    return sha256(key.encode()).hexdigest()[:MOVE_ID]


def _utilisations(effect: Effect) -> tuple[float | None, float | None]:
    return effect.utilisation_before, effect.utilisation_after
