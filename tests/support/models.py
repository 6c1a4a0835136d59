"""Models in a few words: a builder for each noun, and an answer in words short enough for a table."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from remit.domain.answers import Ownership
from remit.domain.areas import Area, Criterion, Selector, Stage
from remit.domain.catalogue import Driver, Function, Lens, Letter, Minutes, Responsibility, Split
from remit.domain.facts import Body, Fact, Facts, Recorded, natural_key
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.intervals import ALWAYS, Interval
from remit.domain.model import Model, model_at
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Delegation, Inheritance, Rule
from remit.domain.workload import Absence, Limits, Preference, Wish
from remit.usecases.shipped import shipped_catalogue

PM, PO = FunctionKey("product_management"), FunctionKey("product_operations")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
RECORDED = Recorded("ana", datetime(2026, 1, 1, tzinfo=UTC))

R, A, C, I = Letter.RESPONSIBLE, Letter.ACCOUNTABLE, Letter.CONSULTED, Letter.INFORMED  # noqa: E741 - RACI
INHERIT, APPEND, FALLBACK, BLOCK = Inheritance


def a_fact(body: Body, valid: Interval = ALWAYS, key: str | None = None) -> Fact[Body]:
    return Fact(key if key is not None else natural_key(body), body, valid, RECORDED)


def the_root(stage: Stage | None = Stage.SCALE_UP, jira: Sequence[Selector] = ()) -> Fact[Body]:
    return a_fact(Area(AreaKey("acme"), "Acme", "organisation", None, stage, _in_order(jira), timezone="UTC"))


def _in_order(selectors: Sequence[Selector]) -> tuple[Selector, ...]:
    """As a model file reads them."""
    return tuple(sorted(selectors, key=str))


def an_area(key: str, parent: str = "acme", *, stage: Stage | None = None, jira: Sequence[Selector] = ()) -> Fact[Body]:
    return a_fact(Area(AreaKey(key), key.title(), "team", AreaKey(parent), stage, _in_order(jira)))


def a_selector(**criteria: str | list[str]) -> Selector:
    """`a_selector(project="PAY", label=["a", "b"])`."""
    told = {Criterion(name): (value,) if isinstance(value, str) else tuple(value) for name, value in criteria.items()}
    return Selector(tuple((name, tuple(sorted(told[name]))) for name in Criterion if name in told))


def a_function(key: str, **lenses: str) -> Fact[Body]:
    return a_fact(Function(FunctionKey(key), key.title(), tuple(sorted(lenses.items()))))


def a_lens(key: str, description: str = "") -> Fact[Body]:
    return a_fact(Lens(key, key.title(), description))


def some_minutes(responsibility: str, driver: Driver, minutes: float, reason: str = "") -> Fact[Body]:
    return a_fact(Minutes(ResponsibilityKey(responsibility), driver, minutes, reason))


def some_limits(
    signal: str, watch: float | None, overloaded: float | None, *, area: str | None = None, person: str | None = None,
    reason: str = "",
) -> Fact[Body]:  # fmt: skip
    place, whose = AreaKey(area) if area is not None else None, OwnerKey(person) if person is not None else None
    return a_fact(Limits(signal, watch, overloaded, place, whose, reason))


def an_absence(person: str, valid: Interval, share: float = 1.0, key: str | None = None) -> Fact[Body]:
    return a_fact(Absence(OwnerKey(person), share), valid, key)


def a_preference(person: str, responsibility: str, wish: Wish, reason: str = "") -> Fact[Body]:
    return a_fact(Preference(OwnerKey(person), ResponsibilityKey(responsibility), wish, reason))


def a_person(key: str, function: str | None = None, *, active: bool = True) -> Fact[Body]:
    return a_fact(
        Person(OwnerKey(key), key.title(), function=FunctionKey(function) if function else None, active=active)
    )


def a_team(key: str, *members: str) -> Fact[Body]:
    return a_fact(Team(OwnerKey(key), key.title(), None, tuple(OwnerKey(member) for member in sorted(members))))


def a_split(lead: str | None, support: Mapping[str, Letter] | None = None) -> Split:
    told = sorted((support or {}).items())
    return Split(FunctionKey(lead) if lead else None, tuple((FunctionKey(key), letter) for key, letter in told))


BLURRY = a_split(None, {PM: R, PO: R})
UNOWNED = None


def a_rule(
    area: str,
    responsibility: str,
    split: Split | None,
    *,
    issue: Selector | None = None,
    reason: str = "",
    key: str | None = None,
) -> Fact[Body]:
    body = Rule(ResponsibilityKey(responsibility), split, AreaKey(area), None, issue, reason)
    return a_fact(body, key=key)


def a_stage_rule(stage: Stage, responsibility: str, split: Split | None) -> Fact[Body]:
    return a_fact(Rule(ResponsibilityKey(responsibility), split, stage=stage))


def a_responsibility(key: str, split: Split) -> Fact[Body]:
    return a_fact(Responsibility(ResponsibilityKey(key), key, "", split))


def an_assignment(
    area: str,
    owner: str | None,
    inherit: Inheritance = INHERIT,
    *,
    responsibility: str = ALL,
    function: str = PM,
    letter: Letter | None = None,
    key: str | None = None,
) -> Fact[Body]:
    body = Assignment(
        AreaKey(area),
        ResponsibilityKey(responsibility),
        FunctionKey(function),
        OwnerKey(owner) if owner is not None else None,
        letter,
        inherit,
    )
    return a_fact(body, key=key)


def an_agreement(area: str, responsibility: str, lead: str, *consulted: str) -> Fact[Body]:
    functions = tuple(FunctionKey(key) for key in consulted)
    return a_fact(Agreement(AreaKey(area), ResponsibilityKey(responsibility), FunctionKey(lead), functions))


def a_delegation(delegator: str, delegate: str, area: str | None = None, *responsibilities: str) -> Fact[Body]:
    where = AreaKey(area) if area is not None else None
    named = tuple(ResponsibilityKey(key) for key in responsibilities)
    return a_fact(Delegation(OwnerKey(delegator), OwnerKey(delegate), where, named), Interval(None, NEXT_YEAR))


LINE = (the_root(), an_area("payments"), an_area("checkout", "payments"), an_area("cart", "checkout"))
"""acme > payments > checkout > cart."""


def a_model(*facts: Fact[Body]) -> Model:
    """The model of these facts; without an area of its own it has LINE, and every owner named is an active person."""
    return model_at(Facts(shipped_catalogue(), with_people(facts)), NOON)


def with_people(facts: Sequence[Fact[Body]]) -> tuple[Fact[Body], ...]:
    """These facts with what a model needs besides: LINE without areas of their own, and every owner they name."""
    told = list(facts)
    if not any(isinstance(fact.body, Area) for fact in told):
        told += LINE
    return (*told, *_missing_people(told))


def _missing_people(facts: Sequence[Fact[Body]]) -> list[Fact[Body]]:
    named: set[str] = set()
    for fact in facts:
        match fact.body:
            case Assignment(owner=str(owner)):
                named.add(owner)
            case Team(members=members):
                named.update(members)
            case Delegation(from_person=delegator, to_person=delegate):
                named.update((delegator, delegate))
    declared = {fact.body.key for fact in facts if isinstance(fact.body, Person | Team)}
    return [a_person(key) for key in sorted(named - declared)]


_SHORT = {Letter.ACCOUNTABLE: "A", Letter.RESPONSIBLE: "R", Letter.CONSULTED: "C", Letter.INFORMED: "I"}
_INITIALS = {PM: "PM", PO: "PO"}


def words(answer: Ownership) -> str:
    """For tables: `OWNED PM: ana PM A, omar PO C`; a delegate is `omar(ana)`."""
    held = [
        f"{holder.owner.key}{f'({holder.delegated_from.key})' if holder.delegated_from else ''}"
        f" {_INITIALS.get(holder.function, holder.function)} {_SHORT[holder.letter]}"
        for holder in answer.holders
    ]
    lead = f" {_INITIALS.get(answer.lead, answer.lead)}" if answer.lead is not None else ""
    return f"{answer.outcome}{lead}{': ' if held else ''}{', '.join(held)}"
