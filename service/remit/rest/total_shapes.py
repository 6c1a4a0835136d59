"""Loads of teams and functions as JSON, shaped like the GraphQL types with all their scalar fields."""

from functools import partial
from typing import Any

from remit.domain.answers import Freshness
from remit.domain.ids import FunctionKey, OwnerKey
from remit.domain.load import Verdict
from remit.domain.model import Model
from remit.domain.parties import Party, PartyKind
from remit.domain.people import OwnerKind, OwnerRef
from remit.domain.totals import GroupContribution, GroupLoad, Standing
from remit.rest import shapes
from remit.rest.gap_shapes import connection
from remit.rest.load_shapes import signal

Json = dict[str, Any]


def group_load(
    model: Model, told: GroupLoad, fresh: Freshness, first: int | None = None, after: str | None = None
) -> Json:
    """`GroupLoad`, with a page of its contributions and all its members, in short."""
    return {
        "group": party(model, told.party),
        "verdict": told.verdict.value,
        "demandHours": told.demand_hours,
        "jointHours": told.joint_hours,
        "capacityHours": told.capacity_hours,
        "utilisation": told.utilisation,
        "operationalShare": told.operational_share,
        "memberCount": len(told.members),
        "watchCount": told.how_many(Verdict.WATCH),
        "overloadedCount": told.how_many(Verdict.OVERLOADED),
        "unknownCount": told.how_many(Verdict.UNKNOWN),
        "members": [member(model, one) for one in told.members],
        "contributions": connection(told.contributions, partial(contribution, model), first, after),
        "signals": [signal(one, fresh) for one in told.signals],
        "freshness": shapes.freshness(fresh),
    }


def contribution(model: Model, told: GroupContribution) -> Json:
    """`GroupContribution`."""
    return {
        "area": shapes.area(model, told.area),
        "responsibility": shapes.responsibility(model, told.responsibility),
        "demandHours": told.demand_hours,
        "people": told.people,
    }


def member(model: Model, told: Standing) -> Json:
    """The person, the verdict and the utilisation of a `Load`."""
    person = shapes.owner(model, OwnerRef(OwnerKind.PERSON, told.person))
    return {"person": person, "verdict": told.verdict.value, "utilisation": told.utilisation}


def party(model: Model, told: Party) -> Json | None:
    """A person, team or function, as in ownership."""
    if told.kind is PartyKind.FUNCTION:
        found = shapes.function(model, FunctionKey(told.key))
        return {"__typename": "Function", **found} if found is not None else None
    return shapes.owner(model, OwnerRef(OwnerKind(told.kind.value), OwnerKey(told.key)))
