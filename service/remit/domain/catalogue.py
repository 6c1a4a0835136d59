"""The catalogue: functions, responsibilities, and how a responsibility is divided over functions."""

from dataclasses import dataclass
from enum import StrEnum

from remit.domain.areas import Stage
from remit.domain.ids import FunctionKey, ResponsibilityKey


class Letter(StrEnum):
    """A RACI letter, strongest first."""

    ACCOUNTABLE = "accountable"
    RESPONSIBLE = "responsible"
    CONSULTED = "consulted"
    INFORMED = "informed"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return _RANKS[self]


_RANKS = {letter: rank for rank, letter in enumerate(Letter)}


@dataclass(frozen=True, slots=True)
class Function:
    """A role family that can hold responsibilities."""

    key: FunctionKey
    name: str


@dataclass(frozen=True, slots=True)
class Split:
    """Which function leads (None: blurry) and which support it, each with a letter below accountable (R8, R10)."""

    lead: FunctionKey | None
    support: tuple[tuple[FunctionKey, Letter], ...] = ()


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One thing somebody must own, with the split that holds where nothing else is said."""

    key: ResponsibilityKey
    name: str
    description: str
    split: Split
    transferable: bool = False
    lenses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A stage's default split of one responsibility.

    `unstaffed` replaces `split` where no owner of the lead function is found by the climb (R15).
    """

    stage: Stage
    responsibility: ResponsibilityKey
    split: Split
    unstaffed: Split | None = None


@dataclass(frozen=True, slots=True)
class Lens:
    """A named dimension by which responsibilities and functions can be looked at."""

    key: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What ships with Remit and holds until an organisation says otherwise."""

    functions: tuple[Function, ...]
    responsibilities: tuple[Responsibility, ...]
    profiles: tuple[ProfileRow, ...]
    lenses: tuple[Lens, ...] = ()
