"""What was dismissed, in the graph: moves that are not proposed, until when, by whom and why."""

from datetime import datetime

import strawberry

from remit.domain.advice import Dismissal
from remit.usecases.decide_advice import dismissed_advice
from remit.usecases.snapshot import Moment
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.kit.context import Asking
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.people import Person, person


@strawberry.type(description="A move that is not proposed for a time: the last dismissal of it.")
class DismissedAdvice:
    id: strawberry.ID = strawberry.field(description="Names the move; for `restoreAdvice`.")
    area: Area | None = strawberry.field(description="Null where there is no such area now.")
    responsibility: Responsibility
    lead_after: Function
    owner: Person = strawberry.field(description="Who would be accountable.")
    until: datetime
    reason: str
    actor: str


@strawberry.type
class DismissedAdviceEdge:
    node: DismissedAdvice
    cursor: str


@strawberry.type
class DismissedAdviceConnection:
    edges: list[DismissedAdviceEdge]
    page_info: PageInfo
    total_count: int


async def dismissed_of(info: Asking, first: int | None, after: str | None) -> DismissedAdviceConnection:
    """A page of what is dismissed now, by area, responsibility, function and owner."""
    world = await info.context.world(Moment())
    by_key = {one.key: one for one in await dismissed_advice(info.context.desk)}
    elements, page_info, total = page(list(by_key), first, after, lambda key: _dismissed(world, by_key[key]))
    edges = [DismissedAdviceEdge(node=node, cursor=at) for node, at in elements]
    return DismissedAdviceConnection(edges=edges, page_info=page_info, total_count=total)


def _dismissed(world: World, told: Dismissal) -> DismissedAdvice:
    place, task, lead, owner = told.place
    return DismissedAdvice(
        id=strawberry.ID(told.key),
        area=area(world, place) if place in world.model.areas else None,
        responsibility=responsibility(world, task),
        lead_after=function(world, lead),
        owner=person(world, owner),
        until=told.until,
        reason=told.reason,
        actor=told.actor,
    )
