"""A large model as a real organisation would declare it, the same for the same seed."""

import random
from collections.abc import Iterator

from remit.domain.areas import Area, Criterion, Selector, Stage
from remit.domain.catalogue import Letter, Split
from remit.domain.facts import Body, Fact, Facts, natural_key
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Inheritance, Rule
from remit.usecases.shipped import shipped_catalogue

PM, PO = FunctionKey("product_management"), FunctionKey("product_operations")
KINDS = ("organisation", "division", "product", "team", "component")
_SHARES = (0.002, 0.03, 0.2)
"""Of all areas, how many are divisions, products and teams; the rest are components."""


def large_facts(areas: int, people: int, seed: int) -> Facts:
    """A tree of five levels with `areas` areas; every product and team has owners of both functions.

    A tenth of the areas have a rule, a twentieth an agreement or an owner of one responsibility, some a stage of
    their own; one person in fifty is inactive.
    """
    dice = random.Random(seed)
    bodies = [*_people(people, dice), *_tree(areas, dice)]
    placed = [body for body in bodies if isinstance(body, Area)]
    declared = [*bodies, *_policies(placed, people, dice)]
    facts = {(type(body), natural_key(body)): body for body in declared}
    return Facts(shipped_catalogue(), tuple(Fact(key, body) for (_, key), body in facts.items()))


def _people(count: int, dice: random.Random) -> Iterator[Body]:
    for number in range(count):
        key = OwnerKey(f"p{number}")
        identity = (("jira", f"account-{number}"),)
        yield Person(key, f"Person {number}", f"{key}@acme.example", (PM, PO)[number % 2], 40.0, identity,
                     active=dice.random() > 0.02)  # fmt: skip
    for number in range(count // 20):
        members = sorted({f"p{dice.randrange(count)}" for _ in range(5)})
        yield Team(OwnerKey(f"t{number}"), f"Team {number}", PO, tuple(map(OwnerKey, members)))


def _tree(count: int, dice: random.Random) -> Iterator[Body]:
    yield Area(AreaKey("org"), "Organisation", KINDS[0], None, Stage.SCALE_UP, timezone="UTC")
    level = [AreaKey("org")]
    left = count - 1
    for depth, kind in enumerate(KINDS[1:]):
        size = min(left, max(1, round(count * _SHARES[depth]))) if depth < len(_SHARES) else left
        left -= size
        below = []
        for number in range(size):
            key = AreaKey(f"{kind}-{number}")
            stage = dice.choice(list(Stage)) if kind == "product" and number % 10 == 0 else None
            yield Area(key, key.title(), kind, dice.choice(level), stage, (_selector(kind, number),))
            below.append(key)
        level = below or level


def _selector(kind: str, number: int) -> Selector:
    project = (Criterion.PROJECT, (f"PRJ{number % 500}",))
    component = (Criterion.COMPONENT, (f"{kind} {number}",))
    return Selector((component, project) if kind in ("team", "component") else (project,))


def _policies(areas: list[Area], people: int, dice: random.Random) -> Iterator[Body]:
    keys = [row.key for row in shipped_catalogue().responsibilities]
    yield Assignment(AreaKey("org"), ALL, PO, OwnerKey("p1"), inherit=Inheritance.FALLBACK)
    for area in areas:
        if area.kind in ("product", "team") or dice.random() < 0.2:
            for function, odd in ((PM, 0), (PO, 1)):
                owner = OwnerKey(f"p{2 * dice.randrange(people // 2) + odd}")
                yield Assignment(area.key, ALL, function, owner)
        if dice.random() < 0.05:
            mode = dice.choice(list(Inheritance))
            owner = OwnerKey(f"t{dice.randrange(people // 20)}")
            yield Assignment(area.key, dice.choice(keys), PO, owner, dice.choice((None, Letter.RESPONSIBLE)), mode)
        if dice.random() < 0.1:
            lead, other = dice.choice(((PM, PO), (PO, PM)))
            yield Rule(dice.choice(keys), Split(lead, ((other, Letter.CONSULTED),)), area.key, reason="agreed in June")
        if dice.random() < 0.05:
            yield Agreement(area.key, dice.choice(keys[-4:]), PM, (PO,))
