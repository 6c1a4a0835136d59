"""Every cell of a whole model comes to what it comes to by itself, found faster."""

import pytest
from hypothesis import given, settings

from remit.domain.answers import Outcome
from remit.domain.areas import Stage
from remit.domain.facts import Body, Fact, Facts
from remit.domain.model import Model, model_at
from remit.resolution.ownership import resolve
from remit.resolution.verdicts import verdicts
from support.model_strategies import models
from support.models import (
    BLOCK,
    BLURRY,
    FALLBACK,
    LINE,
    NOON,
    PM,
    PO,
    a_delegation,
    a_model,
    a_rule,
    an_agreement,
    an_area,
    an_assignment,
)


def each_by_itself(model: Model) -> dict[tuple[str, str], tuple[object, ...]]:
    answers = [
        resolve(model, area, responsibility) for area in model.areas for responsibility in model.responsibilities
    ]
    return {(str(a.area), a.responsibility): (a.outcome, a.lead, a.accountable) for a in answers}


def all_at_once(model: Model) -> dict[tuple[str, str], tuple[object, ...]]:
    return {
        (area, responsibility): (told.outcome, told.lead, told.accountable)
        for area, cells in verdicts(model).items()
        for responsibility, told in cells.items()
    }


@given(facts=models())
@settings(max_examples=200)
def test_each_cell_is_what_it_is_by_itself(facts: Facts) -> None:
    model = model_at(facts, NOON)
    assert all_at_once(model) == each_by_itself(model)


def test_areas_of_which_nothing_is_said_share_their_cells_with_the_one_above() -> None:
    cells = verdicts(a_model(an_assignment("payments", "ana")))
    assert cells["checkout"] is cells["cart"]
    assert cells["payments"]["innovation"].outcome is Outcome.OWNED
    assert cells["checkout"]["innovation"].outcome is Outcome.INHERITED


@pytest.mark.parametrize(
    "said",
    [
        a_rule("checkout", "innovation", BLURRY),
        an_agreement("checkout", "leadership", PM),
        an_assignment("checkout", "ivo"),
        a_delegation("ana", "ivo", "checkout"),
        an_area("checkout", "payments", stage=Stage.ENTERPRISE),
    ],
    ids=["rule", "agreement", "assignment", "delegation", "stage"],
)
def test_whatever_is_said_of_an_area_is_seen_there_and_below(said: Fact[Body]) -> None:
    others = [area for area in LINE if area.key != said.key]
    model = a_model(*others, an_assignment("acme", "ana"), said)
    cells = verdicts(model)
    assert cells["payments"] != cells["checkout"]
    assert all_at_once(model) == each_by_itself(model)


def test_some_areas_alone_are_as_they_are_among_all() -> None:
    model = a_model(an_assignment("payments", "ana"), a_rule("cart", "innovation", BLURRY))
    whole = verdicts(model)
    assert verdicts(model, ["cart", "checkout"]) == {area: whole[area] for area in ("cart", "checkout")}


def test_a_verdict_names_what_it_rests_on() -> None:
    model = a_model(
        an_assignment("acme", "omar", FALLBACK, function=PO, key="last"),
        an_assignment("payments", None, BLOCK, key="block"),
        an_assignment("checkout", "ana", key="one"),
        an_assignment("checkout", "ivo", key="two"),
        an_agreement("checkout", "leadership", PM),
    )
    cells = verdicts(model)

    def rests_on(area: str, responsibility: str) -> tuple[object, ...]:
        told = cells[area][responsibility]
        return told.outcome, [row.key for row in told.claims], told.block.key if told.block is not None else None

    assert rests_on("payments", "innovation") == (Outcome.UNOWNED, [], "block")
    assert rests_on("cart", "innovation") == (Outcome.CONFLICT, ["one", "two"], None)
    assert rests_on("cart", "documentation") == (Outcome.FALLBACK, ["last"], None)
    assert rests_on("cart", "leadership") == (Outcome.CONFLICT, ["one", "two"], None)
    assert cells["cart"]["leadership"].source.scope == "checkout"


def test_a_delegation_for_an_area_is_seen_from_there_on() -> None:
    cells = verdicts(a_model(an_assignment("acme", "ana"), a_delegation("ana", "ivo", "checkout")))
    assert [cells[area]["innovation"].outcome for area in ("acme", "payments", "checkout", "cart")] == [
        Outcome.OWNED,
        Outcome.INHERITED,
        Outcome.DELEGATED,
        Outcome.DELEGATED,
    ]
