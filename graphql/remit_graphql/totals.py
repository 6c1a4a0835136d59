"""In the graph: how loaded a team or a function is together, and what is measured of all that somebody answers for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from remit.domain import totals as domain
from remit.domain.ids import FunctionKey, OwnerKey
from remit.domain.load import Verdict
from remit.domain.parties import Party, PartyKind, is_there
from remit.usecases.ask_load import Survey
from remit.usecases.ask_party_signals import require_party_names
from remit.usecases.ask_signals import USUAL_DAYS, require_days
from remit.usecases.snapshot import Moment, source_freshness
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import require_found
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.load import LoadConnection, LoadEdge, Signal, load, signal, with_touched
from remit_graphql.ownership import Freshness, freshness
from remit_graphql.people import Team, team

Group = Annotated[Team | Function, strawberry.union("Group", description="Several people who are looked at together.")]


@strawberry.type(description="What one responsibility in one area asks of several people together, in hours a week.")
class GroupContribution:
    area: Area
    responsibility: Responsibility
    demand_hours: float
    people: int = strawberry.field(description="How many of them it asks.")


@strawberry.type
class GroupContributionEdge:
    node: GroupContribution
    cursor: str


@strawberry.type
class GroupContributionConnection:
    edges: list[GroupContributionEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(
    description="How loaded the active people of a team or a function are together: each with all that is asked of "
    "them. Who is in several teams counts in each, so that loads of teams are not to be added up."
)
class GroupLoad:
    group: Group
    verdict: Verdict
    demand_hours: float | None = strawberry.field(description="Hours a week; what the contributions come to exactly.")
    joint_hours: float | None = strawberry.field(
        description="How much of it is for what the team holds as such; null for a function."
    )
    capacity_hours: float | None = strawberry.field(
        description="Hours a week, absences taken off; null unless it is known of every one of them."
    )
    utilisation: float | None
    operational_share: float | None
    member_count: int = strawberry.field(description="Those active.")
    watch_count: int
    overloaded_count: int
    unknown_count: int
    freshness: Freshness
    world: strawberry.Private[World]
    survey: strawberry.Private[Survey]
    told: strawberry.Private[domain.GroupLoad]

    @strawberry.field(description="The loads of the members, the most loaded first.")
    def members(self, first: int | None = None, after: str | None = None) -> LoadConnection:
        keys = [one.person for one in self.told.members]
        elements, info, total = page(keys, first, after, lambda key: load(self.world, self.survey.load(OwnerKey(key))))
        edges = [LoadEdge(node=node, cursor=at) for node, at in elements]
        return LoadConnection(edges=edges, page_info=info, total_count=total)

    @strawberry.field(description="The largest first.")
    def contributions(self, first: int | None = None, after: str | None = None) -> GroupContributionConnection:
        named = {one.key: one for one in self.told.contributions}
        elements, info, total = page(list(named), first, after, lambda key: _contribution(self.world, named[key]))
        edges = [GroupContributionEdge(node=node, cursor=at) for node, at in elements]
        return GroupContributionConnection(edges=edges, page_info=info, total_count=total)

    @strawberry.field
    async def signals(self, info: Asking) -> list[Signal]:
        return await with_touched(info, self.world, self.told.party, self.told.signals)


async def group_load_of(info: Asking, party: Party, days: int | None, as_of: datetime | None) -> GroupLoad:
    """That of a team or a function; many of them are told together."""
    moment, length = Moment(as_of), USUAL_DAYS if days is None else days
    world = await info.context.world(moment)
    _require(world, party)
    survey = await info.context.survey(moment, length)
    found = await info.context.parties.loads.load((moment, length, party))
    require_found(found is not None, _missing(party))
    assert found is not None  # as just required
    return _group_load(world, survey, found)


async def party_signals_of(
    info: Asking, party: Party, names: Sequence[str] | None, days: int | None, as_of: datetime | None
) -> list[Signal]:
    """Those of all that a party is accountable for, by name and in the order of the names, or all there are of it."""
    length = USUAL_DAYS if days is None else days
    require_days(length)
    require_party_names(party.kind, names or ())
    moment = Moment(as_of)
    world = await info.context.world(moment)
    _require(world, party)
    by_name = {one.name: one for one in await info.context.parties.signals.load((moment, length, party)) or ()}
    return [signal(world, by_name[name]) for name in (by_name if names is None else names)]


def _group_load(world: World, survey: Survey, told: domain.GroupLoad) -> GroupLoad:
    return GroupLoad(
        group=_group(world, told.party),
        verdict=told.verdict,
        demand_hours=told.demand_hours,
        joint_hours=told.joint_hours,
        capacity_hours=told.capacity_hours,
        utilisation=told.utilisation,
        operational_share=told.operational_share,
        member_count=len(told.members),
        watch_count=told.how_many(Verdict.WATCH),
        overloaded_count=told.how_many(Verdict.OVERLOADED),
        unknown_count=told.how_many(Verdict.UNKNOWN),
        freshness=freshness(source_freshness(world.snap, None)),
        world=world,
        survey=survey,
        told=told,
    )


def _group(world: World, party: Party) -> Team | Function:
    return team(world, OwnerKey(party.key)) if party.kind is PartyKind.TEAM else function(world, FunctionKey(party.key))


def _contribution(world: World, told: domain.GroupContribution) -> GroupContribution:
    return GroupContribution(
        area=area(world, told.area),
        responsibility=responsibility(world, told.responsibility),
        demand_hours=told.demand_hours,
        people=told.people,
    )


def _require(world: World, party: Party) -> None:
    require_found(is_there(world.model, party), _missing(party))


def _missing(party: Party) -> str:
    return f"there is no {party.kind.value.lower()} {party.key!r} at this instant"
