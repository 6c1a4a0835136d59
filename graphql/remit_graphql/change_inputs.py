"""What clients say when they change the model: an input per statement, read into the changes of the domain."""

from collections.abc import Iterable
from datetime import date, datetime

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from remit.domain import changes as domain
from remit.domain.areas import Stage
from remit.domain.catalogue import Letter
from remit.domain.facts import FactKind
from remit.domain.policy import Inheritance
from remit_graphql import areas, history, ownership
from remit_graphql.change_said import KEPT, ROW, Said, Windowed
from remit_graphql.change_words import (
    FeedbackSelectorInput,
    IdentityInput,
    LensInput,
    SelectorInput,
    SkillInput,
    SupportInput,
)
from remit_graphql.workload_inputs import AbsenceInput, MinutesInput, PreferenceInput, ThresholdInput

NAMING = (areas, history, ownership)
"""Imported first: they give stages, kinds of rows, letters and modes their names in the graph."""


@strawberry.input(description=KEPT)
class FunctionInput(Windowed):
    CHANGE = domain.SetFunction
    key: str
    name: str | None = UNSET
    lenses: list[LensInput] | None = UNSET


@strawberry.input(description=KEPT)
class LensRowInput(Windowed):
    CHANGE = domain.SetLens
    key: str
    name: str | None = UNSET
    description: str | None = UNSET


@strawberry.input(description=KEPT)
class PersonInput(Windowed):
    CHANGE = domain.SetPerson
    key: str
    name: str | None = UNSET
    email: str | None = UNSET
    function: str | None = UNSET
    capacity_hours: float | None = UNSET
    identities: list[IdentityInput] | None = UNSET
    skills: list[SkillInput] | None = UNSET
    active: bool | None = UNSET


@strawberry.input(description=KEPT)
class TeamInput(Windowed):
    CHANGE = domain.SetTeam
    key: str
    name: str | None = UNSET
    function: str | None = UNSET
    members: list[str] | None = UNSET


@strawberry.input(description=f"{KEPT} `parent: null` is the organisation, which alone has a time zone.")
class AreaInput(Windowed):
    CHANGE = domain.SetArea
    key: str
    name: str | None = UNSET
    kind: str | None = UNSET
    parent: str | None = UNSET
    stage: Stage | None = UNSET
    jira: list[SelectorInput] | None = UNSET
    feedback: list[FeedbackSelectorInput] | None = UNSET
    timezone: str | None = UNSET


@strawberry.input(description="The stage of an area that is there; null takes the nearest ancestor's.")
class AreaStageInput(Windowed):
    CHANGE = domain.SetStage
    area: str
    stage: Stage | None = UNSET


@strawberry.input(description="All Jira selectors of an area that is there, instead of those it had.")
class JiraSelectorsInput(Windowed):
    CHANGE = domain.SetJiraSelectors
    area: str
    jira: list[SelectorInput]


@strawberry.input(description="All feedback selectors of an area that is there, instead of those it had.")
class FeedbackSelectorsInput(Windowed):
    CHANGE = domain.SetFeedbackSelectors
    area: str
    feedback: list[FeedbackSelectorInput]


@strawberry.input(description=f"{KEPT} A split is whole: `lead` without `support` leaves none. `lead: null` is blurry.")
class ResponsibilityInput(Windowed):
    CHANGE = domain.SetResponsibility
    key: str
    name: str | None = UNSET
    description: str | None = UNSET
    lead: str | None = UNSET
    support: list[SupportInput] | None = UNSET
    transferable: bool | None = UNSET
    lenses: list[LensInput] | None = UNSET


@strawberry.input(description=f"{KEPT} A rule has exactly one of `area` and `stage`, and one of `lead` and `unowned`.")
class RuleInput(Windowed):
    CHANGE = domain.SetRule
    row: str | None = ROW
    area: str | None = UNSET
    stage: Stage | None = UNSET
    issue: SelectorInput | None = UNSET
    responsibility: str | None = UNSET
    lead: str | None = UNSET
    support: list[SupportInput] | None = UNSET
    unowned: bool | None = UNSET
    reason: str | None = UNSET


