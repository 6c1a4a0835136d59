"""For what each person, team and function is accountable: each cell once, as answers tell it."""

from hypothesis import given

from remit.domain.catalogue import Letter
from remit.domain.facts import Facts
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.model import Model, model_at
from remit.domain.parties import Party, PartyKind
from remit.domain.people import OwnerKind, OwnerRef
from remit.resolution.accountability import accountability
from remit.resolution.holding import stakes
from remit.resolution.ownership import resolve_area
from support.model_strategies import models
from support.models import NOON, PM, PO, a_model, a_person, a_team, an_assignment

WEIGHTS = {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1}


def areas_of(model: Model, kind: PartyKind, key: str) -> tuple[AreaKey, ...]:
    return accountability(model, WEIGHTS).areas_of(model, Party(kind, key))


def a_shop() -> Model:
    """Ann and Ben are the desk, which operates checkout; Ann operates cart in person, Cid manages payments."""
    return a_model(
        a_person("ann", PO), a_person("ben", PO), a_person("cid", PM), a_person("idle", PM),
        a_team("desk", "ann", "ben"), a_team("empty"),
        an_assignment("checkout", "desk", function=PO), an_assignment("cart", "ann", function=PO),
        an_assignment("payments", "cid", function=PM),
    )  # fmt: skip


def test_a_person_is_accountable_in_person_and_through_a_team() -> None:
    model = a_shop()
    assert areas_of(model, PartyKind.PERSON, "ann") == ("cart", "checkout")
    assert areas_of(model, PartyKind.PERSON, "ben") == ("checkout",)
    assert areas_of(model, PartyKind.PERSON, "cid") == ("cart", "checkout", "payments")
    assert areas_of(model, PartyKind.PERSON, "idle") == ()


def test_a_team_is_as_such_and_through_each_member_in_person() -> None:
    assert areas_of(a_shop(), PartyKind.TEAM, "desk") == ("cart", "checkout")
    assert areas_of(a_shop(), PartyKind.TEAM, "empty") == ()


def test_a_team_is_not_accountable_for_what_another_team_of_its_members_is() -> None:
    model = a_model(
        a_team("desk", "ann"), a_team("crew", "ann", "bo"), an_assignment("payments", "crew"),
        an_assignment("cart", "desk"),
    )  # fmt: skip
    assert areas_of(model, PartyKind.TEAM, "desk") == ("cart",)
    assert areas_of(model, PartyKind.PERSON, "ann") == ("cart", "checkout", "payments")


def test_a_function_is_where_any_of_its_people_is() -> None:
    assert areas_of(a_shop(), PartyKind.FUNCTION, PO) == ("cart", "checkout")
    assert areas_of(a_shop(), PartyKind.FUNCTION, PM) == ("cart", "checkout", "payments")


def test_whoever_is_not_active_is_accountable_for_nothing() -> None:
    model = a_model(
        a_person("ann", PO, active=False), a_team("desk", "ann"), an_assignment("cart", "desk", function=PO)
    )
    assert areas_of(model, PartyKind.PERSON, "ann") == areas_of(model, PartyKind.TEAM, "desk") == ()


@given(facts=models())
def test_cells_are_those_of_which_answers_tell_the_letter(facts: Facts) -> None:
    model = model_at(facts, NOON)
    found, rows = accountability(model, WEIGHTS), tuple(model.responsibilities)
    told: dict[OwnerRef, set[tuple[str, str]]] = {}
    for area in model.areas:
        for answer in resolve_area(model, area):
            for held in answer.holders:
                if held.letter is Letter.ACCOUNTABLE:
                    told.setdefault(held.owner, set()).add((area, answer.responsibility))
    cells = {
        owner: {(found.areas[cell // len(rows)], rows[cell % len(rows)]) for cell in numbers.tolist()}
        for owner, numbers in found.cells.items()
    }
    assert cells == told


@given(facts=models())
def test_in_person_it_is_as_many_as_breadth_counts(facts: Facts) -> None:
    model = model_at(facts, NOON)
    held, found = stakes(model, WEIGHTS), accountability(model, WEIGHTS)
    counted = {key: len(found.cells.get(OwnerRef(OwnerKind.PERSON, key), ())) for key in held.people}
    assert counted == dict(zip(map(OwnerKey, held.people), held.breadth.tolist(), strict=True))
