"""Text to declarations: every row as the statement it makes, or every mistake with its line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from remit.domain.errors import Invalid, Problem, in_order
from remit.domain.facts import KIND_OF, Body, FactKind, natural_key
from remit.domain.intervals import NoOffset, instant_of, instant_text, is_at_the_edge
from remit.modelfile import bodies, rows
from remit.modelfile.shapes import place, problem_of
from remit.modelfile.text import Document, Path, parse_what_can_be
from remit.modelfile.zones import zone_named

Row = TypeVar("Row", bound=rows.Shape)
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One row: what it says and from when to when. `start` None means the row does not say (R5), not "since ever"."""

    key: str
    body: Body
    start: datetime | None
    end: datetime | None
    line: int | None

    @property
    def kind(self) -> FactKind:
        return KIND_OF[type(self.body)]


SECTIONS: tuple[tuple[str, type[rows.Windowed], Callable[[Any], Body]], ...] = (
    ("lenses", rows.LensRow, bodies.lens),
    ("functions", rows.FunctionRow, bodies.function),
    ("people", rows.PersonRow, bodies.person),
    ("teams", rows.TeamRow, bodies.team),
    ("areas", rows.AreaRow, bodies.area),
    ("rules", rows.RuleRow, bodies.rule),
    ("responsibilities", rows.ResponsibilityRow, bodies.responsibility),
    ("minutes", rows.MinutesRow, bodies.minutes),
    ("thresholds", rows.ThresholdRow, bodies.threshold),
    ("absences", rows.AbsenceRow, bodies.absence),
    ("preferences", rows.PreferenceRow, bodies.preference),
    ("assignments", rows.AssignmentRow, bodies.assignment),
    ("agreements", rows.AgreementRow, bodies.agreement),
    ("delegations", rows.DelegationRow, bodies.delegation),
)


@dataclass(frozen=True, slots=True)
class Unread:
    """What is wrong in a file by itself, and the keys of the rows that could not be read: they are not unknown."""

    problems: tuple[Problem, ...] = ()
    keys: frozenset[str] = frozenset()


NOTHING_UNREAD = Unread()


def read(text: str) -> tuple[Declaration, ...]:
    """Every row of a model file; raises Invalid with every mistake that can be seen in the file alone."""
    declared, unread = read_what_can_be(text)
    if unread.problems:
        raise Invalid("the model file is not right; nothing was applied", in_order(unread.problems))
    return declared


def read_what_can_be(text: str) -> tuple[tuple[Declaration, ...], Unread]:
    """The rows that are right by themselves, and what is to be said of the others; raises Invalid for what is no YAML.

    The rows that are right can still be checked against each other, so that every mistake is told at once.
    """
    reading = _Reading(parse_what_can_be(text))
    declared = tuple(reading.declarations())
    return declared, Unread((*reading.document.problems, *reading.problems), frozenset(reading.unread))