@strawberry.input(description=f"{KEPT} `responsibility` may be `all`.")
class AssignmentInput(Windowed):
    CHANGE = domain.SetAssignment
    row: str | None = ROW
    area: str | None = UNSET
    responsibility: str | None = UNSET
    function: str | None = UNSET
    owner: str | None = UNSET
    letter: Letter | None = UNSET
    inherit: Inheritance | None = UNSET
    reason: str | None = UNSET


@strawberry.input(description=KEPT)
class AgreementInput(Windowed):
    CHANGE = domain.SetAgreement
    row: str | None = ROW
    area: str | None = UNSET
    responsibility: str | None = UNSET
    lead: str | None = UNSET
    consulted: list[str] | None = UNSET
    review: date | None = UNSET
    note: str | None = UNSET


@strawberry.input(description=f"{KEPT} Without `responsibilities` all of them; `to` is needed.")
class DelegationInput(Windowed):
    CHANGE = domain.SetDelegation
    row: str | None = ROW
    from_person: str | None = UNSET
    to_person: str | None = UNSET
    area: str | None = UNSET
    responsibilities: list[str] | None = UNSET
    reason: str | None = UNSET


@strawberry.input(description="The row holds until `at`; a row that has not begun by then is withdrawn.")
class EndInput(Said):
    CHANGE = domain.EndRow
    kind: FactKind
    key: str
    at: datetime | None = strawberry.field(default=UNSET, description="Now, when it is left out.")


@strawberry.input(description="Whatever a person holds is another's from `at` on.")
class HandOverInput(Said):
    CHANGE = domain.HandOver
    person: str
    to: str | None = strawberry.field(default=UNSET, description="A person or team; nobody, when it is left out.")
    at: datetime | None = strawberry.field(default=UNSET, description="Now, when it is left out.")
    leaves: bool = strawberry.field(default=False, description="Whether the person is inactive and in no team then.")


@strawberry.input(description="An assignment's owner was asked and still holds; due again at `due`.")
class ConfirmationInput(Said):
    CHANGE = domain.ConfirmOwner
    by: str | None = strawberry.field(
        default=UNSET, description="The key of the person who looked; whoever sends this, when it is left out."
    )
    due: datetime
    at: datetime | None = strawberry.field(default=UNSET, description="Now, when it is left out.")
    row: str | None = ROW
    area: str | None = UNSET
    responsibility: str | None = UNSET
    function: str | None = UNSET
    owner: str | None = UNSET


@strawberry.input(one_of=True, description="One change of any kind.")
class ChangeInput:
    function: FunctionInput | None = UNSET
    person: PersonInput | None = UNSET
    team: TeamInput | None = UNSET
    area: AreaInput | None = UNSET
    area_stage: AreaStageInput | None = UNSET
    jira_selectors: JiraSelectorsInput | None = UNSET
    feedback_selectors: FeedbackSelectorsInput | None = UNSET
    responsibility: ResponsibilityInput | None = UNSET
    lens: LensRowInput | None = UNSET
    minutes: MinutesInput | None = UNSET
    threshold: ThresholdInput | None = UNSET
    absence: AbsenceInput | None = UNSET
    preference: PreferenceInput | None = UNSET
    rule: RuleInput | None = UNSET
    assignment: AssignmentInput | None = UNSET
    agreement: AgreementInput | None = UNSET
    delegation: DelegationInput | None = UNSET
    end: EndInput | None = UNSET
    hand_over: HandOverInput | None = UNSET
    confirmation: ConfirmationInput | None = UNSET


def changes_of(told: Iterable[ChangeInput]) -> list[domain.Change]:
    """The changes in the order given."""
    return [_member(one)[1].change() for one in told]


def places_of(told: Iterable[ChangeInput]) -> list[str]:
    """The arguments in which they were given, such as `changes[3].assignment`."""
    return [f"changes[{index}].{to_camel_case(_member(one)[0])}" for index, one in enumerate(told)]


def _member(told: ChangeInput) -> tuple[str, Said]:
    """The name and the input of the one that is set."""
    ((name, said),) = ((name, value) for name, value in vars(told).items() if isinstance(value, Said))
    return name, said
