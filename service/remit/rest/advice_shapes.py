"""Advice as JSON, shaped like the GraphQL types with all their scalar fields."""

from typing import Any

from remit.domain.advice import Effect, Proposal
from remit.domain.ids import OwnerKey
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef
from remit.rest import shapes

Json = dict[str, Any]


def proposal(model: Model, told: Proposal) -> Json:
    """`Proposal`."""
    return {
        "id": told.id,
        "area": shapes.area(model, told.move.area),
        "responsibility": shapes.responsibility(model, told.move.responsibility),
        "leadBefore": shapes.function(model, told.move.before),
        "leadAfter": shapes.function(model, told.move.function),
        "owner": _person(model, told.move.owner),
        "changes": told.move.changes,
        "reliefHours": told.relief_hours,
        "effects": [_effect(model, one) for one in told.effects],
        "message": told.sentence,
        "expires": instant_text(told.expires),
    }


def _effect(model: Model, told: Effect) -> Json:
    return {
        "person": _person(model, told.person),
        "hoursBefore": told.hours_before,
        "hoursAfter": told.hours_after,
        "capacityHours": told.capacity_hours,
        "utilisationBefore": told.utilisation_before,
        "utilisationAfter": told.utilisation_after,
        "verdictBefore": told.verdict_before.value,
        "verdictAfter": told.verdict_after.value,
    }


def _person(model: Model, key: OwnerKey) -> Json | None:
    return shapes.owner(model, OwnerRef(OwnerKind.PERSON, key))
