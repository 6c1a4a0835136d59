"""Letters as they are written, and as resolution understands the assignments of a cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.catalogue import Letter
from remit.domain.facts import Body, Fact, Facts
from remit.domain.model import model_at
from remit.domain.policy import Inheritance
from remit.exchange.letters import letter_of, understood
from remit.exchange.reading import Cell
from remit.exchange.settling import held
from remit.resolution.climb import Climbs
from remit.usecases.shipped import shipped_catalogue
from support.models import NOON, PM, A, C, I, R, a_person, a_split, an_assignment, the_root

WRITTEN = [("A", A), ("r", R), ("C", C), ("I", I), ("A/R", A), ("R/A", A), (" c / i ", C), ("X", None), ("A/X", None),
           ("", None), ("AR", None), ("accountable", None)]  # fmt: skip
OWNERS = ("ana", "eva", "ivo")


@pytest.mark.parametrize(("told", "letter"), WRITTEN)
def test_the_strongest_letter_of_a_cell_counts_if_all_of_them_exist(told: str, letter: Letter | None) -> None:
    assert letter_of(told) is letter


def rows() -> st.SearchStrategy[list[Fact[Body]]]:
    """Assignments of one cell: every mode but FALLBACK and every letter, some under keys of their own."""
    modes = [Inheritance.INHERIT, Inheritance.INHERIT, Inheritance.APPEND, Inheritance.BLOCK]
    row = st.builds(
        lambda owner, mode, letter, key: an_assignment(
            "acme", owner, mode, responsibility="documentation", letter=letter, key=key
        ),
        st.sampled_from(OWNERS),
        st.sampled_from(modes),
        st.sampled_from([None, None, A, A, R, C]),
        st.sampled_from([None, "one", "two"]),
    )
    return st.lists(row, min_size=1, max_size=5, unique_by=lambda fact: fact.key)


@given(rows(), st.sampled_from([None, R, C, I]))
def test_a_cell_is_understood_as_the_climb_finds_it(assigned: list[Fact[Body]], support: Letter | None) -> None:
    people = [a_person(owner) for owner in OWNERS]
    model = model_at(Facts(shipped_catalogue(), (the_root(), *people, *assigned)), NOON)
    found = Climbs(model, model.root).find("documentation", PM, support).parts  # type: ignore[arg-type]
    strongest = {
        part.owner: min((one.letter for one in found if one.owner == part.owner), key=lambda one: one.rank)
        for part in found
    }
    cell = Cell("acme", "documentation", PM)  # type: ignore[arg-type]
    split = a_split(PM) if support is None else a_split(None, {PM: support})
    assert understood(held(model, cell), cell, split) == strongest
