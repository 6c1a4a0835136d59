"""Reads YAML 1.2 core text into plain values and remembers the line of every one of them (R6)."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from remit.domain.errors import Invalid, Problem

LARGEST_BYTES = 10_000_000
MOST_VALUES = 1_000_000
"""Aliases can make a few lines stand for more values than there is memory."""
DEEPEST = 50
"""No row nests deeper than five; aliases can nest without end, and deep recursion ends the process."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values (dict, list, str, int, float, bool, None), and the line of each by its path of keys and indices.

    `problems` are keys that cannot be or stand twice; they are left out of the value, which is whole without them.
    """

    value: Any
    lines: dict[Path, int]
    problems: tuple[Problem, ...] = ()

    def line(self, path: Path) -> int | None:
        """The line of what stands at a path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


UNREADABLE = "the model file cannot be read"
LEFT_OUT = ("KEY", "DUPLICATE_KEY")
_COLLECTIONS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class _Core(yaml.SafeLoader):
    """The core schema of YAML 1.2: `NO`, `12:30` and `2026-01-01` are strings, unlike in YAML 1.1.

    Composed in Python: the composer in C is five times as fast, but deep nesting overflows its stack and ends the
    process.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute, emptied here


_SPELLINGS: dict[str, tuple[re.Pattern[str], list[str]]] = {
    "null": (re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    "bool": (re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    "int": (re.compile(r"^(?:[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300})$"), list("-+0123456789")),
    "float": (
        re.compile(
            r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
        ),
        list("-+.0123456789"),
    ),
}
"""How each kind of plain scalar is spelled in the core schema, and the characters it can begin with."""

for _kind, (_spelling, _first) in _SPELLINGS.items():
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _spelling, _first)


def parse(text: str) -> Document:
    """The one document of a text; raises Invalid with every mistake of syntax, doubled keys among them."""
    document = parse_what_can_be(text)
    if document.problems:
        raise Invalid(UNREADABLE, document.problems)
    return document


def parse_what_can_be(text: str) -> Document:
    """The same, but wrong keys are told in the document, so that whoever reads it can tell further mistakes as well."""
    if len(text.encode(errors="surrogatepass")) > LARGEST_BYTES:
        raise Invalid(UNREADABLE, [Problem("TOO_LARGE", f"more than {LARGEST_BYTES} bytes")])
    try:
        root = yaml.compose(text, Loader=_Core)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        told = Problem("YAML", wrong.problem or str(wrong), line=mark.line + 1 if mark is not None else None)
        raise Invalid(UNREADABLE, [told]) from wrong
    except (yaml.YAMLError, RecursionError) as wrong:
        raise Invalid(UNREADABLE, [_unmarked(text, wrong)]) from wrong
    building = _Building()
    value = building.value(root, ()) if root is not None else None
    if any(problem.code not in LEFT_OUT for problem in building.problems):
        raise Invalid(UNREADABLE, building.problems)
    return Document(value, building.lines, tuple(building.problems))


def _unmarked(text: str, wrong: yaml.YAMLError | RecursionError) -> Problem:
    """What is known of a mistake that the parser gives no mark for."""
    if isinstance(wrong, RecursionError):
        return Problem("TOO_DEEP", f"nested deeper than {DEEPEST} levels")
    position = getattr(wrong, "position", None)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
    return Problem("YAML", str(wrong).splitlines()[0], line=line)


class _Building:
    """Values so far, and what was wrong with them."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self._open: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if len(self.lines) > MOST_VALUES or id(node) in self._open:
            if not self.problems or self.problems[-1].code != "ALIAS":
                self._wrong("ALIAS", "aliases make this endless or too large; write it out", line)
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, line)
        if len(path) > DEEPEST:
            return self._wrong("TOO_DEEP", f"nested deeper than {DEEPEST} levels", line)
        if node.tag not in _COLLECTIONS:
            return self._wrong("TAG", f"the tag {node.tag} is not used here; remove it", line)
        self._open.add(id(node))
        built: Any
        if isinstance(node, yaml.SequenceNode):
            built = [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        else:
            built = self._mapping(node, path)
        self._open.discard(id(node))
        return built

    def _mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for name, child in node.value:
            line = name.start_mark.line + 1
            if not isinstance(name, yaml.ScalarNode) or name.tag != "tag:yaml.org,2002:str":
                self._wrong("KEY", "a key must be plain text; put it in quotes", line)
                continue
            if name.value in built:
                self._wrong("DUPLICATE_KEY", f"{name.value!r} stands twice in one mapping; keep one", line)
                continue
            self.lines[(*path, name.value)] = line
            built[name.value] = self.value(child, (*path, name.value))
        return built

    def _scalar(self, node: yaml.ScalarNode, line: int) -> Any:
        text, kind = str(node.value), node.tag.removeprefix("tag:yaml.org,2002:")
        if kind == "str":
            return text
        if kind not in _SPELLINGS:
            return self._wrong("TAG", f"the tag {node.tag} is not used here; remove it", line)
        if not _SPELLINGS[kind][0].match(text):
            return self._wrong("TAG", f"{text[:50]!r} cannot be read as {kind}", line)
        match kind:
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text[2:], 8) if text.startswith("0o") else int(text, 16 if text.startswith("0x") else 10)
            case "float":
                return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        return None

    def _wrong(self, code: str, message: str, line: int) -> None:
        self.problems.append(Problem(code, message, line=line))
