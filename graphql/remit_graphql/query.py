"""The questions the graph answers."""

from datetime import datetime

import strawberry

from remit.domain.errors import Invalid
from remit.domain.gaps import GapKind
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey, SourceName, parse_node_id
from remit.domain.people import folded
from remit.usecases.ask_ownership import cell
from remit.usecases.snapshot import Moment, model_freshness
from remit_graphql import catalogue, people
from remit_graphql.areas import Area, AreaConnection, area, areas_page
from remit_graphql.catalogue import Function, Lens, MinutesPerUnit, Responsibility
from remit_graphql.change_inputs import ChangeInput
from remit_graphql.gaps import Coverage, GapConnection, SelectorFindingConnection, coverage_of, gaps_of, lint_of
from remit_graphql.history import ChangeConnection, history_of
from remit_graphql.kit.context import TOO_MANY_ISSUES, Asking
from remit_graphql.kit.limits import MOST_ISSUES, require, require_found
from remit_graphql.kit.nodes import Node
from remit_graphql.kit.world import World
from remit_graphql.ownership import (
    IssueOwnership,
    Matrix,
    Ownership,
    freshness,
    matrix_of,
    of_issues,
    ownership,
    subtree,
)
from remit_graphql.people import Person, PersonConnection, Team, TeamConnection, people_page, teams_page
from remit_graphql.query_workload import WorkloadQuestions
from remit_graphql.simulation import Simulation, simulated
from remit_graphql.sources import Source, source

NOW = Moment()
JIRA = SourceName("jira")


