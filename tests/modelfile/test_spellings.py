"""Names that are empty and addresses that cannot be ones are refused by every door, and ending a row never is."""

import pytest

from remit.domain.changes import (
    Change,
    EndRow,
    HandOver,
    SetArea,
    SetFunction,
    SetLens,
    SetPerson,
    SetResponsibility,
    SetStage,
)
from remit.domain.facts import Fact, FactKind, Facts
from remit.domain.ids import OwnerKey
from remit.domain.people import Person
from support import model_files
from support.changing import MODEL, a_model, mistakes, planned, row

ADDRESSES = ["ana", "ana ruiz@acme.example", "ana@", "@acme.example", "ana@acme@example", "ana@acme .example"]


@pytest.mark.parametrize("email", ADDRESSES)
def test_a_text_that_is_no_address_is_refused_in_a_file_and_a_change(email: str) -> None:
    text = MODEL.replace("ana@acme.example", f"'{email}'")
    assert in_a_file(text) == [f"line 4: person ana: {told(email)} [EMAIL]"]
    assert mistakes(SetPerson(key="pat", email=email)) == ["changes[0].email EMAIL"]


@pytest.mark.parametrize("email", ["pat@acme.example", "o'hara+x@acme", "d.e.f@sub.acme.example", "ñandú@acme.example"])
def test_whatever_may_be_an_address_is_one(email: str) -> None:
    assert mistakes(SetPerson(key="pat", email=email)) == []


FILES = [
    ("name: Acme", "line 2: area acme: this area has an empty name; give it one [EMPTY_NAME]"),
    ("name: Ana", "line 4: person ana: this person has an empty name; give it one [EMPTY_NAME]"),
    ("name: Desk", "line 8: team desk: this team has an empty name; give it one [EMPTY_NAME]"),
    ("name: Checkout", "line 11: area checkout: this area has an empty name; give it one [EMPTY_NAME]"),
]


@pytest.mark.parametrize(("name", "told"), FILES)
@pytest.mark.parametrize("empty", ["''", "'  '"])
def test_an_empty_name_is_refused_in_a_file(name: str, told: str, empty: str) -> None:
    assert in_a_file(MODEL.replace(name, f"name: {empty}")) == [told]


NAMED: list[Change] = [
    SetPerson(key="eve", name=""),
    SetPerson(key="ana", name=" "),
    SetArea(key="checkout", name="\t"),
    SetFunction(key="product_management", name=""),
    SetResponsibility(key="innovation", name=""),
    SetLens(key="focus", name=""),
]


@pytest.mark.parametrize("change", NAMED, ids=lambda change: type(change).__name__)
def test_an_empty_name_is_refused_in_a_change(change: Change) -> None:
    assert mistakes(change) == ["changes[0].name EMPTY_NAME"]


def a_model_from_before() -> Facts:
    """In which somebody without a name and with an odd address is believed, as was possible once."""
    facts = a_model()
    odd = Fact("odd", Person(OwnerKey("odd"), "", "nowhere"))
    return Facts(facts.catalogue, (*facts.declared, odd))


def test_what_was_accepted_once_stands_in_nobodys_way_and_can_be_ended() -> None:
    facts = a_model_from_before()
    for change in (SetStage(area="checkout", stage="startup"), EndRow(kind=FactKind.PERSON, key="odd")):
        assert mistakes(change, facts=facts) == []
    after = planned(EndRow(kind=FactKind.PERSON, key="odd"), facts=facts).plan.result
    assert row(Facts(facts.catalogue, after), FactKind.PERSON, "odd") == ["..07-01"]


def test_who_is_said_anew_gets_a_name_and_an_address() -> None:
    facts = a_model_from_before()
    said = SetPerson(key="odd", active=False)
    assert mistakes(said, facts=facts) == ["changes[0].email EMAIL", "changes[0].name EMPTY_NAME"]
    left = HandOver(person="odd", leaves=True)
    assert mistakes(left, facts=facts) == ["changes[0].person EMAIL", "changes[0].person EMPTY_NAME"]


def in_a_file(text: str) -> list[str]:
    return [str(problem) for problem in model_files.mistakes(text)]


def told(email: str) -> str:
    return f"{email!r} is no e-mail address; write one such as ana@acme.example, or none"
