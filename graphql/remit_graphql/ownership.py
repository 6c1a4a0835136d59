"""Ownership in the graph: who, how we know, how fresh; of areas, of issues, and as a matrix."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from remit.domain import answers as domain
from remit.domain import catalogue as domain_catalogue
from remit.domain.ids import AreaKey, ResponsibilityKey, node_id
from remit.domain.model import Model
from remit.usecases.ask_ownership import cell
from remit.usecases.snapshot import Snapshot, model_freshness
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.kit.context import Asked, Context, IssueQuestion, moment_of
from remit_graphql.kit.limits import MOST_CELLS, require
from remit_graphql.people import Owner, owner

strawberry.enum(domain.Outcome, name="Outcome")
strawberry.enum(domain_catalogue.Letter, name="Letter")
strawberry.enum(domain.Standing, name="CandidateVerdict")


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
    id: strawberry.ID | None
    step: str
    layer: str
    scope: str
    verdict: domain.Standing
    reason: str
    message: str
    recorded_by: str | None
    recorded_at: datetime | None


@strawberry.type(description="One responsibility in one area at one instant: who, how we know, how fresh.")
class Ownership:
    area: Area | None
    responsibility: Responsibility
    outcome: domain.Outcome
    lead: Function | None
    accountable: Owner | None
    freshness: Freshness
    model: strawberry.Private[Model]
    answer: strawberry.Private[domain.Ownership]

    @strawberry.field
    def holders(self) -> list[Holder]:
        return [holder(self.model, held) for held in self.answer.holders]

    @strawberry.field
    def trace(self) -> list[Candidate]:
        return [candidate(looked_at) for looked_at in self.answer.trace]


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
    moment = moment_of(as_of, known_at)
    answers = await context.cells.load((moment, key))
    snap = await context.world(moment)
    fresh = freshness(model_freshness(snap))
    asked = _asked(responsibilities)
    keys = tuple(snap.model.responsibilities) if asked is None else asked
    return [ownership(snap, cell(snap, {key: answers}, key, one), fresh) for one in keys]


async def of_issues(
    context: Context,
    keys: Sequence[str],
    responsibilities: Sequence[str] | None,
    as_of: datetime | None,
    known_at: datetime | None,
) -> list[IssueOwnership]:
    """One answer per key asked, in that order; all issues of one request are read together."""
    moment = moment_of(as_of, known_at)
    asked = _asked(responsibilities)
    found = await context.issues.load_many([IssueQuestion(moment, asked, key) for key in keys])
    snap = await context.world(moment)
    return [_issue(snap, answer) for answer in found]


async def matrix_of(
    context: Context,
    under: AreaKey | None,
    responsibilities: Sequence[str] | None,
    as_of: datetime | None,
    known_at: datetime | None,
) -> Matrix:
    """Every cell of a subtree; raises Invalid when that would be too many."""
    moment = moment_of(as_of, known_at)
    snap = await context.world(moment)
    keys = subtree(snap.model, under)
    asked = _asked(responsibilities)
    rows = tuple(snap.model.responsibilities) if asked is None else asked
    require(
        len(keys) * len(rows) <= MOST_CELLS, f"more than {MOST_CELLS} cells; narrow `under` or name responsibilities"
    )
    loaded = await context.cells.load_many([(moment, key) for key in keys])
    answers = dict(zip(keys, loaded, strict=True))
    fresh = freshness(model_freshness(snap))
    return Matrix(
        areas=[area(snap.model, key) for key in keys],
        responsibilities=[responsibility(snap.model, key) for key in rows],
        cells=[ownership(snap, cell(snap, answers, key, row), fresh) for key in keys for row in rows],
    )


def subtree(model: Model, under: AreaKey | None) -> tuple[AreaKey, ...]:
    """An area and all below it; raises Invalid for an area the model does not have, since "none" would be a lie."""
    require(under is None or under in model.areas, f"there is no area {under!r} at this instant")
    return model.under(under)


def ownership(snap: Snapshot, answer: domain.Ownership, fresh: Freshness) -> Ownership:
    model = snap.model
    return Ownership(
        area=area(model, answer.area) if answer.area is not None else None,
        responsibility=responsibility(model, answer.responsibility),
        outcome=answer.outcome,
        lead=function(model, answer.lead) if answer.lead is not None else None,
        accountable=owner(model, answer.accountable) if answer.accountable is not None else None,
        freshness=fresh,
        model=model,
        answer=answer,
    )


def freshness(told: domain.Freshness) -> Freshness:
    return Freshness(
        data_as_of=told.data_as_of,
        lag_seconds=told.lag_s,
        degraded=list(told.degraded),
        model_version=told.model_version,
    )


def holder(model: Model, held: domain.Holder) -> Holder:
    return Holder(
        owner=owner(model, held.owner),
        function=function(model, held.function),
        letter=held.letter,
        delegated_from=owner(model, held.delegated_from) if held.delegated_from is not None else None,
    )


def candidate(looked_at: domain.Candidate) -> Candidate:
    return Candidate(
        id=strawberry.ID(node_id(*looked_at.names)) if looked_at.names is not None else None,
        step=looked_at.step,
        layer=looked_at.layer,
        scope=looked_at.scope,
        verdict=looked_at.verdict,
        reason=looked_at.reason,
        message=looked_at.message,
        recorded_by=looked_at.recorded_by,
        recorded_at=looked_at.recorded_at,
    )


def _issue(snap: Snapshot, answer: domain.IssueOwnership) -> IssueOwnership:
    fresh = freshness(answer.freshness)
    return IssueOwnership(
        issue_key=answer.issue_key,
        known=answer.known,
        current_key=answer.current_key,
        area=area(snap.model, answer.area) if answer.area is not None else None,
        ownership=[ownership(snap, one, fresh) for one in answer.ownership],
    )


def _asked(responsibilities: Sequence[str] | None) -> Asked:
    if responsibilities is None:
        return None
    return tuple(ResponsibilityKey(key) for key in dict.fromkeys(responsibilities))