@strawberry.type
class Query(WorkloadQuestions):
    @strawberry.field(description="Anything by its global id; null when there is no such thing now.")
    async def node(self, info: Asking, id: strawberry.ID) -> Node | None:
        return _node(await info.context.world(NOW), id)

    @strawberry.field
    async def nodes(self, info: Asking, ids: list[strawberry.ID]) -> list[Node | None]:
        require(len(ids) <= MOST_ISSUES, f"ask for at most {MOST_ISSUES} nodes at once")
        world = await info.context.world(NOW)
        return [_node(world, identifier) for identifier in ids]

    @strawberry.field(description="All, or those with a value on a lens, or with that very value.")
    async def responsibilities(
        self, info: Asking, lens: str | None = None, value: str | None = None
    ) -> list[Responsibility]:
        return catalogue.responsibilities(await info.context.world(NOW), lens, value)

    @strawberry.field(description="All, or those with a value on a lens, or with that very value.")
    async def functions(self, info: Asking, lens: str | None = None, value: str | None = None) -> list[Function]:
        return catalogue.functions(await info.context.world(NOW), lens, value)

    @strawberry.field(description="The dimensions by which responsibilities and functions can be looked at.")
    async def lenses(self, info: Asking) -> list[Lens]:
        return catalogue.lenses(await info.context.world(NOW))

    @strawberry.field(description="How much work each responsibility is taken to be.")
    async def minutes(self, info: Asking) -> list[MinutesPerUnit]:
        return catalogue.minutes(await info.context.world(NOW))

    @strawberry.field
    async def area(self, info: Asking, key: str) -> Area | None:
        world = await info.context.world(NOW)
        return area(world, AreaKey(key)) if key in world.model.areas else None

    @strawberry.field(description="An area and everything below it, parents first; the whole tree without `under`.")
    async def areas(
        self, info: Asking, first: int | None = None, after: str | None = None, under: str | None = None
    ) -> AreaConnection:
        world = await info.context.world(NOW)
        keys = subtree(world.model, AreaKey(under) if under is not None else None)
        return areas_page(world, keys, first, after)

    @strawberry.field(description="A person by key, e-mail address or Jira account id: give exactly one.")
    async def person(
        self, info: Asking, key: str | None = None, email: str | None = None, account_id: str | None = None
    ) -> Person | None:
        given = [name for name in (key, email, account_id) if name is not None]
        require(len(given) == 1, "give exactly one of `key`, `email` and `accountId`")
        world = await info.context.world(NOW)
        found = world.model.people.get(OwnerKey(key)) if key is not None else None
        if email is not None:
            found = world.model.emails.get(folded(email))
        elif account_id is not None:
            found = await info.context.accounts.load((JIRA, account_id))
        return people.person(world, found.key) if found is not None else None

    @strawberry.field(description="Everybody, or those of one function, by key.")
    async def people(
        self, info: Asking, first: int | None = None, after: str | None = None, function: str | None = None
    ) -> PersonConnection:
        world = await info.context.world(NOW)
        known = function is None or function in world.model.functions
        require_found(known, f"there is no function {function!r} now")
        keys = sorted(key for key, one in world.model.people.items() if function is None or one.function == function)
        return people_page(world, keys, first, after)

    @strawberry.field
    async def team(self, info: Asking, key: str) -> Team | None:
        world = await info.context.world(NOW)
        return people.team(world, OwnerKey(key)) if key in world.model.teams else None

    @strawberry.field(description="All of them, by key.")
    async def teams(self, info: Asking, first: int | None = None, after: str | None = None) -> TeamConnection:
        return teams_page(await info.context.world(NOW), first, after)

    @strawberry.field(description="Who is responsible for one thing in one area, and why.")
    async def ownership(
        self,
        info: Asking,
        area: str,
        responsibility: str,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Ownership:
        moment = Moment(as_of, known_at)
        answers = await info.context.cells.load((moment, AreaKey(area)))
        world = await info.context.world(moment)
        found = cell(world.snap, {AreaKey(area): answers}, AreaKey(area), ResponsibilityKey(responsibility))
        return ownership(world, found, freshness(model_freshness(world.snap)))

    @strawberry.field(description="Who is responsible for an issue, and why.")
    async def issue_ownership(
        self,
        info: Asking,
        issue_key: str,
        responsibilities: list[str] | None = None,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> IssueOwnership:
        return (await of_issues(info.context, [issue_key], responsibilities, as_of, known_at))[0]

    @strawberry.field(description="The same for up to 200 issues at once, in the order asked.")
    async def issue_ownerships(
        self,
        info: Asking,
        issue_keys: list[str],
        responsibilities: list[str] | None = None,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> list[IssueOwnership]:
        require(len(issue_keys) <= MOST_ISSUES, TOO_MANY_ISSUES)
        return await of_issues(info.context, issue_keys, responsibilities, as_of, known_at)

    @strawberry.field(description="Areas by responsibilities: an area and everything below it.")
    async def matrix(
        self,
        info: Asking,
        under: str | None = None,
        responsibilities: list[str] | None = None,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Matrix:
        start = AreaKey(under) if under is not None else None
        return await matrix_of(info, start, responsibilities, as_of, known_at)

    @strawberry.field(description="What happened to a node, and to the rows about it, newest first; ended or not.")
    async def history(
        self, info: Asking, node: strawberry.ID, first: int | None = None, after: str | None = None
    ) -> ChangeConnection:
        return await history_of(info, node, first, after)

    @strawberry.field(
        description="Where the model does not hold, by kind and then by place; all kinds unless some are named."
    )
    async def gaps(
        self,
        info: Asking,
        kinds: list[GapKind] | None = None,
        under: str | None = None,
        first: int | None = None,
        after: str | None = None,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> GapConnection:
        return await gaps_of(info, Moment(as_of, known_at), kinds, under, first, after)

    @strawberry.field(description="How much of an area has somebody accountable, and of each area right below it.")
    async def coverage(
        self,
        info: Asking,
        under: str | None = None,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> list[Coverage]:
        return await coverage_of(info, Moment(as_of, known_at), under)

    @strawberry.field(description="Selectors that never match or that another one beats, and names nearly right.")
    async def selector_lint(
        self, info: Asking, first: int | None = None, after: str | None = None
    ) -> SelectorFindingConnection:
        return await lint_of(info, first, after)

    @strawberry.field(description="What changes of the model would come to; the same checks, and nothing is written.")
    async def simulate(self, info: Asking, changes: list[ChangeInput], as_of: datetime | None = None) -> Simulation:
        return await simulated(info, changes, as_of)

    @strawberry.field(description="How the sources are doing.")
    async def sources(self, info: Asking) -> list[Source]:
        return [source(report) for report in await info.context.sources()]


def _node(world: World, identifier: str) -> Node | None:
    try:
        kind, key = parse_node_id(identifier)
    except Invalid:  # not found is not found, whatever the id looks like
        return None
    match kind:
        case "Area" if key in world.model.areas:
            return area(world, AreaKey(key))
        case "Person" if key in world.model.people:
            return people.person(world, OwnerKey(key))
        case "Team" if key in world.model.teams:
            return people.team(world, OwnerKey(key))
        case "Function" if key in world.model.functions:
            return catalogue.function(world, FunctionKey(key))
        case "Responsibility" if key in world.model.responsibilities:
            return catalogue.responsibility(world, ResponsibilityKey(key))
        case "Lens" if key in world.model.lenses:
            return catalogue.lens(world, key)
    return None
