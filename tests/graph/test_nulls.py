"""What null says in every nullable field of every input: the field is taken away, or it is refused at the argument."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, build_schema, is_non_null_type

from remit.domain.facts import FactKind
from remit.domain.viewer import Scope, Viewer
from remit.modelfile.write import statement
from remit.usecases.desk import Desk
from remit_graphql.print_schema import printed
from support.asking_http import ask, asking
from support.desks import NOW, a_desk

MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: Europe/Madrid}
lenses: [{key: rhythm, name: Rhythm, description: How often}]
functions: [{key: design, name: Design, lenses: {rhythm: daily}}]
people:
  - {key: ana, name: Ana, email: ana@acme.example, function: design, capacity_hours: 20, identities: {jira: a},
     skills: {innovation: 2}, active: false}
  - {key: pat, name: Pat}
teams: [{key: desk, name: Desk, function: design, members: [ana]}]
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, stage: startup, jira: [{project: S}],
     feedback: [{source: zendesk, tags: [shop]}]}
responsibilities:
  - {key: notes, name: Notes, description: What changed, lead: design,
     support: [{function: product_management, letter: consulted}], transferable: true, lenses: {rhythm: release}}
minutes: [{key: m, responsibility: notes, driver: areas, minutes: 9, reason: measured}]
thresholds:
  - {key: t, signal: wip, area: shop, watch: 5, overloaded: 8, reason: measured}
absences: [{key: b, person: ana, share: 0.5, reason: leave, to: 2099-01-01}]
preferences: [{key: p, person: ana, responsibility: notes, wish: avoid, reason: asked}]
rules:
  - {key: r, area: shop, issue: {type: Bug}, responsibility: innovation, lead: design,
     support: [{function: product_management, letter: consulted}], reason: a trial}
assignments:
  - {key: a, area: shop, responsibility: notes, function: design, owner: pat, letter: accountable, inherit: block,
     reason: a trial}
agreements:
  - {key: g, area: shop, responsibility: leadership, lead: design, consulted: [product_management], review: 2099-01-01,
     note: for now}
delegations:
  - {key: d, from_person: ana, to_person: pat, area: shop, responsibilities: [notes], reason: leave, to: 2099-01-01}
"""
"""Every field of every row is said."""

INPUTS: dict[str, tuple[str, dict[str, Any]]] = {
    "FunctionInput": ("setFunction", {"key": "design"}),
    "LensRowInput": ("setLens", {"key": "rhythm"}),
    "PersonInput": ("setPerson", {"key": "ana"}),
    "TeamInput": ("setTeam", {"key": "desk"}),
    "AreaInput": ("setArea", {"key": "shop"}),
    "AreaStageInput": ("setAreaStage", {"area": "shop", "stage": "STARTUP"}),
    "JiraSelectorsInput": ("setJiraSelectors", {"area": "shop", "jira": [{"project": "S"}]}),
    "FeedbackSelectorsInput": ("setFeedbackSelectors", {"area": "shop", "feedback": []}),
    "ResponsibilityInput": ("setResponsibility", {"key": "notes"}),
    "MinutesInput": ("setMinutes", {"row": "m"}),
    "ThresholdInput": ("setThreshold", {"row": "t"}),
    "AbsenceInput": ("setAbsence", {"row": "b", "to": "2099-01-01T00:00:00+01:00"}),
    "PreferenceInput": ("setPreference", {"row": "p"}),
    "RuleInput": ("setRule", {"row": "r"}),
    "AssignmentInput": ("setAssignment", {"row": "a"}),
    "AgreementInput": ("setAgreement", {"row": "g"}),
    "DelegationInput": ("setDelegation", {"row": "d", "to": "2099-01-01T00:00:00+01:00"}),
    "EndInput": ("endRow", {"kind": "RULE", "key": "r"}),
    "HandOverInput": ("handOver", {"person": "pat", "to": "ana"}),
    "ConfirmationInput": ("confirmOwner", {"row": "a", "due": "2027-11-23T12:00:00Z"}),
}
"""By which mutation each input is sent, and how it names a row of the model."""

