"""What can be subscribed to: changes of who owns what, beside those of load."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Annotated

import strawberry

from remit.domain.events import ChangeEvent, Shift
from remit.domain.ids import AreaKey
from remit.domain.people import OwnerKind, OwnerRef
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.tell_changes import took_effect
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Responsibility, responsibility
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import require_found
from remit_graphql.kit.world import World
from remit_graphql.people import Owner, owner
from remit_graphql.simulation import CellState, state
from remit_graphql.subscription_load import LoadSubscriptions

MOST_CELLS = 750
"""Of one change; `cellCount` tells all of them."""


@strawberry.type(description="One cell that a change of the model made another.")
class OwnershipShift:
    area: Area
    responsibility: Responsibility
    lost: Owner | None = strawberry.field(description="Who is no longer accountable.")
    gained: Owner | None = strawberry.field(description="Who is accountable now and was not.")
    before: CellState | None = strawberry.field(description="Null of a cell that is new.")
    after: CellState | None = strawberry.field(description="Null of a cell that is no more.")
    informed: list[Owner] = strawberry.field(
        description="Who holds it as informed, before or after, and whoever was and is accountable."
    )


@strawberry.type(description="A change of the model by which at least one cell became another.")
class OwnershipChange:
    recorded_at: datetime
    actor: str
    reason: str
    cells: list[OwnershipShift] = strawberry.field(description=f"The first {MOST_CELLS}.")
    cell_count: int


@strawberry.type
class Subscription(LoadSubscriptions):
    @strawberry.subscription(
        description="Each change of who owns what, in the order of recording, in an area and below it or anywhere."
    )
    async def ownership_changed(
        self,
        info: Asking,
        under: Annotated[str | None, strawberry.argument(description="The key of an area.")] = None,
    ) -> AsyncGenerator[OwnershipChange, None]:
        context = info.context
        if under is not None:
            world = await context.world(Moment())
            require_found(AreaKey(under) in world.model.areas, f"there is no area {under!r} now")
        async for event, shifts in context.feed.events():
            told = [shift for shift in shifts if under is None or under in shift.within]
            if told:
                if not await context.is_admitted():
                    return
                context.turn_over()
                yield await _change(info, event, told)


async def _change(info: Asking, event: ChangeEvent, told: list[Shift]) -> OwnershipChange:
    """Nouns are as they were when the change took effect: those that are gone by it as just before."""
    at, known_at = took_effect(event), event.recorded_at
    was, now = [
        World(await snapshot(info.context.desk, Moment(at, known)))
        for known in (known_at - timedelta(microseconds=1), known_at)
    ]
    return OwnershipChange(
        recorded_at=event.recorded_at,
        actor=event.actor,
        reason=event.reason,
        cells=[_shift(was, now, shift) for shift in told[:MOST_CELLS]],
        cell_count=len(told),
    )


def _shift(was: World, now: World, told: Shift) -> OwnershipShift:
    there = now if told.after is not None else was
    return OwnershipShift(
        area=area(there, told.area),
        responsibility=responsibility(there, told.responsibility),
        lost=owner(was, told.lost) if told.lost is not None else None,
        gained=owner(now, told.gained) if told.gained is not None else None,
        before=state(was, told.before),
        after=state(now, told.after),
        informed=[owner(now if _is_there(now, one) else was, one) for one in told.informed],
    )


def _is_there(world: World, ref: OwnerRef) -> bool:
    return ref.key in (world.model.teams if ref.kind is OwnerKind.TEAM else world.model.people)
