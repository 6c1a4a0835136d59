"""Advice in the graph: what could move to the other function, with everybody's hours before and after."""

from datetime import datetime

import strawberry

from remit.domain import advice as domain
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Verdict
from remit.usecases.ask_advice import advice
from remit.usecases.snapshot import Moment, source_freshness
from remit_graphql import load
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import require_found
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.ownership import Freshness, freshness
from remit_graphql.people import Person, person

NAMING = (load,)
"""Imported first: it gives verdicts their name in the graph."""


@strawberry.type(description="What a proposal comes to for one person, in hours a week.")
class AdviceEffect:
    person: Person
    hours_before: float
    hours_after: float
    capacity_hours: float | None
    utilisation_before: float | None
    utilisation_after: float | None
    verdict_before: Verdict
    verdict_after: Verdict


@strawberry.type(
    description="A change that may be made, alone or with all others told beside it. None is ever made by itself."
)
class Proposal:
    id: strawberry.ID = strawberry.field(
        description="Names it with all that it rests on: when any of that changes, it is no proposal any more."
    )
    area: Area
    responsibility: Responsibility
    lead_before: Function | None
    lead_after: Function
    owner: Person = strawberry.field(description="Who would be accountable.")
    changes: int = strawberry.field(description="How many rows of the model it writes.")
    relief_hours: float = strawberry.field(
        description="By how much less those at WATCH or above would have too much, each week."
    )
    effects: list[AdviceEffect] = strawberry.field(description="Everybody whose hours change, the most relieved first.")
    message: str
    expires: datetime


@strawberry.type
class AdviceEdge:
    node: Proposal
    cursor: str


@strawberry.type
class AdviceConnection:
    edges: list[AdviceEdge]
    page_info: PageInfo
    total_count: int
    doubt: str | None = strawberry.field(description="Why there may be others; null where nothing is in doubt.")
    freshness: Freshness


async def advice_of(
    info: Asking, under: str | None, whom: str | None, first: int | None, after: str | None
) -> AdviceConnection:
    """A page of what relieves those near an area, or one person; with neither, anybody."""
    world = await info.context.world(Moment())
    require_found(under is None or under in world.model.areas, f"there is no area {under!r} now")
    require_found(whom is None or whom in world.model.people, f"there is no person {whom!r} now")
    info.context.count_advice()
    found = await advice(
        info.context.desk,
        world.snap,
        AreaKey(under) if under is not None else None,
        OwnerKey(whom) if whom is not None else None,
    )
    by_id = {one.id: one for one in found.proposals}
    elements, page_info, total = page(list(by_id), first, after, lambda key: _proposal(world, by_id[key]))
    return AdviceConnection(
        edges=[AdviceEdge(node=node, cursor=at) for node, at in elements],
        page_info=page_info,
        total_count=total,
        doubt=found.doubt,
        freshness=freshness(source_freshness(world.snap, None)),
    )


def _proposal(world: World, told: domain.Proposal) -> Proposal:
    move = told.move
    return Proposal(
        id=strawberry.ID(told.id),
        area=area(world, move.area),
        responsibility=responsibility(world, move.responsibility),
        lead_before=function(world, move.before) if move.before is not None else None,
        lead_after=function(world, move.function),
        owner=person(world, move.owner),
        changes=move.changes,
        relief_hours=told.relief_hours,
        effects=[_effect(world, one) for one in told.effects],
        message=told.sentence,
        expires=told.expires,
    )


def _effect(world: World, told: domain.Effect) -> AdviceEffect:
    return AdviceEffect(
        person=person(world, told.person),
        hours_before=told.hours_before,
        hours_after=told.hours_after,
        capacity_hours=told.capacity_hours,
        utilisation_before=told.utilisation_before,
        utilisation_after=told.utilisation_after,
        verdict_before=told.verdict_before,
        verdict_after=told.verdict_after,
    )
