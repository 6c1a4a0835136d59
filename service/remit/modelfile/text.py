"""Reads YAML 1.2 core text into plain values and remembers the line of every one of them (R6)."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from remit.domain.errors import Invalid, Problem

LARGEST_BYTES = 10_000_000
MOST_VALUES = 1_000_000
"""Aliases can make a few lines stand for more values than there is memory."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Plain values (dict, list, str, int, float, bool, None), and the line of each by its path of keys and indices."""

    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int | None:
        """The line of what stands at a path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


class _Core(yaml.SafeLoader):
    """The core schema of YAML 1.2: `NO`, `12:30` and `2026-01-01` are strings, unlike in YAML 1.1."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute, emptied here


_Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"), list("-+0123456789")
)
_Core.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+.0123456789"),
)


def parse(text: str) -> Document:
    """The one document of a text; raises Invalid with every mistake of syntax, doubled keys among them."""
    if len(text.encode(errors="surrogatepass")) > LARGEST_BYTES:
        raise Invalid("the model file cannot be read", [Problem("TOO_LARGE", f"more than {LARGEST_BYTES} bytes")])
    try:
        root = yaml.compose(text, Loader=_Core)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        told = Problem("YAML", wrong.problem or str(wrong), line=mark.line + 1 if mark is not None else None)
        raise Invalid("the model file cannot be read", [told]) from wrong
    except (yaml.YAMLError, RecursionError) as wrong:
        told = Problem("YAML", "nested too deeply" if isinstance(wrong, RecursionError) else str(wrong).splitlines()[0])
        raise Invalid("the model file cannot be read", [told]) from wrong
    building = _Building()
    value = building.value(root, ()) if root is not None else None
    if building.problems:
        raise Invalid("the model file cannot be read", building.problems)
    return Document(value, building.lines)


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
        text = node.value
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int" if len(text) < 1000:
                return int(text[2:], 8) if text.startswith("0o") else int(text, 16 if text.startswith("0x") else 10)
            case "float":
                return float(text.replace(".inf", "inf").replace(".nan", "nan").lower())
        return self._wrong("TAG", f"the tag {node.tag} is not used here; remove it", line)

    def _wrong(self, code: str, message: str, line: int) -> None:
        self.problems.append(Problem(code, message, line=line))
