"""Functions and responsibilities in the graph."""

import strawberry

from remit.domain.ids import FunctionKey, ResponsibilityKey, node_id
from remit_graphql.history import OF_THIS, ChangeConnection, own_history
from remit_graphql.kit.nodes import Node
from remit_graphql.kit.world import World, made_once


@strawberry.type(description="A role family that can hold responsibilities.")
class Function(Node):
    key: str
    name: str
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)


@strawberry.type(description="A lens and where something stands in it.")
class LensValue:
    lens: str
    value: str


@strawberry.type(description="One thing somebody must own.")
class Responsibility(Node):
    key: str
    name: str
    description: str
    transferable: bool
    lenses: list[LensValue]
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)


@made_once
def function(world: World, key: FunctionKey) -> Function:
    """A function; one that was ended meanwhile echoes its key."""
    found = world.model.functions.get(key)
    return Function(id=strawberry.ID(node_id("Function", key)), key=key, name=found.name if found else key)


@made_once
def responsibility(world: World, key: ResponsibilityKey) -> Responsibility:
    """A responsibility, or a placeholder that echoes an unknown key (R46)."""
    identity = strawberry.ID(node_id("Responsibility", key))
    found = world.model.responsibilities.get(key)
    if found is None:
        return Responsibility(id=identity, key=key, name=key, description="", transferable=False, lenses=[])
    lenses = [LensValue(lens=lens, value=value) for lens, value in found.lenses]
    return Responsibility(
        id=identity,
        key=key,
        name=found.name,
        description=found.description,
        transferable=found.transferable,
        lenses=lenses,
    )
