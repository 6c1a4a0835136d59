"""What is said of load: from where on a signal is too much, who is away, and what somebody likes or would avoid."""

from dataclasses import dataclass
from enum import StrEnum

from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey


class Worse(StrEnum):
    """Which end of a signal is the bad one."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Scale:
    """How a signal is judged where nothing else is said. `source` tells who says so; None is never reached."""

    signal: str
    worse: Worse
    watch: float | None
    overloaded: float | None
    source: str

    @property
    def says(self) -> str:
        """Who says so, as verdicts by it tell."""
        return f"default, {self.source}"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a signal is to be watched, and is too much, in its own unit; None is never reached.

    They hold for one person, or at and below an area, or with neither for the whole organisation.
    """

    signal: str
    watch: float | None
    overloaded: float | None
    area: AreaKey | None = None
    person: OwnerKey | None = None
    reason: str = ""

    @property
    def says(self) -> str:
        """Who says so, as verdicts by them tell."""
        place = "the organisation"
        if self.person is not None:
            place = f"person {self.person}"
        elif self.area is not None:
            place = f"area {self.area}"
        return f"{place}: {self.reason}" if self.reason else place


@dataclass(frozen=True, slots=True)
class Absence:
    """While it holds, a person is away for a share of their capacity, above 0 and at most 1."""

    person: OwnerKey
    share: float = 1.0
    reason: str = ""


class Wish(StrEnum):
    """What somebody would rather do with a responsibility."""

    AVOID = "avoid"
    LIKE = "like"


@dataclass(frozen=True, slots=True)
class Preference:
    """A person likes a responsibility, or would avoid it; advice heeds it, nothing else does."""

    person: OwnerKey
    responsibility: ResponsibilityKey
    wish: Wish
    reason: str = ""