EMPTIED = {
    "FunctionInput": ["lenses"],
    "LensRowInput": ["description"],
    "PersonInput": ["email", "function", "capacityHours", "identities", "skills", "active"],
    "TeamInput": ["function", "members"],
    "AreaInput": ["stage", "jira", "feedback"],
    "AreaStageInput": ["stage"],
    "ResponsibilityInput": ["description", "support", "lenses"],
    "MinutesInput": ["reason"],
    "ThresholdInput": ["area", "reason"],
    "AbsenceInput": ["share", "reason"],
    "PreferenceInput": ["reason"],
    "RuleInput": ["issue", "support", "reason"],
    "AssignmentInput": ["owner", "letter", "inherit", "reason"],
    "AgreementInput": ["consulted", "review", "note"],
    "DelegationInput": ["area", "responsibilities", "reason"],
}
NEEDED = {
    "FunctionInput": ["name"],
    "LensRowInput": ["name"],
    "PersonInput": ["name"],
    "TeamInput": ["name"],
    "AreaInput": ["name", "kind"],
    "ResponsibilityInput": ["name"],
    "MinutesInput": ["responsibility", "driver", "minutes"],
    "ThresholdInput": ["signal"],
    "AbsenceInput": ["person"],
    "PreferenceInput": ["person", "responsibility", "wish"],
    "AssignmentInput": ["area", "responsibility", "function"],
    "AgreementInput": ["area", "responsibility", "lead"],
    "RuleInput": ["responsibility"],
    "DelegationInput": ["fromPerson", "toPerson"],
}
AS_LEFT_OUT = {
    **{name: ["from", "to"] for name in [*EMPTIED, "JiraSelectorsInput", "FeedbackSelectorsInput"]},
    "AreaInput": ["from", "to", "timezone"],
    "RuleInput": ["from", "to", "row", "stage", "unowned"],
    "MinutesInput": ["from", "to", "row"],
    "ThresholdInput": ["from", "to", "row", "person"],
    "AbsenceInput": ["from", "row"],
    "PreferenceInput": ["from", "to", "row"],
    "AssignmentInput": ["from", "to", "row"],
    "AgreementInput": ["from", "to", "row"],
    "DelegationInput": ["from", "row"],
    "EndInput": ["at"],
    "HandOverInput": ["to", "at"],
    "ConfirmationInput": ["by", "at", "row", "area", "responsibility", "function", "owner"],
}
"""Where null names an instant or a row: now, no end, or the one that the rest tells."""
ELSE = {
    ("AreaInput", "parent"): [("input.parent", "TWO_ROOTS")],
    ("ResponsibilityInput", "lead"): [("input.lead", "SPLIT")],
    ("ResponsibilityInput", "transferable"): [],
    ("RuleInput", "area"): [("input", "SCOPE")],
    ("RuleInput", "lead"): [("input.lead", "SPLIT")],
    ("DelegationInput", "to"): [("input.to", "MISSING_FIELD")],
    ("AbsenceInput", "to"): [("input.to", "MISSING_FIELD")],
    ("ThresholdInput", "watch"): [],
    ("ThresholdInput", "overloaded"): [],
}
"""Where null says something, and what is wrong with that here."""

IN_THE_FILE = {"capacityHours": "capacity_hours", "fromPerson": "from_person", "toPerson": "to_person"}


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, field) for name, fields in table.items() for field in fields]


def nullable_fields() -> set[tuple[str, str]]:
    """Of every input that a change is said by."""
    change = build_schema(printed()).type_map["ChangeInput"]
    assert isinstance(change, GraphQLInputObjectType)
    return {
        (member.type.name, name)
        for member in change.fields.values()
        for name, field in member.type.fields.items()
        if not is_non_null_type(field.type)
    }


