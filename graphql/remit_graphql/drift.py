"""Drift in the graph: where the work is done by another function than declared, and by whose traces that shows."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from remit.domain import drift as domain
from remit.domain.ids import AreaKey
from remit.usecases.ask_signals import USUAL_DAYS
from remit.usecases.snapshot import Moment, source_freshness
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import DEFAULT_PAGE, LARGEST_PAGE, require_found
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.ownership import Freshness, freshness
from remit_graphql.people import Person, person


@strawberry.type(description="The part of one function: as declared, and of the traces that were left.")
class FunctionShare:
    function: Function
    declared: float
    observed: float
    low: float = strawberry.field(description="Where the 95 % Wilson interval of what was observed begins.")
    high: float = strawberry.field(description="Where it ends.")
    count: int = strawberry.field(description="Traces left by people of the function.")


@strawberry.type(description="How many traces of one kind an account left in an area.")
class Traces:
    area: Area
    source: str
    account: str | None = strawberry.field(description="Null where nobody is named, as of one that was deleted.")
    trace: str = strawberry.field(description="The changed field in small letters, or what was done with feedback.")
    count: int
    person: Person | None = strawberry.field(description="Who has the account; null where nobody does.")
    function: Function | None


@strawberry.type(description="A responsibility whose work is done by another function than declared.")
class Drift:
    area: Area = strawberry.field(description="The topmost area at which it shows.")
    responsibility: Responsibility
    sample: int = strawberry.field(description="Traces of functions that hold a part of what leaves traces.")
    unattributed: int = strawberry.field(description="Traces of accounts of nobody, and of people without a function.")
    elsewhere: int = strawberry.field(description="Traces of other functions.")
    window_start: datetime
    window_end: datetime
    message: str
    shares: list[FunctionShare] = strawberry.field(description="The farthest from what is declared first.")
    world: strawberry.Private[World]
    all_traces: strawberry.Private[Sequence[domain.Traces]]

    @strawberry.field(description=f"The records behind it, counted; most first, at most {LARGEST_PAGE}.")
    def evidence(self, first: int = DEFAULT_PAGE) -> list[Traces]:
        length = min(max(0, first), LARGEST_PAGE)
        return [_traces(self.world, one) for one in self.all_traces[:length]]


@strawberry.type
class DriftEdge:
    node: Drift
    cursor: str


@strawberry.type
class DriftConnection:
    edges: list[DriftEdge]
    page_info: PageInfo
    total_count: int
    doubt: str | None = strawberry.field(description="Why there may be more; null where nothing is in doubt.")
    freshness: Freshness


async def drifts_of(
    info: Asking, under: str | None, first: int | None, after: str | None, days: int | None, as_of: datetime | None
) -> DriftConnection:
    """A page of the drifts of an area and what is below it (None: everywhere)."""
    moment = Moment(as_of)
    world = await info.context.world(moment)
    require_found(under is None or under in world.model.areas, f"there is no area {under!r} at this instant")
    start = AreaKey(under) if under is not None else None
    told = await info.context.drifts(moment, USUAL_DAYS if days is None else days, start)
    by_key = {one.key: one for one in told.found}
    elements, page_info, total = page(list(by_key), first, after, lambda key: _drift(world, by_key[key]))
    return DriftConnection(
        edges=[DriftEdge(node=node, cursor=at) for node, at in elements],
        page_info=page_info,
        total_count=total,
        doubt=told.doubt,
        freshness=freshness(source_freshness(world.snap, None)),
    )


def _drift(world: World, told: domain.Drift) -> Drift:
    return Drift(
        area=area(world, told.area),
        responsibility=responsibility(world, told.responsibility),
        sample=told.sample,
        unattributed=told.unattributed,
        elsewhere=told.elsewhere,
        window_start=told.window.start,
        window_end=told.window.end,
        message=told.sentence,
        shares=[
            FunctionShare(
                function=function(world, one.function),
                declared=one.declared,
                observed=one.observed,
                low=one.low,
                high=one.high,
                count=one.count,
            )
            for one in told.shares
        ],
        world=world,
        all_traces=told.evidence,
    )


def _traces(world: World, told: domain.Traces) -> Traces:
    return Traces(
        area=area(world, told.area),
        source=told.source,
        account=told.account,
        trace=told.trace,
        count=told.count,
        person=person(world, told.person) if told.person is not None else None,
        function=function(world, told.function) if told.function is not None else None,
    )
