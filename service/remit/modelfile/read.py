"""Text to declarations: every row as the statement it makes, or every mistake with its line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from remit.domain.areas import Area
from remit.domain.errors import Invalid, Problem
from remit.domain.facts import KIND_OF, Body, FactKind, natural_key
from remit.domain.ids import AreaKey
from remit.modelfile import bodies
from remit.modelfile.rows import File, Windowed
from remit.modelfile.text import Document, Path, parse


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


SECTIONS: tuple[tuple[str, Callable[..., Body]], ...] = (
    ("functions", bodies.function),
    ("people", bodies.person),
    ("teams", bodies.team),
    ("areas", bodies.area),
    ("rules", bodies.rule),
    ("responsibilities", bodies.responsibility),
    ("assignments", bodies.assignment),
    ("agreements", bodies.agreement),
    ("delegations", bodies.delegation),
)


def read(text: str) -> tuple[Declaration, ...]:
    """Every row of a model file; raises Invalid with every mistake that can be seen in the file alone."""
    document = parse(text)
    try:
        file = File.model_validate(document.value if document.value is not None else {})
    except ValidationError as wrong:
        raise Invalid("the model file is not right; nothing was applied", _shape_problems(document, wrong)) from None
    problems: list[Problem] = []
    declared = tuple(_declarations(document, file, problems))
    if problems:
        raise Invalid("the model file is not right; nothing was applied", problems)
    return declared


def _declarations(document: Document, file: File, problems: list[Problem]) -> Iterator[Declaration]:
    organisation = file.organisation
    try:
        zone = ZoneInfo(organisation.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        line = document.line(("organisation", "timezone"))
        problems.append(Problem("TIMEZONE", f"there is no time zone {organisation.timezone!r}", "organisation", line))
        zone = ZoneInfo("UTC")
    root = Area(
        AreaKey(organisation.key),
        organisation.name,
        "organisation",
        None,
        organisation.stage,
        timezone=organisation.timezone,
    )
    yield Declaration(organisation.key, root, None, None, document.line(("organisation",)))
    for section, body_of in SECTIONS:
        for index, row in enumerate(getattr(file, section)):
            where: Path = (section, index)
            try:
                body = body_of(row)
                yield _declaration(row, body, zone, document.line(where))
            except bodies.Wrong as wrong:
                line = document.line((*where, wrong.field) if wrong.field else where)
                problems.append(Problem(wrong.code, wrong.message, f"{section}[{index}]", line))


def _declaration(row: Windowed, body: Body, zone: ZoneInfo, line: int | None) -> Declaration:
    start = instant(row.start, zone, "from") if row.start is not None else None
    end = instant(row.end, zone, "to") if row.end is not None else None
    if start is not None and end is not None and end <= start:
        raise bodies.Wrong("WINDOW", "`to` must be later than `from` (R4)", "to")
    return Declaration(row.key or natural_key(body), body, start, end, line)


def instant(told: str, zone: ZoneInfo, field: str) -> datetime:
    """A bare date is the start of that day in the organisation's zone; a time needs an offset (R3)."""
    try:
        if len(told) <= 10:
            return datetime.combine(date.fromisoformat(told), time(), zone)
        at = datetime.fromisoformat(told)
    except ValueError:
        raise bodies.Wrong("TIME", f"{told!r} is no date or instant such as 2026-12-21T00:00:00Z", field) from None
    if at.tzinfo is None:
        raise bodies.Wrong("TIME", f"{told!r} has no offset; write for example {told}Z or {told}+01:00 (R3)", field)
    return at


def _shape_problems(document: Document, wrong: ValidationError) -> list[Problem]:
    problems = []
    for error in wrong.errors(include_url=False):
        path: Path = tuple(part for part in error["loc"])
        where = f"{path[0]}[{path[1]}]" if len(path) > 1 and isinstance(path[1], int) else str(path[0] if path else "")
        named = [part for part in _real(path) if isinstance(part, str)]
        field = named[-1] if named else "the file"
        message = error["msg"].removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            message = f"{field!r} is not known here; check the spelling"
        elif error["type"] == "missing":
            message = f"{field!r} is missing"
        else:
            message = f"{field}: {message[:1].lower()}{message[1:]}"
        problems.append(Problem(error["type"].upper(), message, where, document.line(_real(path))))
    return sorted(set(problems), key=lambda problem: (problem.line or 0, problem.message))


def _real(path: Path) -> Path:
    """Pydantic adds names of its own to a path where several kinds are allowed; those are none of the file's."""
    return tuple(
        part for part in path if isinstance(part, int) or not part.startswith(("list[", "constrained-", "str"))
    )
