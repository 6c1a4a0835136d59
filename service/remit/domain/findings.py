"""What is wrong with a selector: it can never match, another one always decides, or a name nearly fits."""

from dataclasses import dataclass
from enum import StrEnum

from remit.domain.ids import AreaKey


class SelectorFault(StrEnum):
    """What the lint of selectors looks for."""

    NEVER_MATCHES = "NEVER_MATCHES"
    """None of the values it asks for in one criterion is in use."""
    UNKNOWN_VALUE = "UNKNOWN_VALUE"
    """One of several values is not in use; the others are."""
    TEAM_NOT_READ = "TEAM_NOT_READ"
    """It asks for a team, and no issue has one (R36)."""
    SHADOWED = "SHADOWED"
    """A deeper area has a selector that takes all of its issues (R31)."""
    TIED = "TIED"
    """An area just as deep has a selector that claims all of its issues (R30)."""
    NEAR_MISS = "NEAR_MISS"
    """A name in use differs only in case, spaces or Unicode form (R34)."""


@dataclass(frozen=True, slots=True)
class SelectorFinding:
    """One fault of one selector of an area (or of an issue rule there); `other` is the area that takes its issues."""

    fault: SelectorFault
    area: AreaKey
    selector: str
    message: str
    other: AreaKey | None = None

    @property
    def key(self) -> str:
        """Names the finding among those of its model."""
        return "\t".join((self.fault, self.area, self.message))
