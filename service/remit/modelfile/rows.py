"""The shapes of a model file's sections: which keys a row may have, and of what kind."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, StringConstraints

from remit.domain.areas import Stage
from remit.domain.catalogue import Driver, Letter
from remit.domain.policy import Inheritance
from remit.domain.workload import Wish

MOST_MINUTES = 7 * 24 * 60
"""Those of a week: one unit cannot take longer."""


def is_text(told: str) -> bool:
    """Whether a database can hold it: neither NUL nor half of a character, both of which an escape can say."""
    return "\0" not in told and not any("\ud800" <= character <= "\udfff" for character in told)


def _text(told: str) -> str:
    if not is_text(told):
        raise ValueError("it holds what is no character (NUL, or half of one); take it out")
    return told


Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_text)]
Text = Annotated[str, StringConstraints(max_length=5000), AfterValidator(_text)]
Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_text)]


def _listed(told: object) -> object:
    if isinstance(told, str):
        return [told]
    if not isinstance(told, list):
        raise ValueError("write a text here, in quotes if it looks like a number, or a list of texts")
    return told


Values = Annotated[list[Value], Field(min_length=1), BeforeValidator(_listed)]
"""One text, or several of which any will do."""


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Windowed(Shape):
    """Any row may name its key and the stretch of time it holds for; instants are read later, in the file's zone."""

    key: Key | None = None
    start: str | None = Field(default=None, alias="from")
    end: str | None = Field(default=None, alias="to")


class Keyed(Windowed):
    key: Key


class LensRow(Keyed):
    name: Text
    description: Text = ""


class FunctionRow(Keyed):
    name: Text
    lenses: dict[Key, Value] = Field(default_factory=dict)


class PersonRow(Keyed):
    name: Text
    email: Value | None = None
    function: Key | None = None
    capacity_hours: Annotated[FiniteFloat, Field(ge=0, le=168)] | None = None
    identities: dict[Key, Values] = Field(default_factory=dict)
    skills: dict[Key, Annotated[int, Field(strict=True, ge=0, le=3)]] = Field(default_factory=dict)
    active: bool = True


class TeamRow(Keyed):
    name: Text
    function: Key | None = None
    members: list[Key] = Field(default_factory=list)


class SelectorRow(Shape):
    epic: Values | None = None
    component: Values | None = None
    team: Values | None = None
    label: Values | None = None
    type: Values | None = None
    project: Values | None = None


class FeedbackRow(BaseModel):
    """`source` and whatever criteria that source knows; the sources check them."""

    model_config = ConfigDict(extra="allow")
    source: Key


class AreaRow(Keyed):
    name: Text
    kind: Text
    parent: Key
    stage: Stage | None = None
    jira: list[SelectorRow] = Field(default_factory=list)
    feedback: list[FeedbackRow] = Field(default_factory=list)


class OrganisationRow(Shape):
    """The root: it always has a stage (R53), is never limited in time, and matches by its own selectors only (R33)."""

    key: Key
    name: Text
    stage: Stage
    timezone: str = "UTC"
    jira: list[SelectorRow] = Field(default_factory=list)
    feedback: list[FeedbackRow] = Field(default_factory=list)


class OrganisationVersionRow(OrganisationRow, Windowed):
    """What the organisation was over a stretch of time; together the versions leave no gap, and the last has no end."""


def _never_accountable(letter: Letter) -> Letter:
    if letter is Letter.ACCOUNTABLE:
        raise ValueError("a supporting function is never accountable; only the lead is (R10)")
    return letter


class SupportRow(Shape):
    function: Key
    letter: Annotated[Letter, AfterValidator(_never_accountable)]


class RuleRow(Windowed):
    area: Key | None = None
    stage: Stage | None = None
    issue: SelectorRow | None = None
    responsibility: Key
    lead: Key | None = None
    support: list[SupportRow] = Field(default_factory=list)
    unowned: bool = False
    reason: Text = ""


class ResponsibilityRow(Keyed):
    name: Text
    description: Text = ""
    lead: Key | None
    support: list[SupportRow] = Field(default_factory=list)
    transferable: bool = False
    lenses: dict[Key, Value] = Field(default_factory=dict)


class MinutesRow(Windowed):
    responsibility: Key
    driver: Driver
    minutes: Annotated[FiniteFloat, Field(strict=True, ge=0, le=MOST_MINUTES)]
    reason: Text = ""


class ThresholdRow(Windowed):
    signal: Key
    area: Key | None = None
    person: Key | None = None
    watch: Annotated[FiniteFloat, Field(strict=True)] | None = None
    overloaded: Annotated[FiniteFloat, Field(strict=True)] | None = None
    reason: Text = ""


class AbsenceRow(Windowed):
    person: Key
    share: Annotated[FiniteFloat, Field(strict=True, gt=0, le=1)] = 1.0
    end: str = Field(alias="to")
    reason: Text = ""


class PreferenceRow(Windowed):
    person: Key
    responsibility: Key
    wish: Wish
    reason: Text = ""


class AssignmentRow(Windowed):
    area: Key
    responsibility: Key
    function: Key
    owner: Key | None = None
    letter: Letter | None = None
    inherit: Inheritance = Inheritance.INHERIT
    reason: Text = ""


class AgreementRow(Windowed):
    area: Key
    responsibility: Key
    lead: Key
    consulted: list[Key] = Field(default_factory=list)
    review: str | None = None
    note: Text = ""


class DelegationRow(Windowed):
    from_person: Key
    to_person: Key
    area: Key | None = None
    responsibilities: list[Key] = Field(default_factory=list)
    end: str = Field(alias="to")
    reason: Text = ""


class File(Shape):
    """The sections; rows are read one by one, so that a mistake in one does not hide those in others."""

    version: Literal[1]
    organisation: Any
    lenses: list[Any] = Field(default_factory=list)
    functions: list[Any] = Field(default_factory=list)
    people: list[Any] = Field(default_factory=list)
    teams: list[Any] = Field(default_factory=list)
    areas: list[Any] = Field(default_factory=list)
    rules: list[Any] = Field(default_factory=list)
    responsibilities: list[Any] = Field(default_factory=list)
    minutes: list[Any] = Field(default_factory=list)
    thresholds: list[Any] = Field(default_factory=list)
    absences: list[Any] = Field(default_factory=list)
    preferences: list[Any] = Field(default_factory=list)
    assignments: list[Any] = Field(default_factory=list)
    agreements: list[Any] = Field(default_factory=list)
    delegations: list[Any] = Field(default_factory=list)
