"""Answers as JSON, shaped like the GraphQL types with all their scalar fields; owners as `{__typename, key, name}`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from remit.domain.answers import Candidate, Freshness, Holder, IssueOwnership, Ownership
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey, node_id
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.people import OwnerRef
from remit.usecases.ask_sources import SourceAge, SourceReport

Json = dict[str, Any]


def issue_ownership(model: Model, answer: IssueOwnership) -> Json:
    """`IssueOwnership`."""
    return {
        "issueKey": answer.issue_key,
        "known": answer.known,
        "currentKey": answer.current_key,
        "area": area(model, answer.area),
        "ownership": [ownership(model, one, answer.freshness) for one in answer.ownership],
    }


def area_ownership(model: Model, key: AreaKey, answers: Sequence[Ownership], fresh: Freshness) -> Json:
    """An area and its `ownership`; the area is null when the model does not have it."""
    return {
        "area": area(model, key) if key in model.areas else None,
        "ownership": [ownership(model, one, fresh) for one in answers],
    }


def ownership(model: Model, answer: Ownership, fresh: Freshness) -> Json:
    """`Ownership`."""
    return {
        "area": area(model, answer.area),
        "responsibility": responsibility(model, answer.responsibility),
        "outcome": answer.outcome.value,
        "lead": function(model, answer.lead),
        "accountable": owner(model, answer.accountable),
        "holders": [holder(model, held) for held in answer.holders],
        "trace": [candidate(looked_at) for looked_at in answer.trace],
        "freshness": freshness(fresh),
    }


def area(model: Model, key: AreaKey | None) -> Json | None:
    if key is None:
        return None
    found = model.areas[key]
    stage = model.stage_of(key)
    return {
        "id": node_id("Area", key),
        "key": key,
        "name": found.name,
        "kind": found.kind,
        "stage": stage[0].name if stage is not None else None,
    }


def responsibility(model: Model, key: ResponsibilityKey) -> Json:
    found = model.responsibilities.get(key)
    return {
        "id": node_id("Responsibility", key),
        "key": key,
        "name": found.name if found is not None else key,
        "description": found.description if found is not None else "",
        "transferable": found.transferable if found is not None else False,
    }


def function(model: Model, key: FunctionKey | None) -> Json | None:
    if key is None:
        return None
    found = model.functions.get(key)
    return {"id": node_id("Function", key), "key": key, "name": found.name if found is not None else key}


def owner(model: Model, ref: OwnerRef | None) -> Json | None:
    return {"__typename": ref.kind.value, "key": ref.key, "name": model.name_of(ref)} if ref is not None else None


def holder(model: Model, held: Holder) -> Json:
    return {
        "owner": owner(model, held.owner),
        "function": function(model, held.function),
        "letter": held.letter.name,
        "delegatedFrom": owner(model, held.delegated_from),
    }


def candidate(looked_at: Candidate) -> Json:
    return {
        "id": node_id(*looked_at.names) if looked_at.names is not None else None,
        "step": looked_at.step.value,
        "layer": looked_at.layer.value,
        "scope": looked_at.scope,
        "verdict": looked_at.verdict.name,
        "reason": looked_at.reason.value,
        "message": looked_at.message,
        "recordedBy": looked_at.recorded_by,
        "recordedAt": _instant(looked_at.recorded_at),
    }


def freshness(fresh: Freshness) -> Json:
    return {
        "dataAsOf": _instant(fresh.data_as_of),
        "lagSeconds": fresh.lag_s,
        "degraded": list(fresh.degraded),
        "modelVersion": fresh.model_version,
    }


def source(report: SourceReport) -> Json:
    """`Source`."""
    counted = {"records": report.records, "parked": report.parked, "waitingDeliveries": report.waiting}
    return source_age(report.age) | counted


def source_age(age: SourceAge) -> Json:
    """`Source` without what has to be counted."""
    return {
        "name": age.name,
        "kind": age.kind,
        "enabled": age.enabled,
        "lastSuccessAt": _instant(age.last_success_at),
        "lagSeconds": age.lag_s,
        "trouble": age.trouble,
        "state": age.state,
        "failures": age.failures,
        "retryAt": _instant(age.retry_at),
    }


def _instant(at: datetime | None) -> str | None:
    return instant_text(at) if at is not None else None