def test_every_nullable_field_of_every_input_is_tried_below() -> None:
    tried = [*pairs(EMPTIED), *pairs(NEEDED), *pairs(AS_LEFT_OUT), *ELSE]
    assert sorted(tried) == sorted(nullable_fields())


@pytest.fixture
async def desk() -> Desk:
    return await a_desk(model=MODEL)


async def made(desk: Desk, name: str, said: dict[str, Any]) -> dict[str, Any]:
    told = "plan errors { path code message }"
    document = f"mutation($said: {name}!) {{ made: {INPUTS[name][0]}(input: $said) {{ {told} }} }}"
    async with asking(desk, viewer=Viewer("ci", Scope.WRITE)) as graph:
        answer: dict[str, Any] = (await ask(graph, document, said=said))["made"]
    return answer


async def sent(desk: Desk, name: str, /, **more: Any) -> dict[str, Any]:
    return await made(desk, name, {**INPUTS[name][1], **more})


async def rows(desk: Desk) -> dict[tuple[FactKind, str], dict[str, Any]]:
    """What every row says now."""
    facts = await desk.models.facts(await desk.models.head())
    return {(fact.kind, fact.key): statement(fact.body) for fact in facts if fact.valid.contains(NOW)}


@pytest.mark.parametrize(("name", "field"), pairs(EMPTIED))
async def test_null_takes_a_field_away_and_nothing_else(desk: Desk, name: str, field: str) -> None:
    before = await rows(desk)
    assert (await sent(desk, name, **{field: None}))["errors"] == []
    after = await rows(desk)
    (changed,) = (row for row in before if before[row] != after.get(row))
    told = IN_THE_FILE.get(field, field)
    assert told in before[changed]
    assert after == before | {changed: {name: value for name, value in before[changed].items() if name != told}}


@pytest.mark.parametrize(("name", "field"), pairs(NEEDED))
async def test_what_a_row_cannot_be_without_is_refused_at_its_argument(desk: Desk, name: str, field: str) -> None:
    before = await rows(desk)
    message = "this cannot be null; give a value, or leave it out to keep the one there is"
    assert (await sent(desk, name, **{field: None}))["errors"] == [
        {"path": f"input.{field}", "code": "WRONG_VALUE", "message": message}
    ]
    assert await rows(desk) == before


@pytest.mark.parametrize(("name", "field"), pairs(AS_LEFT_OUT))
async def test_null_says_of_an_instant_or_a_row_what_leaving_it_out_says(desk: Desk, name: str, field: str) -> None:
    without = {key: value for key, value in INPUTS[name][1].items() if key != field}
    left_out = await made(await a_desk(model=MODEL), name, without)
    assert await sent(desk, name, **{field: None}) == left_out


@pytest.mark.parametrize(("name", "field"), list(ELSE))
async def test_null_that_says_something_says_it(desk: Desk, name: str, field: str) -> None:
    made = await sent(desk, name, **{field: None})
    assert [(error["path"], error["code"]) for error in made["errors"]] == ELSE[name, field]


async def test_a_line_may_be_blurry_and_work_not_transferable_any_more(desk: Desk) -> None:
    support = [{"function": "product_management", "letter": "CONSULTED"}]
    said = {"lead": None, "support": support, "transferable": None}
    assert (await sent(desk, "ResponsibilityInput", **said))["errors"] == []
    row = (await rows(desk))[FactKind.RESPONSIBILITY, "notes"]
    assert (row["lead"], row["transferable"]) == (None, False)


async def test_the_organisation_without_a_time_zone_goes_by_utc_but_has_a_stage(desk: Desk) -> None:
    assert (await sent(desk, "AreaInput", key="acme", timezone=None))["errors"] == []
    assert (await rows(desk))[FactKind.AREA, "acme"]["timezone"] == "UTC"
    for name, said in (("AreaInput", {"key": "acme"}), ("AreaStageInput", {"area": "acme"})):
        made = await sent(desk, name, **said, stage=None)
        assert [(error["path"], error["code"]) for error in made["errors"]] == [("input.stage", "WRONG_VALUE")]
