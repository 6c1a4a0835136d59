"""Loads and signals as JSON, shaped like the GraphQL types with all their scalar fields."""

from typing import Any

from remit.domain.answers import Freshness
from remit.domain.intervals import instant_text
from remit.domain.load import Contribution, Load, Signal
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef
from remit.rest import shapes

Json = dict[str, Any]


def load(model: Model, told: Load, fresh: Freshness) -> Json:
    """`Load`."""
    return {
        "person": shapes.owner(model, OwnerRef(OwnerKind.PERSON, told.person)),
        "verdict": told.verdict.value,
        "demandHours": told.demand_hours,
        "capacityHours": told.capacity_hours,
        "utilisation": told.utilisation,
        "operationalShare": told.operational_share,
        "contributions": [contribution(model, one, fresh) for one in told.contributions],
        "signals": [signal(one, fresh) for one in told.signals],
        "freshness": shapes.freshness(fresh),
    }


def contribution(model: Model, told: Contribution, fresh: Freshness) -> Json:
    """`LoadContribution`."""
    return {
        "area": shapes.area(model, told.area),
        "responsibility": shapes.responsibility(model, told.responsibility),
        "demandHours": told.demand_hours,
        "drivers": [signal(one, fresh) for one in told.drivers],
    }


def signal(told: Signal, fresh: Freshness) -> Json:
    """`Signal`."""
    return {
        "name": told.name,
        "unit": told.unit,
        "value": told.value,
        "sampleSize": told.sample_size,
        "windowStart": instant_text(told.window.start),
        "windowEnd": instant_text(told.window.end),
        "baseline": told.baseline,
        "spread": told.spread,
        "threshold": told.threshold,
        "thresholdSource": told.threshold_source,
        "verdict": told.verdict.value,
        "explanation": told.explanation,
        "freshness": shapes.freshness(fresh),
    }
