"""What an answer comes to: activity, teams, delegations, and the order of the outcomes (R37 to R46)."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from remit.domain.answers import Outcome, Ownership
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import model_at
from remit.resolution.ownership import resolve
from remit.usecases.shipped import shipped_catalogue
from support.models import (
    BLURRY,
    FALLBACK,
    LINE,
    NOON,
    PM,
    PO,
    UNOWNED,
    A,
    C,
    I,
    R,
    a_delegation,
    a_model,
    a_person,
    a_rule,
    a_split,
    a_team,
    an_agreement,
    an_assignment,
    words,
)


class Case(NamedTuple):
    """Who is responsible for the roadmap of checkout, which product management leads and operations supports?"""

    says: str
    facts: Sequence[Fact[Body]]
    answer: str


ROADMAP = "roadmap_ownership"
SUPPORTED = a_rule("acme", ROADMAP, a_split(PM, {PO: C}))
ANA = an_assignment("checkout", "ana")
OMAR = an_assignment("checkout", "omar", function=PO)
ANA_GONE, OMAR_GONE, EVA_GONE = (a_person(key, active=False) for key in ("ana", "omar", "eva"))
TWO = an_assignment("checkout", "eva")

CASES = [
    Case("R38 CONFLICT comes before OWNER_INACTIVE", [ANA, TWO, ANA_GONE, EVA_GONE], "CONFLICT PM"),
    Case("R38 CONFLICT comes before DELEGATED", [ANA, TWO, a_delegation("ana", "ivo")],
         "CONFLICT PM: eva PM R, ivo(ana) PM R"),
    Case("R38 DELIBERATELY_UNOWNED comes before whatever the people say",
         [a_rule("payments", ROADMAP, UNOWNED), ANA, TWO], "DELIBERATELY_UNOWNED"),
    Case("R38 OWNER_INACTIVE comes before FALLBACK",
         [an_assignment("acme", "ana", FALLBACK), ANA_GONE], "OWNER_INACTIVE PM"),
    Case("R38 DELEGATED comes before FALLBACK",
         [an_assignment("acme", "ana", FALLBACK), a_delegation("ana", "ivo")], "DELEGATED PM: ivo(ana) PM A"),
    Case("R38 DELEGATED comes before INHERITED",
         [an_assignment("acme", "ana"), a_delegation("ana", "ivo")], "DELEGATED PM: ivo(ana) PM A"),
    Case("R38 FALLBACK comes before INHERITED", [an_assignment("acme", "ana", FALLBACK)], "FALLBACK PM: ana PM A"),
    Case("R39 under BLURRY each function's owners hold it with the split's letter",
         [a_rule("acme", ROADMAP, a_split(None, {PM: R, PO: I})), ANA, OMAR], "BLURRY: ana PM R, omar PO I"),
    Case("R39 no letter of an assignment makes one accountable of a blurry line",
         [a_rule("acme", ROADMAP, BLURRY), an_assignment("checkout", "ana", letter=A)], "BLURRY: ana PM R"),
    Case("R40 the climb does not resume behind an inactive owner",
         [ANA, ANA_GONE, an_assignment("acme", "ivo")], "OWNER_INACTIVE PM"),
    Case("R40 supporting holders are listed behind an inactive owner",
         [SUPPORTED, ANA, OMAR, ANA_GONE], "OWNER_INACTIVE PM: omar PO C"),
    Case("R40 supporting holders are listed under UNOWNED", [SUPPORTED, OMAR], "UNOWNED PM: omar PO C"),
    Case("R40 an inactive supporting owner is no holder", [SUPPORTED, ANA, OMAR, OMAR_GONE], "OWNED PM: ana PM A"),
    Case("R41 a team is accountable and its members are no holders",
         [an_assignment("checkout", "desk"), a_team("desk", "ana", "omar")], "OWNED PM: desk PM A"),
    Case("R41 one active member keeps a team active",
         [an_assignment("checkout", "desk"), a_team("desk", "ana", "omar"), ANA_GONE], "OWNED PM: desk PM A"),
    Case("R41 a team whose members are all inactive is inactive",
         [an_assignment("checkout", "desk"), a_team("desk", "ana"), ANA_GONE], "OWNER_INACTIVE PM"),
    Case("R41 a team without members is inactive",
         [an_assignment("checkout", "desk"), a_team("desk")], "OWNER_INACTIVE PM"),
    Case("R42 a delegation of an area above applies", [ANA, a_delegation("ana", "ivo", "payments")],
         "DELEGATED PM: ivo(ana) PM A"),
    Case("R42 a delegation without an area applies everywhere", [ANA, a_delegation("ana", "ivo")],
         "DELEGATED PM: ivo(ana) PM A"),
    Case("R42 a delegation of an area below does not apply", [ANA, a_delegation("ana", "ivo", "cart")],
         "OWNED PM: ana PM A"),
    Case("R42 what counts is where the question is, not where the assignment sits",
         [an_assignment("acme", "ana"), a_delegation("ana", "ivo", "checkout")], "DELEGATED PM: ivo(ana) PM A"),
    Case("R42 a delegation of another responsibility does not apply",
         [ANA, a_delegation("ana", "ivo", None, "innovation")], "OWNED PM: ana PM A"),
    Case("R42 a delegation covers every letter, and the delegate keeps function and letter",
         [SUPPORTED, ANA, OMAR, a_delegation("omar", "ivo")], "OWNED PM: ana PM A, ivo(omar) PO C"),
    Case("R42 one who holds a part in person and another by delegation keeps the stronger",
         [ANA, an_assignment("checkout", "ivo", letter=C), a_delegation("ana", "ivo")], "DELEGATED PM: ivo(ana) PM A"),
    Case("R43 the nearest delegation wins",
         [ANA, a_delegation("ana", "eva"), a_delegation("ana", "ivo", "payments")], "DELEGATED PM: ivo(ana) PM A"),
    Case("R43 the nearest wins even over one that names the responsibility",
         [ANA, a_delegation("ana", "eva", None, ROADMAP), a_delegation("ana", "ivo", "payments")],
         "DELEGATED PM: ivo(ana) PM A"),
    Case("R43 in one area named responsibilities win over all",
         [ANA, a_delegation("ana", "eva", "payments"), a_delegation("ana", "ivo", "payments", ROADMAP)],
         "DELEGATED PM: ivo(ana) PM A"),
    Case("R43 a chain is followed to its end", [ANA, a_delegation("ana", "eva"), a_delegation("eva", "ivo")],
         "DELEGATED PM: ivo(ana) PM A"),
    Case("R43 a chain is followed to the last active person",
         [ANA, a_delegation("ana", "eva"), a_delegation("eva", "omar"), OMAR_GONE], "DELEGATED PM: eva(ana) PM A"),
    Case("R43 a chain passes through an inactive person",
         [ANA, a_delegation("ana", "omar"), a_delegation("omar", "ivo"), OMAR_GONE], "DELEGATED PM: ivo(ana) PM A"),
    Case("R43 with nobody active in the chain it is back to the delegator",
         [ANA, a_delegation("ana", "omar"), OMAR_GONE], "OWNED PM: ana PM A"),
    Case("R43 a loop that an old belief may hold ends where it closes",
         [ANA, a_delegation("ana", "eva"), a_delegation("eva", "ana")], "DELEGATED PM: eva(ana) PM A"),
    Case("R43 a team does not delegate, even one with a person's delegations beside it",
         [an_assignment("checkout", "desk"), a_team("desk", "ana"), a_delegation("ana", "ivo")],
         "OWNED PM: desk PM A"),
    Case("R44 an inactive delegator with an active delegate is DELEGATED",
         [ANA, ANA_GONE, a_delegation("ana", "ivo")], "DELEGATED PM: ivo(ana) PM A"),
    Case("R44 an inactive delegator with an inactive delegate is OWNER_INACTIVE",
         [ANA, ANA_GONE, OMAR_GONE, a_delegation("ana", "omar")], "OWNER_INACTIVE PM"),
    Case("two delegators of equal letter: the delegate holds it once, for the first by name",
         [SUPPORTED, an_assignment("checkout", "eva", letter=R), an_assignment("checkout", "omar", letter=R),
          a_delegation("omar", "ivo"), a_delegation("eva", "ivo")],
         "UNOWNED PM: ivo(eva) PM R"),
    Case("an agreement's consulted function may have several owners",
         [an_agreement("payments", ROADMAP, PM, PO), ANA, OMAR, an_assignment("checkout", "eva", function=PO)],
         "OWNED PM: ana PM A, eva PO C, omar PO C"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_the_outcome(case: Case) -> None:
    assert words(resolve(a_model(*case.facts), AreaKey("checkout"), ResponsibilityKey(ROADMAP))) == case.answer


def test_the_root_is_an_area_like_any_other_when_it_is_asked_about() -> None:
    model = a_model(an_assignment("acme", "ana"))
    assert words(resolve(model, AreaKey("acme"), ResponsibilityKey(ROADMAP))) == "OWNED PM: ana PM A"


def test_an_owner_who_does_not_exist_at_that_instant_is_not_active() -> None:
    model = model_at(Facts(shipped_catalogue(), (*LINE, ANA)), NOON)
    assert words(resolve(model, AreaKey("checkout"), ResponsibilityKey(ROADMAP))) == "OWNER_INACTIVE PM"


@pytest.mark.parametrize(
    ("area", "responsibility", "message"),
    [
        ("nowhere", ROADMAP, "There is no area 'nowhere'."),
        ("checkout", "astrology", "There is no responsibility 'astrology'."),
        ("nowhere", "astrology", "There is no area 'nowhere'."),
    ],
)
def test_r46_what_the_model_does_not_have_is_unknown(area: str, responsibility: str, message: str) -> None:
    answer = resolve(a_model(ANA), AreaKey(area), ResponsibilityKey(responsibility))
    assert answer == Ownership(None, ResponsibilityKey(responsibility), Outcome.UNKNOWN, trace=answer.trace)
    assert [candidate.message for candidate in answer.trace] == [message]
