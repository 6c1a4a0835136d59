"""Advice as JSON, shaped like the GraphQL types with all their scalar fields."""

from typing import Any

from remit.domain.advice import Dismissal, Effect, Proposal
from remit.domain.ids import OwnerKey
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef
from remit.rest import shapes
from remit.usecases.change_model import Changed

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


def dismissed(model: Model, told: Dismissal) -> Json:
    """`DismissedAdvice`."""
    place, task, lead, owner = told.place
    return {
        "id": told.key,
        "area": shapes.area(model, place) if place in model.areas else None,
        "responsibility": shapes.responsibility(model, task),
        "leadAfter": shapes.function(model, lead),
        "owner": _person(model, owner),
        "until": instant_text(told.until),
        "reason": told.reason,
        "actor": told.actor,
    }


def accepted(done: Changed, dry_run: bool) -> Json:
    """`ChangePayload`, with the rows by kind and key alone."""
    return {
        "changed": done.is_recorded,
        "dryRun": dry_run,
        "repeated": done.is_repeated,
        "modelVersion": done.version,
        "plan": list(done.lines),
        "rows": [{"kind": kind.name, "key": key} for kind, key in done.rows],
        "warnings": [str(warning) for warning in done.warnings],
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
