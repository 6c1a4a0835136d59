"""Functions, responsibilities, lenses and minutes per unit in the graph."""

from collections.abc import Callable
from enum import StrEnum

import strawberry

from remit.domain.catalogue import Driver
from remit.domain.facts import Fact
from remit.domain.ids import FunctionKey, ResponsibilityKey, node_id
from remit_graphql.history import OF_THIS, ChangeConnection, own_history
from remit_graphql.kit.limits import require, require_found
from remit_graphql.kit.nodes import Node
from remit_graphql.kit.world import World, made_once
from remit_graphql.own_load import OwnGroupLoad, OwnSignals, own_group_load, own_signals

Values = tuple[tuple[str, str], ...]
"""(lens, value), each."""

strawberry.enum(Driver, description="What the work of a responsibility grows with, counted over a week in one area.")


@strawberry.enum(description="Where a number comes from.")
class MinutesSource(StrEnum):
    ASSUMED = "assumed"
    DECLARED = "declared"


@strawberry.type(description="A named dimension by which responsibilities and functions can be looked at.")
class Lens(Node):
    key: str
    name: str
    description: str
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)


@strawberry.type(description="A lens and where something stands in it.")
class LensValue:
    lens: str
    value: str


@strawberry.type(description="A role family that can hold responsibilities.")
class Function(Node):
    key: str
    name: str
    lenses: list[LensValue]
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)
    load: OwnGroupLoad = strawberry.field(
        resolver=own_group_load,
        description="How loaded its active people are together: each with all that is asked of them.",
    )
    signals: OwnSignals = strawberry.field(
        resolver=own_signals,
        description="What is measured of all that any of its people is accountable for, each record once.",
    )


@strawberry.type(description="One thing somebody must own.")
class Responsibility(Node):
    key: str
    name: str
    description: str
    transferable: bool
    lenses: list[LensValue]
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)


@strawberry.type(description="How many minutes a week one unit of the driver takes whoever holds the responsibility.")
class MinutesPerUnit:
    responsibility: Responsibility
    driver: Driver
    minutes: float
    source: MinutesSource = strawberry.field(
        description="ASSUMED ships with Remit; DECLARED is the organisation's own."
    )
    reason: str


@made_once
def function(world: World, key: FunctionKey) -> Function:
    """A function; one that was ended meanwhile echoes its key."""
    found = world.model.functions.get(key)
    identity = strawberry.ID(node_id("Function", key))
    if found is None:
        return Function(id=identity, key=key, name=key, lenses=[])
    return Function(id=identity, key=key, name=found.name, lenses=_values(found.lenses))


@made_once
def responsibility(world: World, key: ResponsibilityKey) -> Responsibility:
    """A responsibility, or a placeholder that echoes an unknown key (R46)."""
    identity = strawberry.ID(node_id("Responsibility", key))
    found = world.model.responsibilities.get(key)
    if found is None:
        return Responsibility(id=identity, key=key, name=key, description="", transferable=False, lenses=[])
    return Responsibility(
        id=identity,
        key=key,
        name=found.name,
        description=found.description,
        transferable=found.transferable,
        lenses=_values(found.lenses),
    )


def responsibilities(world: World, lens: str | None, value: str | None) -> list[Responsibility]:
    """All of them, or those that have a value on a lens, or that very value."""
    stands = _standing(world, lens, value)
    return [responsibility(world, key) for key, one in world.model.responsibilities.items() if stands(one.lenses)]


def functions(world: World, lens: str | None, value: str | None) -> list[Function]:
    """All of them, or those that have a value on a lens, or that very value."""
    stands = _standing(world, lens, value)
    return [function(world, key) for key, one in world.model.functions.items() if stands(one.lenses)]


def lenses(world: World) -> list[Lens]:
    """Those that ship, then the organisation's own by key."""
    return [lens(world, key) for key in world.model.lenses]


@made_once
def lens(world: World, key: str) -> Lens:
    """A lens that there is."""
    found = world.model.lenses[key]
    return Lens(id=strawberry.ID(node_id("Lens", key)), key=key, name=found.name, description=found.description)


def minutes(world: World) -> list[MinutesPerUnit]:
    """By responsibility and driver."""
    return [
        MinutesPerUnit(
            responsibility=responsibility(world, key),
            driver=driver,
            minutes=row.minutes,
            source=MinutesSource.DECLARED if isinstance(found, Fact) else MinutesSource.ASSUMED,
            reason=row.reason,
        )
        for (key, driver), found in sorted(world.model.minutes.items())
        for row in [found.body if isinstance(found, Fact) else found]
    ]


def _standing(world: World, lens: str | None, value: str | None) -> Callable[[Values], bool]:
    """Whether something stands where it is asked for; raises Invalid and NotFound for what cannot be asked."""
    require(value is None or lens is not None, "`value` is one of a lens; give `lens` too")
    require_found(lens is None or lens in world.model.lenses, f"there is no lens {lens!r} now")
    return lambda values: lens is None or any(one == lens and value in (None, its) for one, its in values)


def _values(lenses: Values) -> list[LensValue]:
    return [LensValue(lens=lens, value=value) for lens, value in lenses]