class _Reading:
    """One file while it is read: a row that is not right is told and left out, and the rest is read all the same."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.unread: set[str] = set()

    def declarations(self) -> Iterator[Declaration]:
        told = self.document.value if self.document.value is not None else {}
        self._shaped(rows.File, told, ())
        if not isinstance(told, dict):
            return
        zone = ZoneInfo("UTC")
        if "organisation" in told:
            zone = _zone_of(told["organisation"])
            yield from self._organisation(told["organisation"], zone)
        for section, shape, body_of in SECTIONS:
            listed = told.get(section)
            for index, row in enumerate(listed if isinstance(listed, list) else ()):
                yield from self._declaration(shape, body_of, row, zone, (section, index))

    def _organisation(self, told: Any, zone: ZoneInfo) -> Iterator[Declaration]:
        """The one there has always been, or each of its versions."""
        if not isinstance(told, list):
            yield from self._declaration(rows.OrganisationRow, _organisation, told, zone, ("organisation",))
            return
        versions: list[Declaration] = []
        for index, row in enumerate(told):
            versions += self._declaration(
                rows.OrganisationVersionRow, _organisation, row, zone, ("organisation", index)
            )
        yield from versions
        if len(versions) == len(told) and (message := _gap(versions)) is not None:
            self._wrong(bodies.Wrong("WINDOW", message), ("organisation",))

    def _declaration(
        self,
        shape: type[rows.Windowed | rows.OrganisationRow],
        body_of: Callable[[Any], Body],
        told: Any,
        zone: ZoneInfo,
        where: Path,
    ) -> Iterator[Declaration]:
        row = self._shaped(shape, told, where)
        if row is None:
            self._leave_out(told)
            return
        before = len(self.problems)
        body = self._tried(lambda: body_of(row), where)
        begins, ends = (row.start, row.end) if isinstance(row, rows.Windowed) else (None, None)
        start = self._tried(lambda: instant(begins, zone, "from"), where)
        end = self._tried(lambda: instant(ends, zone, "to"), where)
        if start is not None and end is not None and end <= start:
            self._wrong(bodies.Wrong("WINDOW", "`to` must be later than `from` (R4)", "to"), where)
        if body is not None and len(self.problems) == before:
            yield Declaration(row.key or natural_key(body), body, start, end, self.document.line(where))
        else:
            self._leave_out(told)

    def _leave_out(self, told: Any) -> None:
        if isinstance(told, dict) and isinstance(key := told.get("key"), str):
            self.unread.add(key.strip())

    def _shaped(self, shape: type[Row], told: Any, where: Path) -> Row | None:
        try:
            return shape.model_validate(told)
        except ValidationError as wrong:
            self.problems += [problem_of(self.document, where, error) for error in wrong.errors(include_url=False)]
            return None

    def _tried(self, make: Callable[[], Told], where: Path) -> Told | None:
        try:
            return make()
        except bodies.Wrong as wrong:
            self._wrong(wrong, where)
            return None

    def _wrong(self, wrong: bodies.Wrong, where: Path) -> None:
        line = self.document.line((*where, *wrong.path))
        self.problems.append(Problem(wrong.code, wrong.message, place(where), line))


def _organisation(row: rows.OrganisationRow) -> Body:
    if zone_named(row.timezone) is None:
        raise bodies.Wrong("TIMEZONE", f"there is no time zone {row.timezone!r}", "timezone")
    return bodies.organisation(row)


def _zone_of(organisation: Any) -> ZoneInfo:
    """That of the organisation, the latest version of it; UTC where it says none, or none that there is."""
    versions = organisation if isinstance(organisation, list) else [organisation]
    latest = next((one for one in versions if isinstance(one, dict) and "to" not in one), {})
    name = latest.get("timezone")
    return (zone_named(name) if isinstance(name, str) else None) or ZoneInfo("UTC")


def _gap(versions: list[Declaration]) -> str | None:
    """Why there would be a time without an organisation, or None when there is none."""
    ordered = sorted(versions, key=lambda one: instant_text(one.start) if one.start is not None else "")
    if not ordered or ordered[-1].end is not None:
        return "the organisation is never limited in time; leave `to` out of its last version"
    for earlier, later in pairwise(ordered):
        if earlier.end != later.start:
            return "a version of the organisation begins where the one before ends; let `to` and `from` be the same"
    return None


def instant(told: str | None, zone: ZoneInfo, field: str) -> datetime | None:
    """A bare date is the start of that day in the organisation's zone; a time needs an offset (R3). In UTC."""
    if told is None:
        return None
    try:
        bare = len(told) <= len("2026-12-21")
        at = datetime.combine(date.fromisoformat(told), time(), zone) if bare else instant_of(told)
    except NoOffset:
        message = f"{told!r} has no offset; write for example {told}Z or {told}+01:00 (R3)"
        raise bodies.Wrong("TIME", message, field) from None
    except (ValueError, OverflowError):
        raise bodies.Wrong("TIME", f"{told!r} is no date or instant such as 2026-12-21T00:00:00Z", field) from None
    if is_at_the_edge(at):
        raise bodies.Wrong("TIME", f"{told!r} is at the edge of the calendar; leave it out to say for ever", field)
    return at.astimezone(UTC)
