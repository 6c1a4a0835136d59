"""What can be subscribed to about load: whose is another than it was."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated

import strawberry

from remit.domain import load as domain
from remit.domain.ids import AreaKey
from remit.usecases.follow_loads import News
from remit.usecases.snapshot import Moment
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import require_found
from remit_graphql.kit.world import World
from remit_graphql.load import Load, load
from remit_graphql.people import Person, person

MOST_SHIFTS = 200
"""In one message; further ones follow at once."""


@strawberry.type(description="What a load came to.")
class LoadState:
    verdict: domain.Verdict
    demand_hours: float | None = strawberry.field(description="Hours a week.")
    capacity_hours: float | None = strawberry.field(description="Hours a week, absences in the window taken off.")
    utilisation: float | None
    operational_share: float | None


@strawberry.type(description="Somebody whose load is another than it was.")
class LoadShift:
    person: Person
    before: LoadState | None = strawberry.field(description="Null of somebody who was not there.")
    load: Load | None = strawberry.field(description="As it is now; null of somebody who is no more.")


@strawberry.type(
    description=f"Whose load became another between two looks. Of more than {MOST_SHIFTS} people further messages of "
    "the same moment follow."
)
class WorkloadChange:
    since: datetime = strawberry.field(description="When it was as it was before.")
    at: datetime = strawberry.field(description="When it was seen.")
    shift_count: int = strawberry.field(description="In all messages of this moment together.")
    shifts: list[LoadShift] = strawberry.field(
        description="Those with another verdict first, then the most loaded first."
    )


@strawberry.type
class LoadSubscriptions:
    @strawberry.subscription(
        description="Each change of what is asked of somebody: of whoever has a part in an area or below it, or of "
        "anybody; over the usual window. That the clock goes on is none, unless the verdict becomes another."
    )
    async def load_changed(
        self,
        info: Asking,
        under: Annotated[str | None, strawberry.argument(description="The key of an area.")] = None,
    ) -> AsyncGenerator[WorkloadChange, None]:
        context = info.context
        area = AreaKey(under) if under is not None else None
        if area is not None:
            world = await context.world(Moment())
            require_found(area in world.model.areas, f"there is no area {under!r} now")
        async with aclosing(context.load_feed.news(area)) as changes:
            async for news in changes:
                for first in range(0, len(news.shifts), MOST_SHIFTS):
                    if not await context.is_admitted():
                        return
                    context.turn_over()
                    yield _change(news, news.shifts[first : first + MOST_SHIFTS])


def _change(news: News, some: tuple[domain.LoadShift, ...]) -> WorkloadChange:
    was, now = World(news.was), World(news.snap)
    return WorkloadChange(
        since=news.since,
        at=news.snap.as_of,
        shift_count=len(news.shifts),
        shifts=[_shift(was, now, news, one) for one in some],
    )


def _shift(was: World, now: World, news: News, told: domain.LoadShift) -> LoadShift:
    is_there = told.after is not None
    return LoadShift(
        person=person(now if is_there else was, told.person),
        before=_state(told.before) if told.before is not None else None,
        load=load(now, news.found.load(told.person)) if is_there else None,
    )


def _state(told: domain.LoadBrief) -> LoadState:
    return LoadState(
        verdict=told.verdict,
        demand_hours=told.demand_hours,
        capacity_hours=told.capacity_hours,
        utilisation=told.utilisation,
        operational_share=told.operational_share,
    )
