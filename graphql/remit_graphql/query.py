"""The questions the graph answers."""

from datetime import datetime

import strawberry

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey, parse_node_id
from remit.domain.model import Model
from remit.usecases.ask_ownership import cell
from remit.usecases.ask_sources import source_reports
from remit.usecases.snapshot import Moment, model_freshness
from remit_graphql import catalogue, people
from remit_graphql.areas import Area, AreaConnection, area, areas_page
from remit_graphql.catalogue import Responsibility
from remit_graphql.kit.context import Asking, moment_of
from remit_graphql.kit.limits import MOST_ISSUES, require
from remit_graphql.kit.nodes import Node
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
from remit_graphql.people import Person, PersonConnection, people_page
from remit_graphql.sources import Source, source

NOW = Moment()


@strawberry.type
class Query:
    @strawberry.field(description="Anything by its global id; null when there is no such thing now.")
    async def node(self, info: Asking, id: strawberry.ID) -> Node | None:
        return _node((await info.context.world(NOW)).model, id)

    @strawberry.field
    async def nodes(self, info: Asking, ids: list[strawberry.ID]) -> list[Node | None]:
        require(len(ids) <= MOST_ISSUES, f"ask for at most {MOST_ISSUES} nodes at once")
        model = (await info.context.world(NOW)).model
        return [_node(model, identifier) for identifier in ids]

    @strawberry.field
    async def responsibilities(self, info: Asking) -> list[Responsibility]:
        model = (await info.context.world(NOW)).model
        return [catalogue.responsibility(model, key) for key in model.responsibilities]

    @strawberry.field
    async def area(self, info: Asking, key: str) -> Area | None:
        model = (await info.context.world(NOW)).model
        return area(model, AreaKey(key)) if key in model.areas else None

    @strawberry.field(description="An area and everything below it, parents first; the whole tree without `under`.")
    async def areas(
        self, info: Asking, first: int | None = None, after: str | None = None, under: str | None = None
    ) -> AreaConnection:
        model = (await info.context.world(NOW)).model
        keys = subtree(model, AreaKey(under) if under is not None else None)
        return areas_page(model, list(keys), first, after)

    @strawberry.field(description="A person by key, e-mail address or Jira account id: give exactly one.")
    async def person(
        self, info: Asking, key: str | None = None, email: str | None = None, account_id: str | None = None
    ) -> Person | None:
        given = [name for name in (key, email, account_id) if name is not None]
        require(len(given) == 1, "give exactly one of `key`, `email` and `accountId`")
        model = (await info.context.world(NOW)).model
        found = model.people.get(OwnerKey(key)) if key is not None else None
        if email is not None:
            found = model.emails.get(email.casefold())
        elif account_id is not None:
            found = model.identities.get(("jira", account_id))
        return people.person(model, found.key) if found is not None else None

    @strawberry.field(description="Everybody, or those of one function, by key.")
    async def people(
        self, info: Asking, first: int | None = None, after: str | None = None, function: str | None = None
    ) -> PersonConnection:
        model = (await info.context.world(NOW)).model
        known = function is None or function in model.functions
        require(known, f"there is no function {function!r}")
        keys = sorted(key for key, one in model.people.items() if function is None or one.function == function)
        return people_page(model, keys, first, after)

    @strawberry.field(description="Who is responsible for one thing in one area, and why.")
    async def ownership(
        self,
        info: Asking,
        area: str,
        responsibility: str,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Ownership:
        moment = moment_of(as_of, known_at)
        answers = await info.context.cells.load((moment, AreaKey(area)))
        snap = await info.context.world(moment)
        found = cell(snap, {AreaKey(area): answers}, AreaKey(area), ResponsibilityKey(responsibility))
        return ownership(snap, found, freshness(model_freshness(snap)))

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
        require(len(issue_keys) <= MOST_ISSUES, f"ask for at most {MOST_ISSUES} issues at once")
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
        return await matrix_of(info.context, start, responsibilities, as_of, known_at)

    @strawberry.field(description="How the sources are doing.")
    async def sources(self, info: Asking) -> list[Source]:
        return [source(report) for report in await source_reports(info.context.desk)]


def _node(model: Model, identifier: str) -> Node | None:
    try:
        kind, key = parse_node_id(identifier)
    except Invalid:  # not found is not found, whatever the id looks like
        return None
    match kind:
        case "Area" if key in model.areas:
            return area(model, AreaKey(key))
        case "Person" if key in model.people:
            return people.person(model, OwnerKey(key))
        case "Team" if key in model.teams:
            return people.team(model, OwnerKey(key))
        case "Function" if key in model.functions:
            return catalogue.function(model, FunctionKey(key))
        case "Responsibility" if key in model.responsibilities:
            return catalogue.responsibility(model, ResponsibilityKey(key))
    return None
