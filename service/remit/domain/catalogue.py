"""The catalogue: functions, responsibilities, how one is divided over functions, and how much work it is."""

from dataclasses import dataclass
from enum import StrEnum

from remit.domain.areas import Stage
from remit.domain.ids import FunctionKey, ResponsibilityKey
from remit.domain.workload import Scale


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
    lenses: tuple[tuple[str, str], ...] = ()
    """(lens, value), in the order of the lenses' keys."""


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
    """(lens, value), in the order of the lenses' keys."""


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
    description: str = ""


class Driver(StrEnum):
    """What the work of a responsibility grows with, each counted over a week in one area."""

    OPEN_ITEMS = "open_items"
    WIP = "wip"
    ARRIVALS = "arrivals"
    COMPLETIONS = "completions"
    FEEDBACK_ARRIVALS = "feedback_arrivals"
    AREAS = "areas"


@dataclass(frozen=True, slots=True)
class Minutes:
    """How many minutes a week one unit of a driver takes whoever holds the responsibility."""

    responsibility: ResponsibilityKey
    driver: Driver
    minutes: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What ships with Remit and holds until an organisation says otherwise."""

    functions: tuple[Function, ...]
    responsibilities: tuple[Responsibility, ...]
    profiles: tuple[ProfileRow, ...]
    lenses: tuple[Lens, ...] = ()
    minutes: tuple[Minutes, ...] = ()
    scales: tuple[Scale, ...] = ()
    shares: tuple[tuple[Letter, int], ...] = ()
    """How much of the work of a cell a holder takes, beside its other holders, by letter; the others take none."""
