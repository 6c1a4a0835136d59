"""What a change says, as the fields of a row of the model file."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from remit.domain.changes import (
    KEPT,
    SetAbsence,
    SetAgreement,
    SetArea,
    SetAssignment,
    SetDelegation,
    SetFeedbackSelectors,
    SetFunction,
    SetJiraSelectors,
    SetLens,
    SetMinutes,
    SetPerson,
    SetPreference,
    SetResponsibility,
    SetRow,
    SetRule,
    SetStage,
    SetTeam,
    SetThreshold,
)
from remit.domain.facts import FactKind
from remit.modelfile.one_row import Row

KINDS: Mapping[type[SetRow], FactKind] = {
    SetFunction: FactKind.FUNCTION,
    SetPerson: FactKind.PERSON,
    SetTeam: FactKind.TEAM,
    SetArea: FactKind.AREA,
    SetStage: FactKind.AREA,
    SetJiraSelectors: FactKind.AREA,
    SetFeedbackSelectors: FactKind.AREA,
    SetResponsibility: FactKind.RESPONSIBILITY,
    SetLens: FactKind.LENS,
    SetMinutes: FactKind.MINUTES,
    SetThreshold: FactKind.THRESHOLD,
    SetAbsence: FactKind.ABSENCE,
    SetPreference: FactKind.PREFERENCE,
    SetRule: FactKind.RULE,
    SetAssignment: FactKind.ASSIGNMENT,
    SetAgreement: FactKind.AGREEMENT,
    SetDelegation: FactKind.DELEGATION,
}
PARTS = (SetStage, SetJiraSelectors, SetFeedbackSelectors)
"""Change one part of an area, and never make one."""

_APART = frozenset({"start", "end", "row"})


def said(change: SetRow) -> dict[str, object]:
    """Only what the change says, None included where it takes something away."""
    told: dict[str, object] = {}
    for field in fields(change):
        value = getattr(change, field.name)
        if field.name not in _APART and value is not KEPT:
            name = "key" if field.name == "area" and isinstance(change, PARTS) else field.name
            told[name] = _PLAIN.get(field.name, _as_it_is)(value) if value is not None else None
    return told


def over(kind: FactKind, base: Row, told: Row) -> dict[str, object]:
    """The row as it is to be: what is told, over what was said before. A split is whole (R8).

    What is told as None is taken away: the row is as one of a file that does not say it.
    """
    kept = dict(base)
    if "lead" in told or told.get("unowned"):
        for part in ("lead", "unowned", "support", "consulted"):
            kept.pop(part, None)
    merged = {name: value for name, value in {**kept, **told}.items() if not is_taken_away(kind, name, told)}
    if merged.get("unowned") is False:
        del merged["unowned"]
    if merged.get("parent") is None and ("parent" in merged or "timezone" in base):
        merged["parent"] = None  # a row of the organisation does not say so
        if "kind" not in told or merged.get("kind") == "organisation":
            merged.pop("kind", None)
    elif "timezone" not in told:
        merged.pop("timezone", None)
    return merged


def is_taken_away(kind: FactKind, field: str, told: Row) -> bool:
    """Whether the change says that the row is to say nothing of this field."""
    return field in told and told[field] is None and (kind, field) not in _SAYING


_SAYING = frozenset(
    {
        (FactKind.AREA, "parent"),
        (FactKind.RULE, "lead"),
        (FactKind.RESPONSIBILITY, "lead"),
        (FactKind.THRESHOLD, "watch"),
        (FactKind.THRESHOLD, "overloaded"),
    }
)
"""Fields of which a row says something by null: that it is the organisation, that a line is blurry (R9), that a
threshold is never reached.
"""


def _as_it_is(value: Any) -> object:
    return list(value) if isinstance(value, tuple) else value


def _criteria(told: Any) -> dict[str, object]:
    return {name: list(values) for name, values in told}


def _by_source(told: Any) -> dict[str, list[str]]:
    identities: dict[str, list[str]] = {}
    for source, one in told:
        identities.setdefault(source, []).append(one)
    return identities


def _text(told: date) -> str:
    return told.isoformat()


_PLAIN: Mapping[str, Callable[[Any], object]] = {
    "jira": lambda told: [_criteria(one) for one in told],
    "issue": _criteria,
    "feedback": lambda told: [{**_criteria(criteria), "source": source} for source, criteria in told],
    "support": lambda told: [{"function": function, "letter": letter} for function, letter in told],
    "identities": _by_source,
    "skills": dict,
    "lenses": dict,
    "review": _text,
}
