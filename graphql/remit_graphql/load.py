"""Load in the graph: signals of areas, and how loaded each person is and by what."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from remit.domain import load as domain
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey
from remit.domain.parties import Party, PartyKind
from remit.usecases.ask_load import Wanted, listed
from remit.usecases.ask_signals import USUAL_DAYS, require_days, require_names
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, signal_freshness, source_freshness
from remit.usecases.trace_signals import can_be_traced
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Responsibility, responsibility
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import require_found
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.ownership import Freshness, freshness
from remit_graphql.people import Person, person
from remit_graphql.records import RECORDS, Behind, TracedRecordConnection, records_of

strawberry.enum(domain.Verdict, name="Verdict", description="What a number says; UNKNOWN is never good.")


@strawberry.type(description="One measured number with everything needed to judge it.")
class Signal:
    name: str
    unit: str
    value: float | None
    sample_size: int
    window_start: datetime
    window_end: datetime
    baseline: float | None = strawberry.field(description="The median of the six windows before.")
    spread: float | None = strawberry.field(description="The median distance of those six from the baseline.")
    threshold: float | None = strawberry.field(description="The one that decides the verdict.")
    threshold_source: str
    verdict: domain.Verdict
    explanation: str
    freshness: Freshness
    world: strawberry.Private[World]
    behind: strawberry.Private[Behind | None] = None

    @strawberry.field(description=RECORDS)
    async def records(
        self, info: Asking, first: int | None = None, after: str | None = None
    ) -> TracedRecordConnection | None:
        if self.behind is None:
            return None
        return await records_of(info, self.world, self.behind, self.name, first, after)


@strawberry.type(description="What one responsibility in one area asks of a person, in hours a week.")
class LoadContribution:
    area: Area
    responsibility: Responsibility
    demand_hours: float
    world: strawberry.Private[World]
    made_by: strawberry.Private[Sequence[domain.Signal]]

    @strawberry.field(description="What makes the work, each with what it comes to.")
    def drivers(self) -> list[Signal]:
        own = (AreaKey(self.area.key),)
        return [signal(self.world, one, own if can_be_traced(one.name) else None) for one in self.made_by]


@strawberry.type(description="How loaded a person is. The contributions come to the demand exactly.")
class Load:
    person: Person
    verdict: domain.Verdict
    demand_hours: float | None = strawberry.field(description="Hours a week.")
    capacity_hours: float | None = strawberry.field(description="Hours a week, absences in the window taken off.")
    utilisation: float | None = strawberry.field(description="Demand over capacity; null without any capacity.")
    operational_share: float | None
    freshness: Freshness
    world: strawberry.Private[World]
    told: strawberry.Private[domain.Load]

    @strawberry.field(description="The largest first.")
    def contributions(self) -> list[LoadContribution]:
        return [
            LoadContribution(
                area=area(self.world, one.area),
                responsibility=responsibility(self.world, one.responsibility),
                demand_hours=one.demand_hours,
                world=self.world,
                made_by=one.drivers,
            )
            for one in self.told.contributions
        ]

    @strawberry.field
    async def signals(self, info: Asking) -> list[Signal]:
        return await with_touched(info, self.world, Party(PartyKind.PERSON, self.told.person), self.told.signals)


@strawberry.type
class LoadEdge:
    node: Load
    cursor: str


@strawberry.type
class LoadConnection:
    edges: list[LoadEdge]
    page_info: PageInfo
    total_count: int


async def signals_of(
    info: Asking, key: AreaKey, names: Sequence[str] | None, days: int | None, below: bool, as_of: datetime | None
) -> list[Signal]:
    """Those of an area, by name and in the order of the names, or all; alone or with everything below it."""
    length = USUAL_DAYS if days is None else days
    require_days(length)
    require_names(names or ())
    moment = Moment(as_of)
    found = await info.context.signals.load((moment, length, Question(key, below)))
    world = await info.context.world(moment)
    require_found(found is not None, f"there is no area {key!r} at this instant")
    by_name = {one.name: one for one in found or ()}
    areas = Question(key, below).areas(world.model)
    return [signal(world, by_name[name], areas) for name in (by_name if names is None else names)]


async def load_of(info: Asking, key: OwnerKey, days: int | None, as_of: datetime | None) -> Load:
    """That of one person; many of them are told together."""
    moment = Moment(as_of)
    world = await info.context.world(moment)
    require_found(key in world.model.people, f"there is no person {key!r} at this instant")
    found = await info.context.survey(moment, USUAL_DAYS if days is None else days)
    return load(world, found.load(key))


async def loads_of(
    info: Asking, wanted: Wanted, first: int | None, after: str | None, days: int | None, as_of: datetime | None
) -> LoadConnection:
    """A page of the loads of whoever is meant, the most loaded first."""
    moment = Moment(as_of)
    world = await info.context.world(moment)
    found = await info.context.survey(moment, USUAL_DAYS if days is None else days)
    keys = listed(world.snap, found, wanted)
    elements, page_info, total = page(keys, first, after, lambda key: load(world, found.load(OwnerKey(key))))
    edges = [LoadEdge(node=node, cursor=at) for node, at in elements]
    return LoadConnection(edges=edges, page_info=page_info, total_count=total)


async def with_touched(info: Asking, world: World, party: Party, told: Sequence[domain.Signal]) -> list[Signal]:
    """Signals of a load, and beside them in how many areas the party acted in the same window."""
    touched = await info.context.parties.touched.load((world.snap.moment, told[0].window, party))
    return [signal(world, one) for one in (*told, *([touched] if touched is not None else []))]


def wanted(under: str | None, function: str | None, verdict: domain.Verdict | None) -> Wanted:
    """Whose loads are asked for, in the words of the graph."""
    return Wanted(
        AreaKey(under) if under is not None else None,
        FunctionKey(function) if function is not None else None,
        verdict,
    )


def signal(world: World, told: domain.Signal, areas: tuple[AreaKey, ...] | None = None) -> Signal:
    """A number; of one whose records can be told, the areas they are counted in."""
    return Signal(
        name=told.name,
        unit=told.unit,
        value=told.value,
        sample_size=told.sample_size,
        window_start=told.window.start,
        window_end=told.window.end,
        baseline=told.baseline,
        spread=told.spread,
        threshold=told.threshold,
        threshold_source=told.threshold_source,
        verdict=told.verdict,
        explanation=told.explanation,
        freshness=freshness(signal_freshness(world.snap, told)),
        world=world,
        behind=Behind(areas, told.window) if areas is not None else None,
    )


def load(world: World, told: domain.Load) -> Load:
    return Load(
        person=person(world, told.person),
        verdict=told.verdict,
        demand_hours=told.demand_hours,
        capacity_hours=told.capacity_hours,
        utilisation=told.utilisation,
        operational_share=told.operational_share,
        freshness=freshness(source_freshness(world.snap, None)),
        world=world,
        told=told,
    )
