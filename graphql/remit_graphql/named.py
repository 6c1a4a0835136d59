"""A noun of the graph by the kind and key of the row that states it."""

from remit.domain.facts import FactKind
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit_graphql import catalogue, people
from remit_graphql.areas import area
from remit_graphql.kit.nodes import Node
from remit_graphql.kit.world import World


def named(world: World, kind: FactKind, key: str) -> Node | None:
    """The object as it is at the world's moment; None when it is not, and for statements, which are no objects."""
    match kind:
        case FactKind.AREA if key in world.model.areas:
            return area(world, AreaKey(key))
        case FactKind.PERSON if key in world.model.people:
            return people.person(world, OwnerKey(key))
        case FactKind.TEAM if key in world.model.teams:
            return people.team(world, OwnerKey(key))
        case FactKind.FUNCTION if key in world.model.functions:
            return catalogue.function(world, FunctionKey(key))
        case FactKind.RESPONSIBILITY if key in world.model.responsibilities:
            return catalogue.responsibility(world, ResponsibilityKey(key))
    return None
