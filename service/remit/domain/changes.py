"""Changes of the model that can be asked for, in the words of the model file; what a change leaves out stays as it is.

Values are those of a file's row: letters, stages and modes as text, so that a wrong one is told like any other mistake.
A window is `[start, end)`: `start` left out is now, `end` left out is the end the row already has, `end` None is open.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from remit.domain.facts import FactKind


class Kept(Enum):
    """Stands where a change does not say anything; None, by contrast, takes away what was said."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT

Pairs = tuple[tuple[str, str], ...]
Criteria = tuple[tuple[str, tuple[str, ...]], ...]
"""A selector: each criterion with the values of which any will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowed:
    """What every statement may say besides: when it holds."""

    start: datetime | None = None
    end: datetime | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFunction(Windowed):
    """Adds a function, or overrides what the catalogue says of one. `lenses` are (lens, value)."""

    key: str
    name: str | Kept = KEPT
    lenses: Pairs | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLens(Windowed):
    """Adds a lens, or overrides what the catalogue says of one."""

    key: str
    name: str | Kept = KEPT
    description: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPerson(Windowed):
    """`identities` are (source, id), `skills` (responsibility, 0 to 3)."""

    key: str
    name: str | Kept = KEPT
    email: str | Kept | None = KEPT
    function: str | Kept | None = KEPT
    capacity_hours: float | Kept | None = KEPT
    identities: Pairs | Kept | None = KEPT
    skills: tuple[tuple[str, int], ...] | Kept | None = KEPT
    active: bool | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTeam(Windowed):
    key: str
    name: str | Kept = KEPT
    function: str | Kept | None = KEPT
    members: tuple[str, ...] | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetArea(Windowed):
    """`parent` None is the organisation, which alone has a `timezone` and needs a `stage` (R53)."""

    key: str
    name: str | Kept = KEPT
    kind: str | Kept = KEPT
    parent: str | Kept | None = KEPT
    stage: str | Kept | None = KEPT
    jira: tuple[Criteria, ...] | Kept | None = KEPT
    feedback: tuple[tuple[str, Criteria], ...] | Kept | None = KEPT
    timezone: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStage(Windowed):
    """Of an area that is there; None takes the nearest ancestor's."""

    area: str
    stage: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetJiraSelectors(Windowed):
    """Of an area that is there: all of them, instead of those it had."""

    area: str
    jira: tuple[Criteria, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFeedbackSelectors(Windowed):
    """Of an area that is there: all of them, each a source and its criteria."""

    area: str
    feedback: tuple[tuple[str, Criteria], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponsibility(Windowed):
    """Adds a responsibility, or overrides what the catalogue says of one. A split is whole (R8)."""

    key: str
    name: str | Kept = KEPT
    description: str | Kept | None = KEPT
    lead: str | Kept | None = KEPT
    support: Pairs | Kept | None = KEPT
    transferable: bool | Kept | None = KEPT
    lenses: Pairs | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMinutes(Windowed):
    """Minutes a week per unit of a driver, instead of what is assumed of this responsibility and driver.

    `row` names the row expressly; without it, it is the one of this responsibility and driver.
    """

    row: str | None = None
    responsibility: str | Kept = KEPT
    driver: str | Kept = KEPT
    minutes: float | Kept = KEPT
    reason: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetThreshold(Windowed):
    """From where on a signal is to be watched and is too much, for an area, a person or, with neither, everybody.

    `row` names the row expressly; without it, it is the one of this signal and place. None is never reached.
    """

    row: str | None = None
    signal: str | Kept = KEPT
    area: str | Kept | None = KEPT
    person: str | Kept | None = KEPT
    watch: float | Kept | None = KEPT
    overloaded: float | Kept | None = KEPT
    reason: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAbsence(Windowed):
    """`row` names the row expressly; without it, it is the one of this person. `share` is that of the capacity."""

    row: str | None = None
    person: str | Kept = KEPT
    share: float | Kept | None = KEPT
    reason: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreference(Windowed):
    """`row` names the row expressly; without it, it is the one of this person and responsibility."""

    row: str | None = None
    person: str | Kept = KEPT
    responsibility: str | Kept = KEPT
    wish: str | Kept = KEPT
    reason: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule(Windowed):
    """`row` names the row expressly; without it, it is the one of this scope, responsibility and predicate (R1).

    A split is whole (R8): whoever says `lead` or `unowned` says all of it. `support` is (function, letter).
    """

    row: str | None = None
    area: str | Kept | None = KEPT
    stage: str | Kept | None = KEPT
    issue: Criteria | Kept | None = KEPT
    responsibility: str | Kept = KEPT
    lead: str | Kept | None = KEPT
    support: Pairs | Kept | None = KEPT
    unowned: bool | Kept | None = KEPT
    reason: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAssignment(Windowed):
    """`row` names the row expressly; without it, it is the one of this area, responsibility, function and owner."""

    row: str | None = None
    area: str | Kept = KEPT
    responsibility: str | Kept = KEPT
    function: str | Kept = KEPT
    owner: str | Kept | None = KEPT
    letter: str | Kept | None = KEPT
    inherit: str | Kept | None = KEPT
    reason: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgreement(Windowed):
    """`row` names the row expressly; without it, it is the one of this area and responsibility."""

    row: str | None = None
    area: str | Kept = KEPT
    responsibility: str | Kept = KEPT
    lead: str | Kept = KEPT
    consulted: tuple[str, ...] | Kept | None = KEPT
    review: date | Kept | None = KEPT
    note: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDelegation(Windowed):
    """`row` names the row expressly; without it, it is the one of these people, area and responsibilities."""

    row: str | None = None
    from_person: str | Kept = KEPT
    to_person: str | Kept = KEPT
    area: str | Kept | None = KEPT
    responsibilities: tuple[str, ...] | Kept | None = KEPT
    reason: str | Kept | None = KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRow:
    """The row holds until `at` (None: now); windows that have not begun by then are withdrawn."""

    kind: FactKind
    key: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Whatever a person holds ends at `at` (None: now) and is another person's or team's from then on.

    That is every assignment, and every delegation to the person; those from the person end. `to` None hands over to
    nobody. A person who `leaves` is inactive and in no team from then on, else both are let alone.
    """

    person: str
    to: str | None = None
    at: datetime | None = None
    leaves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOwner:
    """An assignment was looked at and its owner still holds: confirmed at `at` (None: now), due again at `due`.

    `row` is the assignment's key; without it, it is the one of this area, responsibility, function and owner. `by` is
    the key of the person who looked; None is whoever asks for the change.
    """

    by: str | None = None
    due: datetime
    at: datetime | None = None
    row: str | None = None
    area: str | None = None
    responsibility: str | None = None
    function: str | None = None
    owner: str | None = None


SetWorkload = SetMinutes | SetThreshold | SetAbsence | SetPreference
SetStatement = SetRule | SetAssignment | SetAgreement | SetDelegation | SetWorkload
SetNoun = SetFunction | SetPerson | SetTeam | SetArea | SetResponsibility | SetLens
SetPart = SetStage | SetJiraSelectors | SetFeedbackSelectors
SetRow = SetNoun | SetPart | SetStatement
Change = SetRow | EndRow | HandOver | ConfirmOwner
"""Every change there is."""
