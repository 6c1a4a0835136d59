"""Drift as JSON, shaped like the GraphQL types with all their scalar fields."""

from typing import Any

from remit.domain.drift import Drift, FunctionShare, Traces
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef
from remit.rest import shapes

Json = dict[str, Any]


def drift(model: Model, told: Drift) -> Json:
    """`Drift`."""
    return {
        "area": shapes.area(model, told.area),
        "responsibility": shapes.responsibility(model, told.responsibility),
        "sample": told.sample,
        "unattributed": told.unattributed,
        "elsewhere": told.elsewhere,
        "windowStart": instant_text(told.window.start),
        "windowEnd": instant_text(told.window.end),
        "message": told.sentence,
        "shares": [_share(model, one) for one in told.shares],
        "evidence": [_traces(model, one) for one in told.evidence],
    }


def _share(model: Model, told: FunctionShare) -> Json:
    return {
        "function": shapes.function(model, told.function),
        "declared": told.declared,
        "observed": told.observed,
        "low": told.low,
        "high": told.high,
        "count": told.count,
    }


def _traces(model: Model, told: Traces) -> Json:
    return {
        "area": shapes.area(model, told.area),
        "source": told.source,
        "account": told.account,
        "trace": told.trace,
        "count": told.count,
        "person": shapes.owner(model, OwnerRef(OwnerKind.PERSON, told.person) if told.person is not None else None),
        "function": shapes.function(model, told.function),
    }
