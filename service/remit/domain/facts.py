"""Declared facts with two times, and the digest that names a set of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from remit.domain.areas import Area
from remit.domain.catalogue import Catalogue, Function, Lens, Minutes, Responsibility
from remit.domain.intervals import ALWAYS, Interval, instant_text
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Confirmation, Delegation, Rule
from remit.domain.workload import Absence, Limits, Preference

Noun = Area | Function | Responsibility | Person | Team | Lens
Body = Noun | Minutes | Limits | Absence | Preference | Rule | Assignment | Agreement | Delegation | Confirmation
AnyBody = TypeVar("AnyBody", bound=Body, covariant=True)


class FactKind(StrEnum):
    AREA = "area"
    FUNCTION = "function"
    RESPONSIBILITY = "responsibility"
    PERSON = "person"
    TEAM = "team"
    RULE = "rule"
    ASSIGNMENT = "assignment"
    AGREEMENT = "agreement"
    DELEGATION = "delegation"
    CONFIRMATION = "confirmation"
    LENS = "lens"
    MINUTES = "minutes"
    THRESHOLD = "threshold"
    ABSENCE = "absence"
    PREFERENCE = "preference"


BODIES: Mapping[FactKind, type[Body]] = {
    FactKind.AREA: Area,
    FactKind.FUNCTION: Function,
    FactKind.RESPONSIBILITY: Responsibility,
    FactKind.PERSON: Person,
    FactKind.TEAM: Team,
    FactKind.RULE: Rule,
    FactKind.ASSIGNMENT: Assignment,
    FactKind.AGREEMENT: Agreement,
    FactKind.DELEGATION: Delegation,
    FactKind.CONFIRMATION: Confirmation,
    FactKind.LENS: Lens,
    FactKind.MINUTES: Minutes,
    FactKind.THRESHOLD: Limits,
    FactKind.ABSENCE: Absence,
    FactKind.PREFERENCE: Preference,
}
KIND_OF: Mapping[type, FactKind] = {body: kind for kind, body in BODIES.items()}


@dataclass(frozen=True, slots=True)
class Recorded:
    """Who told us a fact, and when; shown in traces."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact(Generic[AnyBody]):
    """One declared statement: what is said (`body`), when it holds (`valid`), who recorded it and when.

    `key` identifies the row over its versions (R1). Several facts may share a key when their windows are disjoint.
    """

    key: str
    body: AnyBody
    valid: Interval = ALWAYS
    recorded: Recorded | None = None

    @property
    def kind(self) -> FactKind:
        return KIND_OF[type(self.body)]


@dataclass(frozen=True)
class Facts:
    """Everything believed at one moment: the declared facts and the catalogue that ships with Remit."""

    catalogue: Catalogue
    declared: tuple[Fact[Body], ...] = ()

    @cached_property
    def digest(self) -> str:
        """Names this set of facts: the same statements and windows in any order give the same digest (R49)."""
        lines = sorted(fact_digest(fact) for fact in self.declared)
        whole = hashlib.sha256(canonical(self.catalogue).encode())
        for line in lines:
            whole.update(line)
        return whole.hexdigest()[:32]

    @cached_property
    def boundaries(self) -> tuple[datetime, ...]:
        """Every instant at which some declared fact begins or ends to hold, ascending."""
        bounds = {bound for fact in self.declared for bound in (fact.valid.start, fact.valid.end)}
        return tuple(sorted(bound for bound in bounds if bound is not None))


def natural_key(body: Body) -> str:
    """The key of a row that names none of its own (R1)."""
    match body:
        case Rule():
            scope = _plain(body.area) if body.area is not None else f"stage:{body.stage}"
            return f"{scope}/{_path(body.responsibility, *((str(body.predicate),) if body.predicate else ()))}"
        case Assignment():
            return _path(body.area, body.responsibility, body.function, body.owner)
        case Agreement():
            return _path(body.area, body.responsibility)
        case Delegation():
            return _path(body.from_person, body.to_person, body.area, *(body.responsibilities or ("all",)))
        case Confirmation():
            return body.assignment
        case Minutes():
            return _path(body.responsibility, body.driver)
        case Limits():
            return _path(body.signal, body.area, body.person)
        case Absence():
            return _path(body.person)
        case Preference():
            return _path(body.person, body.responsibility)
        case _:
            return body.key


def _path(*parts: str | None) -> str:
    """The parts, a dash where one is absent, so that two statements never share a path by accident."""
    return "/".join("-" if part is None else _plain(part) for part in parts)


def _plain(part: str) -> str:
    escaped = part.replace("%", "%25").replace("/", "%2F").replace(":", "%3A")
    return "%2D" if escaped == "-" else escaped


def fact_digest(fact: Fact[Body]) -> bytes:
    """32 bytes that name a fact's kind, key, window and statement; who recorded it and when is left out."""
    text = "\x1f".join((fact.kind, repr(fact.key), str(fact.valid), canonical(fact.body)))
    return hashlib.sha256(text.encode()).digest()


def canonical(value: Any) -> str:
    """One spelling for each value made of dataclasses, tuples, enums, dates and scalars."""
    kind = type(value)
    if kind is str or value is None:  # most of what a model says
        return repr(value)
    if isinstance(value, tuple):
        return "(" + ",".join([canonical(item) for item in value]) + ")"
    if (names := _field_names(kind)) is not None:  # type: ignore[arg-type]  # mypy takes no type[Any] for hashable
        return "{" + ",".join([f"{name}={canonical(getattr(value, name))}" for name in names]) + "}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return repr(value)


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    """Of a dataclass; None for any other type. There are a few dozen, each asked about thousands of times."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None
