"""Reads a list of owners in the style of CODEOWNERS: `PATTERN owner...`, where the pattern names an area."""

import re
from collections.abc import Iterator

from remit.domain.catalogue import Letter
from remit.domain.errors import Problem
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey
from remit.domain.model import Model
from remit.exchange.known import Known
from remit.exchange.reading import Cell, Reading, Said, refuse

IDENTITY = "github"
"""The source under which a person's login may be kept as an identity."""


def read_codeowners(text: str, model: Model) -> Reading:
    """Who owns which areas; raises Invalid with every mistake and its line.

    What GitHub and GitLab read differently, or only one of them reads, is refused: negation, sections, escapes, roles.

    Of each function, the first owner of a line is accountable for all of an area and the others are responsible. Where
    two patterns name one area, the last line counts.
    """
    owners = _Owners(Known(model))
    for number, line in enumerate(text.split("\n"), 1):
        told = _COMMENT.sub("", line).strip()
        if (unread := _unread(told)) is not None:
            owners.problems.append(Problem(*unread, told.split()[0], number))
        elif words := told.split():
            owners.read(words[0], words[1:], number)
    if not owners.lines and not owners.problems:
        owners.problems.append(Problem("EMPTY_FILE", "no line names an area with its owners, as in `/checkout @ana`"))
    refuse(owners.problems)
    return Reading(owners.cells, warnings=tuple(owners.warnings))


_COMMENT = re.compile(r"(?:^|\s)#.*$")
_SECTION = re.compile(r"\^?\[")


def _unread(told: str) -> tuple[str, str] | None:
    """The code and the sentence about a line that is none of `PATTERN owner...`; None for one that is, or is empty."""
    if told.startswith("!"):
        message = "a pattern cannot take files out again; remove the line, and name the areas that each owner does have"
        return "NEGATION", message
    if _SECTION.match(told) is not None:
        message = "a section groups approvals, which no area has; remove its heading, and name the owners on the lines"
        return "SECTION", message
    if "\\" in told:
        message = "a pattern here has no escapes; name the area by a key without spaces, or use a RACI matrix"
        return "ESCAPE", message
    return None


class _Owners:
    """The lines so far: a line that is not right is told and left out."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.cells: dict[Cell, Said] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._by_area: dict[AreaKey, int] = {}

    def read(self, pattern: str, words: list[str], line: int) -> None:
        if (first := self.lines.setdefault(pattern, line)) != line:
            message = f"line {first} has the same pattern; keep one of them"
            self.problems.append(Problem("DUPLICATE_ROW", message, pattern, line))
            return
        area = self._area(pattern, line)
        if not words:
            message = "no owner; name one, or remove the line: an import does not end what it does not name"
            self.problems.append(Problem("MISSING_VALUE", message, pattern, line))
        groups = self._groups(pattern, words, line)
        if area is None:
            return
        if (before := self._by_area.get(area)) is not None:
            message = f"{area} is named by line {before} too; this line counts"
            self.warnings.append(Problem("SHADOWED_ROW", message, pattern, line))
            self.cells = {cell: said for cell, said in self.cells.items() if cell.area != area}
        self._by_area[area] = line
        for function, owners in groups.items():
            self.cells[Cell(area, ALL, function)] = Said(owners, line)

    def _groups(self, pattern: str, words: list[str], line: int) -> dict[FunctionKey, dict[OwnerKey, Letter]]:
        """The owners of a line by function: the first of each is accountable."""
        groups: dict[FunctionKey, dict[OwnerKey, Letter]] = {}
        for word in words:
            if _OWNER.fullmatch(word) is None:
                message = f"{word!r} is no owner; write @login, @organisation/team or an e-mail address"
                self.problems.append(Problem("OWNER_FORM", message, pattern, line))
                continue
            owner = next((found for name in _names(word) if (found := self._owner(name)) is not None), None)
            function = self.known.function_of(owner) if owner is not None else None
            if owner is None:
                self.problems.append(self.known.unknown("owner", word.lstrip("@"), pattern, line))
            elif function is None:
                message = f"{owner} has no function in the model; give it one first"
                self.problems.append(Problem("NO_FUNCTION", message, pattern, line))
            else:
                group = groups.setdefault(function, {})
                group.setdefault(owner, Letter.RESPONSIBLE if group else Letter.ACCOUNTABLE)
        return groups

    def _owner(self, name: str) -> OwnerKey | None:
        person = self.known.model.identities.get((IDENTITY, name))
        return self.known.owner(name) or (person.key if person is not None else None)

    def _area(self, pattern: str, line: int) -> AreaKey | None:
        """By the whole path with dashes, else by its last part; the pattern for everything names the organisation."""
        parts = [part for part in pattern.split("/") if part not in ("", "*", "**")]
        if not parts:
            return self.known.model.root
        for name in ("-".join(parts), parts[-1]):
            if self.known.find("area", name) is not None:
                return AreaKey(name)
        self.problems.append(self.known.unknown("area", parts[-1], pattern, line))
        return None


_OWNER = re.compile(r"@[^@\s]+|[^@\s]+@[^@\s]+")
"""A login, a team or an e-mail address; `@@role`, which stands for whoever has a role there, names nobody."""


def _names(word: str) -> Iterator[str]:
    """What an owner may be called in the model: `@org/team` is `org/team`, or `team`."""
    name = word.removeprefix("@")
    yield name
    if "/" in name:
        yield name.rpartition("/")[2]
