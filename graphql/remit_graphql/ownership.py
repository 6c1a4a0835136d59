"""Ownership in the graph: who, how we know, how fresh; of areas, of issues, and as a matrix."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import strawberry

from remit.domain import answers as domain
from remit.domain import catalogue as domain_catalogue
from remit.domain import policy
from remit.domain.ids import AreaKey, ResponsibilityKey, node_id
from remit.domain.model import Model
from remit.usecases.ask_ownership import cell
from remit.usecases.snapshot import Moment, model_freshness
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.kit.context import Asked, Asking, Context, IssueQuestion
from remit_graphql.kit.limits import MOST_COST, MOST_RESPONSIBILITIES, cost_of_each, require, require_found
from remit_graphql.kit.world import World
from remit_graphql.people import Owner, owner

strawberry.enum(domain.Outcome, name="Outcome")
strawberry.enum(domain_catalogue.Letter, name="Letter")
strawberry.enum(domain.Standing, name="CandidateVerdict")
INHERITANCE = strawberry.enum(policy.Inheritance, name="Inheritance", description="How far down an assignment reaches.")
"""Named by no field yet; clients that write assignments know it."""

LONGEST_LAG_S = 2**31 - 1
"""The largest Int of GraphQL: 68 years, which only a question about a belief of long ago exceeds."""


@strawberry.type(description="How old an answer's data is, and by which model it was made.")
class Freshness:
    data_as_of: datetime | None
    lag_seconds: int | None
    degraded: list[str]
    model_version: str


@strawberry.type(description="Someone who has a part in a responsibility.")
class Holder:
    owner: Owner
    function: Function
    letter: domain_catalogue.Letter
    delegated_from: Owner | None


@strawberry.type(description="One statement that was looked at on the way to an answer; losers are kept too.")
class Candidate:
    """Read straight off the domain's candidates, of which there are thousands in an answer: same names, no copies."""

    step: str
    layer: str
    scope: str
    verdict: domain.Standing
    reason: str
    message: str
    recorded_by: str | None
    recorded_at: datetime | None

    @strawberry.field
    @staticmethod
    def id(told: strawberry.Parent[domain.Candidate]) -> strawberry.ID | None:
        return strawberry.ID(node_id(*told.names)) if told.names is not None else None


@strawberry.type(description="One responsibility in one area at one instant: who, how we know, how fresh.")
class Ownership:
    area: Area | None
    responsibility: Responsibility
    outcome: domain.Outcome
    lead: Function | None
    accountable: Owner | None
    trace: list[Candidate]
    freshness: Freshness
    world: strawberry.Private[World]
    held: strawberry.Private[tuple[domain.Holder, ...]]

    @strawberry.field
    def holders(self) -> list[Holder]:
        return [holder(self.world, one) for one in self.held]


@strawberry.type(description="The answer for one issue: is it known here, where does it belong, who holds what.")
class IssueOwnership:
    issue_key: str
    known: bool
    current_key: str | None
    area: Area | None
    ownership: list[Ownership]


@strawberry.type(description="Areas by responsibilities; `cells` are row by row.")
class Matrix:
    areas: list[Area]
    responsibilities: list[Responsibility]
    cells: list[Ownership]


async def of_area(
    context: Context,
    key: AreaKey,
    responsibilities: Sequence[str] | None,
    as_of: datetime | None,
    known_at: datetime | None,
) -> list[Ownership]:
    """The responsibilities asked (None: all) of one area; many areas of one request are read together."""
    moment = Moment(as_of, known_at)
    asked = _asked(responsibilities)
    answers = await context.cells.load((moment, key))
    world = await context.world(moment)
    fresh = freshness(model_freshness(world.snap))
    keys = tuple(world.model.responsibilities) if asked is None else asked
    return [ownership(world, cell(world.snap, {key: answers}, key, one), fresh) for one in keys]


async def of_issues(
    context: Context,
    keys: Sequence[str],
    responsibilities: Sequence[str] | None,
    as_of: datetime | None,
    known_at: datetime | None,
) -> list[IssueOwnership]:
    """One answer per key asked, in that order; all issues of one request are read together."""
    moment = Moment(as_of, known_at)
    asked = _asked(responsibilities)
    found = await context.issues.load_many([IssueQuestion(moment, asked, key) for key in keys])
    world = await context.world(moment)
    return [_issue(world, answer) for answer in found]


async def matrix_of(
    info: Asking,
    under: AreaKey | None,
    responsibilities: Sequence[str] | None,
    as_of: datetime | None,
    known_at: datetime | None,
) -> Matrix:
    """Every cell of a subtree; raises Invalid when what is asked of that many cells would cost too much."""
    moment = Moment(as_of, known_at)
    asked = _asked(responsibilities)
    world = await info.context.world(moment)
    keys = subtree(world.model, under)
    rows = tuple(world.model.responsibilities) if asked is None else asked
    cells = len(keys) * len(rows)
    too_many = f"what is asked of {cells} cells is too much; narrow `under`, name responsibilities or ask fewer fields"
    require(cells * max(1, cost_of_each(info, "cells")) <= MOST_COST, too_many)
    loaded = await info.context.cells.load_many([(moment, key) for key in keys])
    answers = dict(zip(keys, loaded, strict=True))
    fresh = freshness(model_freshness(world.snap))
    return Matrix(
        areas=[area(world, key) for key in keys],
        responsibilities=[responsibility(world, key) for key in rows],
        cells=[ownership(world, cell(world.snap, answers, key, row), fresh) for key in keys for row in rows],
    )


def subtree(model: Model, under: AreaKey | None) -> tuple[AreaKey, ...]:
    """An area and all below it; raises NotFound for an area the model does not have, since "none" would be a lie."""
    require_found(under is None or under in model.areas, f"there is no area {under!r} at this instant")
    return model.under(under)


def ownership(world: World, answer: domain.Ownership, fresh: Freshness) -> Ownership:
    return Ownership(
        area=area(world, answer.area) if answer.area is not None else None,
        responsibility=responsibility(world, answer.responsibility),
        outcome=answer.outcome,
        lead=function(world, answer.lead) if answer.lead is not None else None,
        accountable=owner(world, answer.accountable) if answer.accountable is not None else None,
        trace=cast("list[Candidate]", answer.trace),
        freshness=fresh,
        world=world,
        held=answer.holders,
    )


def freshness(told: domain.Freshness) -> Freshness:
    return Freshness(
        data_as_of=told.data_as_of,
        lag_seconds=min(told.lag_s, LONGEST_LAG_S) if told.lag_s is not None else None,
        degraded=list(told.degraded),
        model_version=told.model_version,
    )


def holder(world: World, held: domain.Holder) -> Holder:
    return Holder(
        owner=owner(world, held.owner),
        function=function(world, held.function),
        letter=held.letter,
        delegated_from=owner(world, held.delegated_from) if held.delegated_from is not None else None,
    )


def _issue(world: World, answer: domain.IssueOwnership) -> IssueOwnership:
    fresh = freshness(answer.freshness)
    return IssueOwnership(
        issue_key=answer.issue_key,
        known=answer.known,
        current_key=answer.current_key,
        area=area(world, answer.area) if answer.area is not None else None,
        ownership=[ownership(world, one, fresh) for one in answer.ownership],
    )


def _asked(responsibilities: Sequence[str] | None) -> Asked:
    if responsibilities is None:
        return None
    require(len(responsibilities) <= MOST_RESPONSIBILITIES, f"name at most {MOST_RESPONSIBILITIES} responsibilities")
    return tuple(ResponsibilityKey(key) for key in dict.fromkeys(responsibilities))
