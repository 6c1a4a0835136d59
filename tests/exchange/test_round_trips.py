"""What is exported and imported again changes nothing, whatever the model; what is lost on the way is told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.areas import Area
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey
from remit.domain.intervals import Interval
from remit.domain.model import Model
from remit.domain.people import Person, Team
from remit.exchange.backstage import read_backstage
from remit.exchange.entities import catalog
from remit.exchange.raci import read_raci
from remit.exchange.reading import Reading
from remit.exchange.write_backstage import write_backstage
from remit.exchange.write_raci import write_raci
from support.exchanging import A_HOUSE, Beliefs, after, imported, model_of, splits_of, told
from support.large_models import large_facts
from support.model_strategies import FUNCTIONS, models
from support.models import (
    APPEND,
    BLOCK,
    FALLBACK,
    NEXT_YEAR,
    NOON,
    PM,
    PO,
    A,
    R,
    a_delegation,
    a_fact,
    a_function,
    a_person,
    a_rule,
    a_split,
    an_agreement,
    an_area,
    an_assignment,
    the_root,
)

STRANGE = ["NO", "1e3", "12:30", "true", "a, b;c", 'it\'s "x"', "line\nbreak", "Ä ö", "-", "Alpha", "ALPHA", "x" * 200, "a-b", "a b", "a:b/c", "=1+1", "@x"]  # fmt: skip  # noqa: E501
KINDS = ["domain", "system", "component", "team", "", " product ", "1e3"]


def as_csv(beliefs: Beliefs) -> str:
    model = model_of(beliefs)
    return write_raci(model, beliefs, NOON, splits_of(model))[0]


def as_catalog(beliefs: Beliefs, function: FunctionKey = PM) -> str:
    return write_backstage(model_of(beliefs), beliefs, NOON, function)[0]


def backstage(text: str, model: Model) -> Reading:
    return read_backstage(text, model, PM)


@given(models())
@settings(max_examples=150)
def test_a_matrix_that_was_exported_changes_nothing_when_imported(facts: Facts) -> None:
    assert imported(read_raci, as_csv(facts.declared), facts.declared).is_empty


@given(models(), st.sampled_from(FUNCTIONS))
@settings(max_examples=150)
def test_a_catalog_that_was_exported_changes_nothing_when_imported(facts: Facts, function: FunctionKey) -> None:
    text = as_catalog(facts.declared, function)
    assert imported(lambda told, model: read_backstage(told, model, function), text, facts.declared).is_empty


@st.composite
def trees(draw) -> Beliefs:  # type: ignore[no-untyped-def]
    """Areas of all sorts of kinds, below each other in all sorts of ways, with owners."""
    keys = [AreaKey(f"a{n}") for n in range(draw(st.integers(1, 8)))]
    told: list[Fact[Body]] = [the_root(), a_person("ana"), a_person("eva")]
    for index, key in enumerate(keys):
        parent = draw(st.sampled_from([AreaKey("acme"), *keys[:index]]))
        told.append(a_fact(Area(key, draw(st.sampled_from(["", " x", "Name"])), draw(st.sampled_from(KINDS)), parent)))
        if draw(st.booleans()):
            told.append(an_assignment(key, draw(st.sampled_from(["ana", "eva"]))))
    return told


@given(trees())
@settings(max_examples=150)
def test_a_tree_of_any_shape_comes_back_into_its_own_house_and_into_an_empty_one(beliefs: Beliefs) -> None:
    text = as_catalog(beliefs)
    assert imported(backstage, text, beliefs).is_empty
    empty = [the_root()]
    found = {f.key: (f.body.kind, f.body.parent) for f in after(backstage, text, empty) if f.kind == "area"}
    assert found == {f.key: (f.body.kind, f.body.parent) for f in beliefs if f.kind == "area"}


def test_keys_of_any_text_come_back() -> None:
    beliefs = [the_root()]
    for index, key in enumerate(STRANGE):
        owner = OwnerKey(f"{key} too")
        beliefs += [
            a_fact(Area(AreaKey(key), key, key, AreaKey("acme"))),
            a_fact(Person(OwnerKey(key), key, f"p{index}@acme.example")),
            a_fact(Team(owner, key, None, (OwnerKey(key),))),
            an_assignment(key, key, responsibility="documentation", function=PO),
            an_assignment(key, owner),
        ]
    assert imported(backstage, as_catalog(beliefs), beliefs).is_empty
    assert imported(read_raci, as_csv(beliefs), beliefs).is_empty
    again = after(backstage, as_catalog(beliefs), [the_root()])
    wanted = {(f.kind, f.key) for f in beliefs if f.key.count("documentation") == 0}
    assert {(f.kind, f.key) for f in again} == wanted


def test_a_large_model_comes_back() -> None:
    facts = large_facts(300, 200, 3).declared
    assert imported(read_raci, as_csv(facts), facts).is_empty
    assert imported(backstage, as_catalog(facts), facts).is_empty


RICH = [
    *A_HOUSE,
    a_function("engineering"),
    a_rule("payments", "documentation", a_split(PO)),
    an_agreement("payments", "leadership", PM),
    a_delegation("ana", "omar"),
    an_assignment("payments", "omar", FALLBACK, function=PO),
    an_assignment("payments", None, BLOCK, function=PO, responsibility="coordination"),
    an_assignment("payments", "eva", APPEND, letter=R),
    an_assignment("payments", "ana", responsibility="documentation", key="outside"),
    a_fact(an_assignment("checkout", "ana").body, Interval(NEXT_YEAR), key="later"),
    a_fact(an_assignment("checkout", "eva").body, Interval(None, NEXT_YEAR), key="ending"),
    a_fact(replace(an_assignment("checkout", "omar", function=PO).body, reason="agreed"), key="why"),  # type: ignore[type-var]
]


def test_a_matrix_tells_what_it_has_no_place_for() -> None:
    model = model_of(RICH)
    assert told(write_raci(model, RICH, NOON, splits_of(model))[1]) == [
        "csv has no place for areas and what is said of them: acme, checkout, payments [LEFT_OUT]",
        "csv has no place for functions: engineering [LEFT_OUT]",
        "csv has no place for people and what is said of them: ana, eva, omar and 1 more [LEFT_OUT]",
        "csv has no place for teams and their members: desk [LEFT_OUT]",
        "csv has no place for rules: payments/documentation [LEFT_OUT]",
        "csv has no place for agreements: payments/leadership [LEFT_OUT]",
        "csv has no place for delegations: ana/omar/-/all [LEFT_OUT]",
        "csv has no place for what begins later: later [LEFT_OUT]",
        "csv has no place for the end of what will end: ending [LEFT_OUT]",
        "csv has no place for fallbacks: payments/all/product_operations/omar [LEFT_OUT]",
        "csv has no place for blocks that name nobody: payments/coordination/product_operations/- [LEFT_OUT]",
        "csv has no place for assignments of a function that has no part there: outside [LEFT_OUT]",
        "csv has no place for how far an assignment reaches: payments/all/product_management/eva [LEFT_OUT]",
        "csv has no place for the reason of an assignment: why [LEFT_OUT]",
    ]


def test_a_catalog_tells_what_it_has_no_place_for() -> None:
    assert told(write_backstage(model_of(RICH), RICH, NOON, PO)[1]) == [
        "backstage has no place for functions: engineering [LEFT_OUT]",
        "backstage has no place for rules: payments/documentation [LEFT_OUT]",
        "backstage has no place for agreements: payments/leadership [LEFT_OUT]",
        "backstage has no place for delegations: ana/omar/-/all [LEFT_OUT]",
        "backstage has no place for what begins later: later [LEFT_OUT]",
        "backstage has no place for the end of what will end: ending [LEFT_OUT]",
        "backstage has no place for assignments that make nobody the owner of an area: ending, outside,"
        " payments/all/product_management/ana and 3 more [LEFT_OUT]",
        "backstage has no place for stages: acme [LEFT_OUT]",
        "backstage has no place for functions, hours, identities and skills of people: ana, eva, omar [LEFT_OUT]",
        "a catalog expects an owner of each, and these have none for product_operations: payments [NO_OWNER]",
    ]


def test_a_conflict_comes_back_as_one() -> None:
    """Two unlettered owners are both responsible (R27): as two accountables they would be refused."""
    beliefs = [*A_HOUSE, an_assignment("payments", "eva")]
    assert as_csv(beliefs) == "area,responsibility,function,ana,eva\npayments,all,product_management,R,R\n"
    assert imported(read_raci, as_csv(beliefs), beliefs).is_empty


@pytest.mark.parametrize("letter", [None, A])
def test_an_accountable_is_written_whether_stated_or_meant(letter: object) -> None:
    beliefs = [*A_HOUSE[:8], an_assignment("payments", "ana", letter=letter)]  # type: ignore[arg-type]
    assert as_csv(beliefs) == "area,responsibility,function,ana\npayments,all,product_management,A\n"


def test_a_catalog_gives_every_area_the_nearest_owner_there_is() -> None:
    beliefs = [*A_HOUSE, an_area("cart", "checkout"), an_area("web")]
    entities = {one.name: one for one in catalog(as_catalog(beliefs).replace("remit/inherited-owner", "x")).entities}
    owners = {key: entities[key].owner for key in ("payments", "checkout", "cart", "web")}
    assert {key: told and told.text for key, told in owners.items()} == {
        "payments": "user:default/ana",
        "checkout": "user:default/ana",
        "cart": "user:default/ana",
        "web": None,
    }
