"""Where the declared model does not hold, and how much of it does."""

from dataclasses import dataclass
from enum import StrEnum

from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.people import OwnerRef


class GapKind(StrEnum):
    """What is wrong, in the order in which gaps are listed."""

    UNOWNED = "UNOWNED"
    """A function leads, but nobody of it is accountable."""
    CONFLICT = "CONFLICT"
    """Two owners, two rules or two areas of equal standing."""
    OWNER_INACTIVE = "OWNER_INACTIVE"
    """Whoever is accountable has left, and nobody stands in."""
    EXPIRED_ASSIGNMENT = "EXPIRED_ASSIGNMENT"
    """An assignment ended and nobody followed."""
    BLURRY_WITHOUT_AGREEMENT = "BLURRY_WITHOUT_AGREEMENT"
    """Several functions share it and nobody has settled which one leads."""
    AGREEMENT_REVIEW_DUE = "AGREEMENT_REVIEW_DUE"
    """The day by which an agreement should have been looked at again has passed."""
    UNMATCHED_ISSUES = "UNMATCHED_ISSUES"
    """Open issues belong to no area."""
    UNMATCHED_FEEDBACK = "UNMATCHED_FEEDBACK"
    """Feedback belongs to no area, or to several alike, and is counted in none."""
    UNMAPPED_IDENTITY = "UNMAPPED_IDENTITY"
    """An account appears in issues, and no person of the model has it."""
    OVERLOADED_OWNER = "OVERLOADED_OWNER"
    """An owner is asked for more than there are hours."""
    DRIFT = "DRIFT"
    """The work is done by another function than declared."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One place to act: what is wrong, where it is caused, how much suffers, and what to do.

    `count` is of cells (an area and a responsibility), or of issues or pieces of feedback where the kind is about
    those; of somebody who is overloaded, the cells that ask for time; of drift, the traces. `subject` names what the
    kind is about beside them: a project, a source, an account, the areas of a tie, a row of the model, a person.
    """

    kind: GapKind
    area: AreaKey | None
    responsibility: ResponsibilityKey | None
    owner: OwnerRef | None
    count: int
    message: str
    subject: str = ""

    @property
    def key(self) -> str:
        """Names the gap among those of its model, whatever its count; one about no responsibility by its subject."""
        place = (self.area or "", self.responsibility) if self.responsibility is not None else ()
        return "\t".join((self.kind, *place, self.subject))


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the cells that want an owner have somebody accountable."""

    cells: int
    covered: int

    @property
    def percent(self) -> float | None:
        """Of a hundred, cut to one decimal, so that 100 means all; None where no cell wants an owner."""
        return 1000 * self.covered // self.cells / 10 if self.cells else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of an area and everything below it. `functions` hold the cells each one leads; blurry ones have none."""

    area: AreaKey
    share: Share
    functions: tuple[tuple[FunctionKey, Share], ...]
