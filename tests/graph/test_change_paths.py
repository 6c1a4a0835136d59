"""Whatever is wrong with a change, its path names an argument that the schema has, in words for whoever gave it."""

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, build_schema, get_nullable_type, is_non_null_type
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.changing.planning import plan_changes
from remit.domain.changes import Change, EndRow, SetArea, SetDelegation, SetFunction, SetPerson, SetTeam
from remit.domain.errors import Invalid, Problem
from remit.domain.facts import FactKind, Facts
from remit.usecases.shipped import shipped_catalogue
from remit_graphql import change_inputs
from remit_graphql.change_problems import ONE, change_problem
from remit_graphql.print_schema import printed
from support.careless_changes import careless
from support.change_strategies import CHANGES
from support.changing import AUGUST, JULY, MODEL, a_model

TYPES: dict[str, Any] = build_schema(printed()).type_map
INPUTS: dict[type, type[change_inputs.Said]] = {
    said.CHANGE: said
    for said in vars(change_inputs).values()
    if isinstance(said, type) and issubclass(said, change_inputs.Said) and hasattr(said, "CHANGE")
}
"""The input that each change is said by."""
MEMBERS = {member.type.name: name for name, member in TYPES["ChangeInput"].fields.items()}
"""How each input is called in a list of changes."""


def type_of(change: Change) -> str:
    return INPUTS[type(change)].__name__


def nullable(change: type[Change]) -> set[str]:
    """Fields, as the domain calls them, that the schema lets a client say null of."""
    said = INPUTS[change]
    arguments = TYPES[said.__name__].fields
    names = {said.NAMES.get(field.name, field.name): _argument(field.name) for field in fields(said)}
    return {name for name, argument in names.items() if not is_non_null_type(arguments[argument].type)}


def _argument(name: str) -> str:
    first, *others = name.removesuffix("_").split("_")
    return first + "".join(word.capitalize() for word in others)


def resolves(path: str, argument: str, found: Any) -> bool:
    """Whether a path leads from an argument of this type to itself, a field of its, or an entry of a list."""
    first, *steps = re.findall(r"[^.\[\]]+|\[\d+\]", path)
    if first != argument:
        return False
    for step in steps:
        found = get_nullable_type(found)
        if step.startswith("[") and isinstance(found, GraphQLList):
            found = found.of_type
        elif isinstance(found, GraphQLInputObjectType) and step in found.fields:
            found = found.fields[step].type
        else:
            return False
    return True


def problems(changes: Sequence[Change], facts: Facts | None = None) -> list[Problem]:
    """Mistakes, or else warnings."""
    try:
        return list(plan_changes(facts if facts is not None else a_model(), changes, JULY).warnings)
    except Invalid as refused:
        return list(refused.problems)


def paths(*changes: Change, facts: Facts | None = None) -> list[str | None]:
    """Of a mutation that makes one of them, or of one that makes all."""
    places = [f"changes[{index}].{MEMBERS[type_of(one)]}" for index, one in enumerate(changes)]
    return [change_problem(one, ONE if len(changes) == 1 else places).path for one in problems(changes, facts)]


CARELESS = st.sampled_from(sorted(INPUTS, key=str)).flatmap(lambda change: careless(change, nullable(change)))


@settings(max_examples=400)
@given(CARELESS)
def test_the_path_of_one_change_leads_into_its_input(change: Change) -> None:
    for path in paths(change):
        assert path is not None
        assert resolves(path, "input", TYPES[type_of(change)]), path


@settings(max_examples=150)
@given(st.lists(CARELESS | CHANGES, min_size=2, max_size=4))
def test_the_path_of_many_changes_leads_into_the_one_to_be_mended(changes: list[Change]) -> None:
    for path in paths(*changes):
        assert path is not None
        assert resolves(path, "changes", GraphQLList(TYPES["ChangeInput"])), path


@settings(max_examples=200)
@given(CARELESS)
def test_no_sentence_is_about_a_file(change: Change) -> None:
    told = [change_problem(one, ONE).message for one in problems([change])]
    assert [one for one in told if re.search(r"in quotes|from_person|to_person|capacity_hours", one)] == []


ONLY_THE_ORGANISATION = a_model(MODEL.partition("people:")[0])
EMPTY = Facts(shipped_catalogue())
PLACES: list[tuple[str, Change, Facts | None, list[str]]] = [
    ("a person by the key of a team", SetPerson(key="desk", name="Desk"), None, ["input.key"]),
    ("a team by the key of a person", SetTeam(key="ana", name="Ana"), None, ["input.key"]),
    ("a person who has another's address", SetPerson(key="aaa", name="A", email="ana@acme.example"), None,
     ["input.email"]),
    ("a delegation to oneself", SetDelegation(from_person="pat", to_person="pat", end=AUGUST), None,
     ["input.toPerson"]),
    ("a delegation from nobody", SetDelegation(to_person="pat", end=AUGUST), None, ["input.fromPerson"]),
    ("too many hours", SetPerson(key="ana", capacity_hours=200.0), None, ["input.capacityHours"]),
    ("a skill beyond 3", SetPerson(key="ana", skills=(("leadership", 3), ("innovation", 4))), None,
     ["input.skills[1].level"]),
    ("a skill in nothing", SetPerson(key="ana", skills=((" ", 3),)), None, ["input.skills[0].responsibility"]),
    ("an identity of nothing", SetPerson(key="ana", identities=(("x", "1"), ("jira", "a"), ("x", ""))), None,
     ["input.identities[2].id"]),
    ("an identity nowhere", SetPerson(key="ana", identities=(("", "1"),)), None, ["input.identities[0].source"]),
    ("a lens without a value", SetFunction(key="design", name="D", lenses=(("focus", ""),)), None,
     ["input.lenses[0].value"]),
    ("feedback without a source", SetArea(key="checkout", feedback=(("", (("tags", ("a",)),)),)), None,
     ["input.feedback[0].source"]),
    ("feedback by no value", SetArea(key="checkout", feedback=(("z", (("a", ("b",)), ("tags", ()))),)), None,
     ["input.feedback[0].criteria[1]"]),
    ("the end of the organisation", EndRow(kind=FactKind.AREA, key="acme"), ONLY_THE_ORGANISATION, ["input.key"]),
    ("an organisation below itself", SetArea(key="acme", parent="acme", kind="team"), ONLY_THE_ORGANISATION,
     ["input.parent", "input.parent"]),
    ("a person before there is an organisation", SetPerson(key="ana", name="Ana"), EMPTY, ["input"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "facts", "told"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES])
def test_a_mistake_stands_at_the_argument_to_be_mended(change: Change, facts: Facts | None, told: list[str]) -> None:
    assert paths(change, facts=facts) == told
