"""The tree of what can be owned, and the selectors that tie Jira and feedback to it."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from remit.domain.ids import AreaKey


class Stage(StrEnum):
    """How far a company or product has grown; decides which profile of default splits applies."""

    STARTUP = "startup"
    SCALE_UP = "scale_up"
    ENTERPRISE = "enterprise"


class Criterion(StrEnum):
    """What a selector can ask of an issue, in falling strength (R28)."""

    EPIC = "epic"
    COMPONENT = "component"
    TEAM = "team"
    LABEL = "label"
    TYPE = "type"
    PROJECT = "project"


STRENGTH: tuple[Criterion, ...] = tuple(Criterion)


@dataclass(frozen=True, slots=True)
class Selector:
    """A predicate on issues: every criterion must hold, any of its values suffices (R28).

    `criteria` is sorted by strength and holds each criterion once; values are trimmed, NFC, sorted and unique.
    """

    criteria: tuple[tuple[Criterion, tuple[str, ...]], ...]

    @property
    def standing(self) -> tuple[int, tuple[bool, ...]]:
        """More criteria beat fewer; at equal counts the strongest criterion decides (R29). Larger is stronger."""
        held = {criterion for criterion, _ in self.criteria}
        return len(held), tuple(criterion in held for criterion in STRENGTH)

    def __str__(self) -> str:
        told = ((criterion, " or ".join(_quoted(value) for value in values)) for criterion, values in self.criteria)
        return " and ".join(f"{criterion} {values}" for criterion, values in told)


def _quoted(value: str) -> str:
    """The value, in quotes unless it is one word: two selectors never read the same."""
    return value if re.fullmatch(r"[\w.-]+", value) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class FeedbackSelector:
    """Ties feedback to an area: a source and what its items must carry, as sorted (field, values)."""

    source: str
    criteria: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A node of the tree; `kind` is free text. Only the root (the organisation) has no parent; it has a time zone."""

    key: AreaKey
    name: str
    kind: str
    parent: AreaKey | None
    stage: Stage | None = None
    jira: tuple[Selector, ...] = ()
    feedback: tuple[FeedbackSelector, ...] = ()
    timezone: str | None = None
