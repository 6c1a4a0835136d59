"""Small models in which everything happens: all layers, modes, letters, teams, inactive people, delegations."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from remit.domain.areas import Criterion, Selector, Stage
from remit.domain.catalogue import Driver, Letter, Split
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import ALL, FunctionKey
from remit.domain.intervals import Interval
from remit.domain.policy import Inheritance
from remit.domain.workload import Wish
from remit.usecases.shipped import shipped_catalogue
from support.models import (
    BLURRY,
    NEXT_YEAR,
    NOON,
    PM,
    PO,
    a_delegation,
    a_function,
    a_lens,
    a_person,
    a_preference,
    a_rule,
    a_stage_rule,
    a_team,
    an_absence,
    an_agreement,
    an_area,
    an_assignment,
    some_limits,
    some_minutes,
    the_root,
)

EN = FunctionKey("engineering")
FUNCTIONS = (PM, PO, EN)
RESPONSIBILITIES = ("roadmap_ownership", "documentation", "leadership", "data_analytics")
"""Led by one function alone, by one with support, by none, and by whoever is staffed in a start-up (R15)."""
PEOPLE = ("ana", "eva", "ivo", "omar")
TEAMS = ("desk", "crew")
KEYS = ("a", "b", "c", "d", "e")
VALUES: Mapping[Criterion, tuple[str, ...]] = {
    Criterion.EPIC: ("P-1", "P-2"),
    Criterion.COMPONENT: ("Cart", "Docs"),
    Criterion.TEAM: ("Blue",),
    Criterion.LABEL: ("x", "y"),
    Criterion.TYPE: ("Bug", "Story"),
    Criterion.PROJECT: ("P", "Q"),
}
AWAY = Interval(NOON, NEXT_YEAR)
Drawn = TypeVar("Drawn")
Draw = Callable[[st.SearchStrategy[Drawn]], Drawn]
Offered = Mapping[Criterion, frozenset[str]]


@dataclass(frozen=True)
class Question:
    """A model, and either an area or an issue to ask about."""

    facts: Facts
    area: str
    responsibility: str
    issue: Offered | None


@cache
def selectors() -> st.SearchStrategy[Selector]:
    """One to three criteria out of few values, so that they often hold and often tie."""
    names = st.lists(st.sampled_from(list(Criterion)), min_size=1, max_size=3, unique=True)

    @st.composite
    def drawn(draw: Draw) -> Selector:  # type: ignore[type-arg]
        told = []
        for name in sorted(draw(names), key=list(Criterion).index):
            values = draw(st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=2, unique=True))
            told.append((name, tuple(sorted(values))))
        return Selector(tuple(told))

    return drawn()


@cache
def issues() -> st.SearchStrategy[Offered]:
    """What an issue offers: any number of epics, components, teams and labels, one type and one project (R30)."""
    many = {name: st.frozensets(st.sampled_from(values), max_size=2) for name, values in VALUES.items()}
    one = {name: st.sampled_from(VALUES[name]).map(lambda v: frozenset({v})) for name in list(VALUES)[-2:]}
    return st.fixed_dictionaries({**many, **one})


@cache
def splits() -> st.SearchStrategy[Split]:
    letters = st.sampled_from([Letter.RESPONSIBLE, Letter.CONSULTED, Letter.INFORMED])

    def with_lead(lead: FunctionKey) -> st.SearchStrategy[Split]:
        others = st.dictionaries(st.sampled_from([f for f in FUNCTIONS if f != lead]), letters, max_size=2)
        return others.map(lambda support: Split(lead, tuple(sorted(support.items()))))

    return st.one_of(st.just(BLURRY), st.sampled_from(FUNCTIONS).flatmap(with_lead))


_STAGES = st.one_of(st.none(), st.sampled_from(Stage))
_CHOSEN = st.lists(selectors(), max_size=2, unique_by=str)


@st.composite
def models(draw: Draw) -> Facts:  # type: ignore[type-arg]
    """Up to six areas in a tree, and few names, so that statements meet."""
    keys = KEYS[: draw(st.integers(1, len(KEYS)))]
    tree = [the_root(draw(st.sampled_from(Stage)), draw(_CHOSEN))]
    for index, key in enumerate(keys):
        parent = draw(st.sampled_from(("acme", *keys[:index])))
        tree.append(an_area(key, parent, stage=draw(_STAGES), jira=draw(_CHOSEN)))
    owners = [a_person(key, active=draw(st.integers(0, 3)) > 0) for key in PEOPLE]
    owners += [a_team(key, *draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))) for key in TEAMS]
    areas = ("acme", *keys)
    told = [
        *draw(_lenses()),
        *draw(_minutes()),
        *draw(_workload()),
        *tree,
        *owners,
        *draw(_rules(areas)),
        *draw(_assignments(areas)),
    ]
    told += [*draw(_agreements(areas)), *draw(_delegations(areas))]
    random.Random(draw(st.integers(0, 99))).shuffle(told)
    return Facts(shipped_catalogue(), tuple(told))


def questions() -> st.SearchStrategy[Question]:
    def about(facts: Facts) -> st.SearchStrategy[Question]:
        areas = sorted(f.key for f in facts.declared if f.kind == "area")
        asked = st.sampled_from([*areas, *areas, *areas, "nowhere"])
        known = st.sampled_from([*RESPONSIBILITIES, *RESPONSIBILITIES, *RESPONSIBILITIES, "astrology"])
        return st.builds(Question, st.just(facts), asked, known, st.one_of(st.none(), issues()))

    return models().flatmap(about)


@cache
def _lenses() -> st.SearchStrategy[list[Fact[Body]]]:
    """A function with values on up to two lenses, one that ships and one that may stand beside it."""
    words = st.text("aZ \"'é", max_size=3)
    values = st.sampled_from(("daily", "1e3", "no"))
    altitude = st.one_of(st.just({}), values.map(lambda value: {"altitude": value}))
    told = st.one_of(
        st.just([]),
        st.builds(lambda text, value: [a_lens("rhythm", text), {"rhythm": value}], words, values),
        words.map(lambda text: [a_lens("altitude", text), {}]),
    )

    def with_function(told: list[Any], more: dict[str, str]) -> list[Fact[Body]]:
        return [*told[:1], a_function(EN, **more, **(told[1] if told else {}))]

    return st.builds(with_function, told, altitude)


@cache
def _minutes() -> st.SearchStrategy[list[Fact[Body]]]:
    amounts = st.one_of(st.integers(0, 90).map(float), st.floats(0, 10_080))
    row = st.builds(
        some_minutes, st.sampled_from(RESPONSIBILITIES), st.sampled_from(Driver), amounts, st.sampled_from(("", "told"))
    )
    return st.lists(row, max_size=3, unique_by=lambda fact: fact.key)


@cache
def _workload() -> st.SearchStrategy[list[Fact[Body]]]:
    """A threshold of everybody or of somebody, an absence and a preference, or none of them."""
    people = st.sampled_from(PEOPLE)
    numbers = st.one_of(st.none(), st.integers(0, 5).map(float))
    row = st.one_of(
        st.builds(lambda much, who: some_limits("wip", None, much, person=who), numbers, st.one_of(st.none(), people)),
        st.builds(lambda who, share: an_absence(who, AWAY, share), people, st.sampled_from((0.1, 0.5, 1.0))),
        st.builds(a_preference, people, st.sampled_from(RESPONSIBILITIES), st.sampled_from(Wish)),
    )
    return st.lists(row, max_size=2, unique_by=lambda fact: (fact.kind, fact.key))


@cache
def _rules(areas: tuple[str, ...]) -> st.SearchStrategy[list[Fact[Body]]]:
    split = st.one_of(splits(), st.none())
    some = st.sampled_from(RESPONSIBILITIES)
    area_rule = st.builds(a_rule, st.sampled_from(areas), some, split)
    issue_rule = st.builds(
        lambda a, r, s, i: a_rule(a, r, s, issue=i), st.sampled_from(areas), some, split, selectors()
    )
    stage_rule = st.builds(a_stage_rule, st.sampled_from(Stage), some, split)
    rule = st.one_of(area_rule, area_rule, issue_rule, stage_rule)
    return st.lists(rule, max_size=5, unique_by=lambda fact: fact.key)


@cache
def _assignments(areas: tuple[str, ...]) -> st.SearchStrategy[list[Fact[Body]]]:
    modes = st.sampled_from([*Inheritance, Inheritance.INHERIT, Inheritance.FALLBACK])
    letters = st.one_of(st.none(), st.none(), st.sampled_from(Letter))

    def assigned(
        area: str, owner: str, mode: Inheritance, what: str, function: str, letter: Letter | None
    ) -> Fact[Body]:
        nobody = mode is Inheritance.BLOCK and owner in TEAMS
        return an_assignment(
            area, None if nobody else owner, mode, responsibility=what, function=function, letter=letter
        )

    row = st.builds(
        assigned,
        st.sampled_from(areas),
        st.sampled_from((*PEOPLE, *TEAMS)),
        modes,
        st.sampled_from((ALL, ALL, *RESPONSIBILITIES)),
        st.sampled_from((PM, PM, PO, PO, EN)),
        letters,
    )
    return st.lists(row, min_size=4, max_size=10, unique_by=lambda fact: fact.key)


@cache
def _agreements(areas: tuple[str, ...]) -> st.SearchStrategy[list[Fact[Body]]]:
    row = st.builds(
        lambda area, what, functions: an_agreement(area, what, *functions),
        st.sampled_from(areas),
        st.sampled_from(RESPONSIBILITIES),
        st.lists(st.sampled_from(FUNCTIONS), min_size=1, max_size=2, unique=True),
    )
    return st.lists(row, max_size=3, unique_by=lambda fact: fact.key)


@cache
def _delegations(areas: tuple[str, ...]) -> st.SearchStrategy[list[Fact[Body]]]:
    """Always to somebody later in the alphabet, so that none leads back; one of each reach, so that none ties (R43)."""
    pairs = st.sampled_from([(one, other) for i, one in enumerate(PEOPLE) for other in PEOPLE[i + 1 :]])
    named = st.lists(st.sampled_from(RESPONSIBILITIES), max_size=2, unique=True).map(sorted)
    row = st.builds(
        lambda pair, area, what: a_delegation(*pair, area, *what), pairs, st.sampled_from((None, *areas)), named
    )

    def reach(fact: Fact[Body]) -> tuple[object, ...]:
        body = fact.body
        return body.from_person, body.area or "acme", bool(body.responsibilities)  # type: ignore[union-attr]

    return st.lists(row, max_size=3, unique_by=reach)
