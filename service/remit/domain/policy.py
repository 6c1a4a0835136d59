"""What an organisation declares: rules, assignments, agreements, delegations, and that an owner still holds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from remit.domain.areas import Selector, Stage
from remit.domain.catalogue import Letter, Split
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey


@dataclass(frozen=True, slots=True)
class Rule:
    """Says how a responsibility is split in an area and below, in a stage, or for some issues of an area (R7, R12).

    Exactly one of `area` and `stage` is set; `split` None is deliberate non-ownership (R9).
    """

    responsibility: ResponsibilityKey
    split: Split | None
    area: AreaKey | None = None
    stage: Stage | None = None
    predicate: Selector | None = None
    reason: str = ""


class Inheritance(StrEnum):
    """How far down an assignment reaches (R23 to R25)."""

    INHERIT = "inherit"
    """Its area and everything below, unless something nearer answers."""
    APPEND = "append"
    """Adds its owner to those found at or below its area; acts as INHERIT where there are none."""
    FALLBACK = "fallback"
    """Only where nothing else is found anywhere."""
    BLOCK = "block"
    """Like INHERIT, and hides everything above; without an owner it means nobody."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Gives an area's responsibility (or `all` of a function's) to an owner; only a BLOCK may have none."""

    area: AreaKey
    responsibility: ResponsibilityKey
    function: FunctionKey
    owner: OwnerKey | None
    letter: Letter | None = None
    inherit: Inheritance = Inheritance.INHERIT
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A recorded settlement of a blurry line in an area; in force past its review date (R19)."""

    area: AreaKey
    responsibility: ResponsibilityKey
    lead: FunctionKey
    consulted: tuple[FunctionKey, ...] = ()
    review: date | None = None
    note: str = ""

    @property
    def split(self) -> Split:
        return Split(self.lead, tuple((function, Letter.CONSULTED) for function in self.consulted))


@dataclass(frozen=True, slots=True)
class Delegation:
    """For a time, one person stands in for another, at and below `area`, for some responsibilities or all (empty)."""

    from_person: OwnerKey
    to_person: OwnerKey
    area: AreaKey | None = None
    responsibilities: tuple[ResponsibilityKey, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody looked at an assignment, named by its row's key, and its owner still holds.

    It is valid from then until it is due again; a model file says nothing of it.
    """

    assignment: str
    owner: OwnerKey
    by: str
