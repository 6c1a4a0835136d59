"""One row given as values instead of text, read by the same shapes and rules as a row of a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from remit.domain.areas import Area, Selector
from remit.domain.facts import Body, FactKind
from remit.modelfile import bodies, rows
from remit.modelfile.shapes import in_words
from remit.modelfile.zones import zone_named

Row = Mapping[str, object]
"""The fields of a row by their names in the file, without `from` and `to`."""
MAPPINGS = frozenset({"identities", "skills", "lenses"})
"""Fields whose keys are the writer's own words."""


@dataclass(frozen=True, slots=True)
class Misread:
    """One mistake in a row; `path` leads to it from the row, empty for the row as a whole."""

    code: str
    message: str
    path: tuple[str | int, ...] = ()


ENDING: Mapping[FactKind, str] = {FactKind.DELEGATION: "a delegation", FactKind.ABSENCE: "an absence"}
"""Kinds that have an end of their own, as people call them."""
_READERS: Mapping[FactKind, tuple[type[rows.Shape], Callable[[Any], Body]]] = {
    FactKind.FUNCTION: (rows.FunctionRow, bodies.function),
    FactKind.PERSON: (rows.PersonRow, bodies.person),
    FactKind.TEAM: (rows.TeamRow, bodies.team),
    FactKind.AREA: (rows.AreaRow, bodies.area),
    FactKind.LENS: (rows.LensRow, bodies.lens),
    FactKind.RULE: (rows.RuleRow, bodies.rule),
    FactKind.RESPONSIBILITY: (rows.ResponsibilityRow, bodies.responsibility),
    FactKind.MINUTES: (rows.MinutesRow, bodies.minutes),
    FactKind.THRESHOLD: (rows.ThresholdRow, bodies.threshold),
    FactKind.ABSENCE: (rows.AbsenceRow, bodies.absence),
    FactKind.PREFERENCE: (rows.PreferenceRow, bodies.preference),
    FactKind.ASSIGNMENT: (rows.AssignmentRow, bodies.assignment),
    FactKind.AGREEMENT: (rows.AgreementRow, bodies.agreement),
    FactKind.DELEGATION: (rows.DelegationRow, bodies.delegation),
}


def read_row(kind: FactKind, row: Row) -> Body | tuple[Misread, ...]:
    """What the row states, or every mistake in it, each at its field. An area whose parent is None is the root."""
    shape, body_of = _READERS[kind]
    if kind is FactKind.AREA and row.get("parent", "") is None:
        shape, body_of = rows.OrganisationRow, bodies.organisation
        row = {name: value for name, value in row.items() if name != "parent"}
    if kind in ENDING:
        row = {"to": "", **row}  # told by the window, which is not part of what is read here
    try:
        body = body_of(shape.model_validate(row))
    except ValidationError as wrong:
        return tuple(_misread(error) for error in wrong.errors(include_url=False))
    except bodies.Wrong as wrong:
        return (Misread(wrong.code, wrong.message, wrong.path),)
    return _with_a_zone(body)


def selector(criteria: Mapping[str, object]) -> Selector | None:
    """The selector of these criteria, or None when they are none."""
    try:
        return bodies.selector(rows.SelectorRow.model_validate(criteria))
    except (ValidationError, bodies.Wrong):  # told when the whole row is read
        return None


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as people write it: `support[0].letter`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _misread(error: Any) -> Misread:
    path = error["loc"][:1] if MAPPINGS.intersection(error["loc"][:1]) else error["loc"]
    code, message = in_words(error, str(next((part for part in reversed(path) if isinstance(part, str)), "")))
    return Misread(code, message, tuple(error["loc"]))


def _with_a_zone(body: Body) -> Body | tuple[Misread, ...]:
    if isinstance(body, Area) and body.timezone is not None and zone_named(body.timezone) is None:
        return (Misread("TIMEZONE", f"there is no time zone {body.timezone!r}", ("timezone",)),)
    return body
