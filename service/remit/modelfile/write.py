"""Facts to text: a model file that, applied, changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml

from remit.domain.areas import Area, Selector
from remit.domain.catalogue import Function, Lens, Minutes, Responsibility, Split
from remit.domain.facts import AnyBody, Body, Fact, natural_key
from remit.domain.intervals import ALWAYS, instant_text
from remit.domain.model import of_type
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Confirmation, Delegation, Inheritance, Rule
from remit.domain.workload import Absence, Limits, Preference

Row = dict[str, Any]

SECTIONS: tuple[tuple[str, type[Body]], ...] = (
    ("lenses", Lens),
    ("functions", Function),
    ("people", Person),
    ("teams", Team),
    ("areas", Area),
    ("rules", Rule),
    ("responsibilities", Responsibility),
    ("minutes", Minutes),
    ("thresholds", Limits),
    ("absences", Absence),
    ("preferences", Preference),
    ("assignments", Assignment),
    ("agreements", Agreement),
    ("delegations", Delegation),
)


class _Quoting(yaml.SafeDumper):
    """Quotes every text: then no reader of any YAML version takes `NO`, `12:30` or `1e3` for something else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Text(str):
    """A value, as opposed to a key of a mapping, which is always one of our own plain words."""


_Quoting.add_representer(_Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def write(facts: Sequence[Fact[Body]], now: datetime) -> str:
    """Every row, in the format `read` reads; of each section what holds now or will comes first, then what has ended.

    What has ended is part of it: what holds may have begun under an earlier version of what it names, and whoever reads
    the file elsewhere can ask about the past as well. Only confirmations have no place in a file. Empty text when there
    is no organisation.
    """
    ordered = sorted(facts, key=lambda fact: (_has_ended(fact, now), *_order(fact)))
    roots = sorted((fact for fact in of_type(ordered, Area) if fact.body.parent is None), key=_since)
    if all(_has_ended(root, now) for root in roots):
        return ""
    parts = ["version: 1\n", _organisations(roots)]
    for section, body in SECTIONS:
        rows = [_row(fact) for fact in of_type(ordered, body) if fact not in roots]
        if rows:
            parts.append(_listed(section, rows))
    return "".join(parts)


def _organisations(roots: Sequence[Fact[Area]]) -> str:
    """One mapping where it has always been the same, else its versions with their windows."""
    if [root.valid for root in roots] == [ALWAYS]:
        return f"organisation: {_flow(statement(roots[0].body))}\n"
    return _listed("organisation", [_row(root) for root in roots])


def _listed(section: str, rows: Sequence[Row]) -> str:
    return f"{section}:\n" + "".join(f"  - {_flow(row)}\n" for row in rows)


def _has_ended(fact: Fact[AnyBody], now: datetime) -> bool:
    return fact.valid.end is not None and fact.valid.end <= now


def statement(body: Body) -> Row:
    """What a row of the file says, without its window and without what need not be said."""
    if isinstance(body, Area) and body.parent is None:
        return _present({**_organisation(body), **dict(_selectors(body))})
    return _present(dict(_told(body)))


def _organisation(root: Area) -> Row:
    return {"key": root.key, "name": root.name, "stage": root.stage, "timezone": root.timezone or "UTC"}


def _row(fact: Fact[Body]) -> Row:
    row = statement(fact.body)
    if fact.key != natural_key(fact.body):
        row = {"key": fact.key, **row}
    if fact.valid.start is not None:
        row["from"] = instant_text(fact.valid.start)
    if fact.valid.end is not None:
        row["to"] = instant_text(fact.valid.end)
    return row


def _present(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not _ABSENT}


_ABSENT = object()


def _given(value: Any) -> Any:
    return value if value not in (None, "", (), [], {}) else _ABSENT


def _told(body: Body) -> Iterator[tuple[str, Any]]:
    match body:
        case Function():
            yield from {"key": body.key, "name": body.name, "lenses": _given(dict(body.lenses))}.items()
        case Lens():
            yield from {"key": body.key, "name": body.name, "description": _given(body.description)}.items()
        case Person():
            yield from {"key": body.key, "name": body.name, "email": _given(body.email)}.items()
            yield from {"function": _given(body.function), "identities": _given(_identities(body))}.items()
            hours = body.capacity_hours
            yield "capacity_hours", hours if hours is not None else _ABSENT
            yield "skills", _given(dict(body.skills))
            yield "active", _ABSENT if body.active else False
        case Team():
            yield from {"key": body.key, "name": body.name, "function": _given(body.function)}.items()
            yield "members", _given(list(body.members))
        case Area():
            yield from {"key": body.key, "name": body.name, "kind": body.kind, "parent": body.parent}.items()
            yield "stage", _given(body.stage)
            yield from _selectors(body)
        case Responsibility():
            yield from {"key": body.key, "name": body.name, "description": _given(body.description)}.items()
            yield from _split(body.split)
            yield from {"transferable": body.transferable, "lenses": _given(dict(body.lenses))}.items()
        case _:
            yield from _policy(body)


def _policy(body: Body) -> Iterator[tuple[str, Any]]:
    match body:
        case Rule():
            yield from {"area": _given(body.area), "stage": _given(body.stage)}.items()
            yield "issue", _selector(body.predicate) if body.predicate is not None else _ABSENT
            yield "responsibility", body.responsibility
            yield from _split(body.split) if body.split is not None else [("unowned", True)]
            yield "reason", _given(body.reason)
        case Assignment():
            yield from {"area": body.area, "responsibility": body.responsibility, "function": body.function}.items()
            yield from {"owner": _given(body.owner), "letter": _given(body.letter)}.items()
            yield "inherit", body.inherit if body.inherit is not Inheritance.INHERIT else _ABSENT
            yield "reason", _given(body.reason)
        case Agreement():
            yield from {"area": body.area, "responsibility": body.responsibility, "lead": body.lead}.items()
            yield from {"consulted": _given(list(body.consulted)), "note": _given(body.note)}.items()
            yield "review", body.review.isoformat() if body.review is not None else _ABSENT
        case Delegation():
            yield from {"from_person": body.from_person, "to_person": body.to_person, "area": _given(body.area)}.items()
            yield "responsibilities", _given(list(body.responsibilities))
            yield "reason", _given(body.reason)
        case Minutes():
            yield from {"responsibility": body.responsibility, "driver": body.driver, "minutes": body.minutes}.items()
            yield "reason", _given(body.reason)
        case Limits() | Absence() | Preference():
            yield from _workload(body)
        case Confirmation():
            yield from {"owner": body.owner, "by": body.by}.items()


def _workload(body: Limits | Absence | Preference) -> Iterator[tuple[str, Any]]:
    match body:
        case Limits():
            yield from {"signal": body.signal, "area": _given(body.area), "person": _given(body.person)}.items()
            yield from {"watch": body.watch, "overloaded": body.overloaded}.items()
        case Absence():
            yield from {"person": body.person, "share": body.share if body.share < 1 else _ABSENT}.items()
        case Preference():
            yield from {"person": body.person, "responsibility": body.responsibility, "wish": body.wish}.items()
    yield "reason", _given(body.reason)


def _split(split: Split) -> Iterator[tuple[str, Any]]:
    yield "lead", split.lead
    yield "support", _given([{"function": function, "letter": letter} for function, letter in split.support])


def _selectors(area: Area) -> Iterator[tuple[str, Any]]:
    yield "jira", _given([_selector(selector) for selector in area.jira])
    yield "feedback", _given([{"source": one.source, **{n: list(v) for n, v in one.criteria}} for one in area.feedback])


def _selector(selector: Selector) -> Row:
    return {name.value: values[0] if len(values) == 1 else list(values) for name, values in selector.criteria}


def _identities(person: Person) -> Mapping[str, Any]:
    told: dict[str, list[str]] = {}
    for source, one in person.identities:
        told.setdefault(source, []).append(one)
    return {source: ids[0] if len(ids) == 1 else ids for source, ids in told.items()}


def _order(fact: Fact[Body]) -> tuple[str, str, str]:
    return fact.kind, fact.key, _since(fact)


def _since(fact: Fact[AnyBody]) -> str:
    return instant_text(fact.valid.start) if fact.valid.start is not None else ""


def _flow(row: Row) -> str:
    """One row on one line."""
    return yaml.dump(_texts(row), Dumper=_Quoting, default_flow_style=True, sort_keys=False, allow_unicode=True,
                     width=1_000_000).strip()  # fmt: skip


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {_Text(name) if " " in name or not name.isidentifier() else name: _texts(v) for name, v in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return _Text(value) if isinstance(value, str) else value
