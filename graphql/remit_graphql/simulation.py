"""What a change would come to, in the graph: cells, gaps and coverage before and after; nothing is written."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from remit.domain import differences as domain
from remit.domain.answers import Outcome
from remit.domain.errors import Refused
from remit.usecases.ask_gaps import Gaps
from remit.usecases.ask_signals import USUAL_DAYS
from remit.usecases.compare_loads import LoadChange as LoadChanged
from remit.usecases.compare_loads import load_changes
from remit.usecases.simulate import simulate
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.change_inputs import ChangeInput, changes_of, places_of
from remit_graphql.change_problems import ChangeProblem, change_problem, refusals
from remit_graphql.gaps import Coverage, GapConnection, coverage, gaps_page
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import MOST_SIMULATIONS, require
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.load import Load, load
from remit_graphql.people import Owner, Person, owner, person


@strawberry.type(description="What a cell comes to, as far as a change can be seen in it.")
class CellState:
    outcome: Outcome
    lead: Function | None
    accountable: Owner | None


@strawberry.type(description="One cell that would not be as it is.")
class CellChange:
    area: Area
    responsibility: Responsibility
    before: CellState | None = strawberry.field(description="Null in an area, or of a responsibility, that is not yet.")
    after: CellState | None = strawberry.field(description="Null of one that would be no more.")


@strawberry.type
class CellChangeEdge:
    node: CellChange
    cursor: str


@strawberry.type
class CellChangeConnection:
    edges: list[CellChangeEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="Somebody whose load would not be as it is.")
class LoadChange:
    person: Person
    before: Load | None = strawberry.field(description="Null of somebody who is not there yet.")
    after: Load | None = strawberry.field(description="Null of somebody who would be no more.")


@strawberry.type
class LoadChangeEdge:
    node: LoadChange
    cursor: str


@strawberry.type
class LoadChangeConnection:
    edges: list[LoadChangeEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="What is otherwise. The `count` of a gap is by how many cells or issues.")
class ModelDifference:
    before: strawberry.Private[World]
    after: strawberry.Private[World]
    told: strawberry.Private[domain.Difference]
    coverage_before: Coverage | None = strawberry.field(description="Of the whole organisation.")
    coverage_after: Coverage | None

    @strawberry.field(description="Every cell whose outcome, lead or accountable owner would change.")
    def cells(self, first: int | None = None, after: str | None = None) -> CellChangeConnection:
        changes = {f"{one.area}\t{one.responsibility}": one for one in self.told.cells}
        elements, info, total = page(list(changes), first, after, lambda key: self._change(changes[key]))
        edges = [CellChangeEdge(node=node, cursor=at) for node, at in elements]
        return CellChangeConnection(edges=edges, page_info=info, total_count=total)

    @strawberry.field(description="Gaps that would open, or grow.")
    def opened(self, first: int | None = None, after: str | None = None) -> GapConnection:
        return gaps_page(self.after, Gaps(self.told.opened), first, after)

    @strawberry.field(description="Gaps that would close, or shrink.")
    def closed(self, first: int | None = None, after: str | None = None) -> GapConnection:
        return gaps_page(self.before, Gaps(self.told.closed), first, after)

    @strawberry.field(description="Everybody whose demand, capacity or verdict would change, over the same records.")
    async def loads(
        self, info: Asking, first: int | None = None, after: str | None = None, window_days: int | None = None
    ) -> LoadChangeConnection:
        days = USUAL_DAYS if window_days is None else window_days
        told = await load_changes(info.context.desk, self.before.snap, self.after.snap, days=days)
        changes = {str(one.person): one for one in told}
        elements, page_info, total = page(list(changes), first, after, lambda key: self._load_change(changes[key]))
        edges = [LoadChangeEdge(node=node, cursor=at) for node, at in elements]
        return LoadChangeConnection(edges=edges, page_info=page_info, total_count=total)

    def _load_change(self, told: LoadChanged) -> LoadChange:
        return LoadChange(
            person=person(self.after if told.after is not None else self.before, told.person),
            before=load(self.before, told.before) if told.before is not None else None,
            after=load(self.after, told.after) if told.after is not None else None,
        )

    def _change(self, told: domain.CellChange) -> CellChange:
        there = self.after if told.after is not None else self.before
        return CellChange(
            area=area(there, told.area),
            responsibility=responsibility(there, told.responsibility),
            before=state(self.before, told.before),
            after=state(self.after, told.after),
        )


@strawberry.type(description="What changes would come to, or why they cannot be made.")
class Simulation:
    difference: ModelDifference | None = strawberry.field(description="Null where there are errors.")
    warnings: list[ChangeProblem] = strawberry.field(description="What may not be meant, though it could be made.")
    errors: list[ChangeProblem]


async def simulated(info: Asking, changes: Sequence[ChangeInput], as_of: datetime | None) -> Simulation:
    """The same checks as making the changes; what is refused is data."""
    info.context.simulations += 1
    require(info.context.simulations <= MOST_SIMULATIONS, f"simulate at most {MOST_SIMULATIONS} times at once")
    try:
        told = await simulate(info.context.desk, changes_of(changes), as_of)
    except Refused as refused:
        return Simulation(difference=None, warnings=[], errors=refusals(refused, places_of(changes)))
    before, after = World(told.before), World(told.after)
    difference = ModelDifference(
        before=before,
        after=after,
        told=told.difference,
        coverage_before=coverage(before, told.coverage_before) if told.coverage_before is not None else None,
        coverage_after=coverage(after, told.coverage_after) if told.coverage_after is not None else None,
    )
    warnings = [change_problem(one, places_of(changes)) for one in told.warnings]
    return Simulation(difference=difference, warnings=warnings, errors=[])


def state(world: World, told: domain.CellState | None) -> CellState | None:
    if told is None:
        return None
    return CellState(
        outcome=told.outcome,
        lead=function(world, told.lead) if told.lead is not None else None,
        accountable=owner(world, told.accountable) if told.accountable is not None else None,
    )
