"""Reads the documents of a Backstage catalog: one entity each, with the line of everything it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from remit.domain.errors import Invalid, Problem
from remit.modelfile.text import MOST_VALUES, Document, parse

KEY = "remit/key"
"""The annotation that gives an entity another key in the model than its name."""
KIND = "remit/kind"
"""The annotation that gives an area another kind than its entity's."""
INHERITED = "remit/inherited-owner"
"""The annotation that repeats an owner who is no statement of this entity, but comes from an area above."""
AREAS = ("Domain", "System", "Component")


@dataclass(frozen=True, slots=True)
class Told:
    """A text, and its line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Entity:
    """One document of a kind that is read. `above` are (field, reference) of what it belongs to, nearest first;
    `members` None means that nothing is said of them."""

    number: int
    kind: str
    name: str
    key: str
    line: int
    title: str | None = None
    email: str | None = None
    area_kind: str | None = None
    owner: Told | None = None
    above: tuple[tuple[str, Told], ...] = ()
    members: tuple[Told, ...] | None = None
    member_of: tuple[Told, ...] = ()

    def __str__(self) -> str:
        return f"document {self.number}, {self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The entities of a file, what is wrong with its documents, and what was passed over."""

    entities: tuple[Entity, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


_ABOVE = {
    "Domain": (("subdomainOf", "Domain"),),
    "System": (("domain", "Domain"),),
    "Component": (("subcomponentOf", "Component"), ("system", "System")),
}
"""Of each kind: the fields that say what it belongs to, the nearest first, and the kind a bare name there means."""


def catalog(text: str, most_values: int = MOST_VALUES) -> Catalog:
    """Every document, in order; a mistake in one does not hide those in others."""
    entities: list[Entity] = []
    problems: list[Problem] = []
    passed: dict[str, Problem] = {}
    values = 0
    for number, (line, chunk) in enumerate(_documents(text), 1):
        try:
            document = parse(chunk)
        except Invalid as wrong:
            problems += [
                replace(one, where=f"document {number}", line=(one.line or 1) + line - 1) for one in wrong.problems
            ]
            continue
        values += len(document.lines)
        if values > most_values:  # aliases can make each of many small documents large
            problems.append(Problem("TOO_LARGE", f"more than {most_values} values; import it in parts", line=line))
            break
        if document.value is None:
            continue
        reading = _Reading(document, number, line, problems)
        kind = reading.kind()
        if kind in (*_ABOVE, "Group", "User"):
            if (entity := reading.entity(kind)) is not None:
                entities.append(entity)
        elif kind:
            message = f"entities of the kind {kind} are not read"
            passed.setdefault(kind, Problem("PASSED_OVER", message, f"document {number}", line))
    return Catalog(tuple(entities), tuple(problems), tuple(passed.values()))


def _documents(text: str) -> Iterator[tuple[int, str]]:
    """The documents with their first lines. A line that begins with `---` or `...` is a mark wherever it stands."""
    chunk: list[str] = []
    first, filled = 1, False
    for number, line in enumerate([*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), "..."], 1):
        mark = _MARK.match(line)
        if mark and filled:
            yield first, "\n".join(chunk)
            chunk, first, filled = [], number, False
        if mark and mark[1] == "...":
            chunk, first, filled = [], number + 1, False
            continue
        chunk.append(line)
        filled = filled or bool(mark) or not _ASIDE.match(line)


_MARK = re.compile(r"(---|\.\.\.)(?:\s|$)")
_ASIDE = re.compile(r"\s*(?:[#%]|$)")
"""Comments, directives and empty lines, which may stand before the mark that begins a document."""


class _Reading:
    """One document while it is read."""

    def __init__(self, document: Document, number: int, first_line: int, problems: list[Problem]) -> None:
        self._document, self._number, self._first = document, number, first_line
        self._problems = problems
        self._kind = ""

    def kind(self) -> str | None:
        """What it is; None where that cannot be said, which is told."""
        if not isinstance(self._document.value, dict):
            self._wrong("WRONG_VALUE", "a document is a mapping with `kind`, `metadata` and `spec`")
            return None
        told = self._required("kind")
        self._kind = told.text if told is not None else ""
        return self._kind or None

    def entity(self, kind: str) -> Entity | None:
        before = len(self._problems)
        name = self._required("metadata", "name")
        made = self._entity(kind, name or Told("", self._line()))
        return made if len(self._problems) == before else None

    def _entity(self, kind: str, name: Told) -> Entity:
        key, email = self._text("metadata", "annotations", KEY), self._text("spec", "profile", "email")
        title = self._any_text("metadata", "title")
        if kind in ("Group", "User"):
            title = self._any_text("spec", "profile", "displayName") or title
        above = [(of, self._text("spec", field)) for field, of in _ABOVE.get(kind, ())]
        return Entity(
            number=self._number,
            kind=kind,
            name=name.text,
            key=key.text if key is not None else name.text,
            line=name.line,
            title=title,
            email=email.text if email is not None else None,
            area_kind=self._any_text("metadata", "annotations", KIND),
            owner=self._owner() if kind in AREAS else None,
            above=tuple((of, told) for of, told in above if told is not None),
            members=self._texts("spec", "members") if kind == "Group" else None,
            member_of=self._texts("spec", "memberOf") or () if kind == "User" else (),
        )

    def _owner(self) -> Told | None:
        told, inherited = self._text("spec", "owner"), self._text("metadata", "annotations", INHERITED)
        return None if told is not None and inherited is not None and told.text == inherited.text else told

    def _required(self, *path: str) -> Told | None:
        before = len(self._problems)
        told = self._text(*path)
        if told is None and len(self._problems) == before:
            self._wrong("MISSING_FIELD", f"{path[-1]!r} is missing", *path[:-1])
        return told

    def _text(self, *path: str) -> Told | None:
        """The text at a path, None where nothing stands there."""
        value = self._value(path)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self._wrong("WRONG_VALUE", f"{path[-1]}: write a text here, in quotes if it looks like a number", *path)
            return None
        return Told(value.strip(), self._line(*path))

    def _any_text(self, *path: str) -> str | None:
        """The same of a text that people read, as it stands: it may be empty."""
        value = self._value(path)
        if value is not None and not isinstance(value, str):
            self._wrong("WRONG_VALUE", f"{path[-1]}: write a text here, in quotes if it looks like a number", *path)
            return None
        return value

    def _texts(self, *path: str) -> tuple[Told, ...] | None:
        value = self._value(path)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self._wrong("WRONG_VALUE", f"{path[-1]}: write a list of names here", *path)
            return None
        return tuple(Told(one.strip(), self._line(*path, index)) for index, one in enumerate(value))

    def _value(self, path: tuple[str, ...]) -> object:
        """What stands at a path; something else than a mapping on the way to it is told."""
        value: object = self._document.value
        for depth, name in enumerate(path):
            if value is None:
                return None
            if not isinstance(value, dict):
                self._wrong("WRONG_VALUE", f"{path[depth - 1]}: write a mapping of keys to values here", *path[:depth])
                return None
            value = value.get(name)
        return value

    def _wrong(self, code: str, message: str, *path: str) -> None:
        where = f"document {self._number}{f', {self._kind}' if self._kind else ''}"
        problem = Problem(code, message, where, self._line(*path))
        if problem not in self._problems:
            self._problems.append(problem)

    def _line(self, *path: str | int) -> int:
        return (self._document.line(path) or 1) + self._first - 1
