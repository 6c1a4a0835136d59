"""People, teams and owners in the graph."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from remit.domain import people as domain
from remit.domain.ids import OwnerKey, node_id
from remit_graphql.catalogue import Function, function
from remit_graphql.history import OF_THIS, ChangeConnection, own_history
from remit_graphql.kit.context import Asking
from remit_graphql.kit.nodes import Node, PageInfo, page
from remit_graphql.kit.world import World, made_once
from remit_graphql.own_load import OwnGroupLoad, OwnSignals, own_group_load, own_signals

if TYPE_CHECKING:
    from remit_graphql.days import LoadPoint
    from remit_graphql.load import Load
    from remit_graphql.workload_rows import AbsenceConnection, PreferenceConnection


@strawberry.type(description="One human.")
class Person(Node):
    key: str
    name: str
    email: str | None
    function: Function | None
    active: bool
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)

    @strawberry.field(description="What is asked of this person against what there is; 28 days are usual.")
    async def load(
        self, info: Asking, window_days: int | None = None, as_of: datetime | None = None
    ) -> Annotated["Load", strawberry.lazy("remit_graphql.load")]:
        from remit_graphql.load import load_of  # the aspect stands above the noun it is hung on

        return await load_of(info, OwnerKey(self.key), window_days, as_of)

    @strawberry.field(
        description="How loaded this person was by the end of each of so many days, the last of them the last that has "
        "ended. A day that was never measured has no numbers."
    )
    async def load_history(
        self, info: Asking, days: int = 90
    ) -> list[Annotated["LoadPoint", strawberry.lazy("remit_graphql.days")]]:
        from remit_graphql.days import load_history_of  # as above

        return await load_history_of(info, OwnerKey(self.key), days)

    signals: OwnSignals = strawberry.field(
        resolver=own_signals,
        description="What is measured of all that this person is accountable for, in person or through a team, each "
        "record once. How late something is, is never told of a person.",
    )

    @strawberry.field(description="When this person is away, now or later, by the beginning.")
    async def absences(
        self, info: Asking, first: int | None = None, after: str | None = None, as_of: datetime | None = None
    ) -> Annotated["AbsenceConnection", strawberry.lazy("remit_graphql.workload_rows")]:
        from remit_graphql.workload_rows import Part, absences_of  # as above

        return await absences_of(info, self.key, Part(first, after, as_of))

    @strawberry.field(description="What this person likes or would avoid.")
    async def preferences(
        self, info: Asking, first: int | None = None, after: str | None = None, as_of: datetime | None = None
    ) -> Annotated["PreferenceConnection", strawberry.lazy("remit_graphql.workload_rows")]:
        from remit_graphql.workload_rows import Part, preferences_of  # as above

        return await preferences_of(info, self.key, Part(first, after, as_of))


@strawberry.type
class PersonEdge:
    node: Person
    cursor: str


@strawberry.type
class PersonConnection:
    edges: list[PersonEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type(description="Some people who may own things together.")
class Team(Node):
    key: str
    name: str
    function: Function | None
    world: strawberry.Private[World]
    member_keys: strawberry.Private[tuple[OwnerKey, ...]]
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)

    @strawberry.field
    def members(self, first: int | None = None, after: str | None = None) -> PersonConnection:
        present = [key for key in self.member_keys if key in self.world.model.people]
        return people_page(self.world, present, first, after)

    load: OwnGroupLoad = strawberry.field(
        resolver=own_group_load,
        description="How loaded its active members are together: each with all that is asked of them.",
    )

    signals: OwnSignals = strawberry.field(
        resolver=own_signals,
        description="What is measured of all that the team is accountable for, as such or by a member in person, each "
        "record once.",
    )


Owner = Annotated[Person | Team, strawberry.union("Owner", description="Who can own something.")]


@made_once
def person(world: World, key: OwnerKey) -> Person:
    """A person; one the model no longer has echoes the key and is not active."""
    found = world.model.people.get(key) or domain.Person(key, key, active=False)
    return Person(
        id=strawberry.ID(node_id("Person", key)),
        key=key,
        name=found.name,
        email=found.email,
        function=function(world, found.function) if found.function is not None else None,
        active=found.active,
    )


@made_once
def team(world: World, key: OwnerKey) -> Team:
    found = world.model.teams[key]
    return Team(
        id=strawberry.ID(node_id("Team", key)),
        key=key,
        name=found.name,
        function=function(world, found.function) if found.function is not None else None,
        world=world,
        member_keys=found.members,
    )


def owner(world: World, ref: domain.OwnerRef) -> Person | Team:
    return team(world, ref.key) if ref.kind is domain.OwnerKind.TEAM else person(world, ref.key)


def people_page(world: World, keys: list[OwnerKey], first: int | None, after: str | None) -> PersonConnection:
    elements, info, total = page(keys, first, after, lambda key: person(world, OwnerKey(key)))
    edges = [PersonEdge(node=node, cursor=at) for node, at in elements]
    return PersonConnection(edges=edges, page_info=info, total_count=total)


@strawberry.type
class TeamEdge:
    node: Team
    cursor: str


@strawberry.type
class TeamConnection:
    edges: list[TeamEdge]
    page_info: PageInfo
    total_count: int


def teams_page(world: World, first: int | None, after: str | None) -> TeamConnection:
    """All teams, by key."""
    elements, info, total = page(sorted(world.model.teams), first, after, lambda key: team(world, OwnerKey(key)))
    edges = [TeamEdge(node=node, cursor=at) for node, at in elements]
    return TeamConnection(edges=edges, page_info=info, total_count=total)
