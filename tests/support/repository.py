"""The repository as the house tests read it: its files, its modules as syntax trees, its documents."""

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = ("service", "integrations", "graphql")
PACKAGES = ("remit", "remit_integrations", "remit_graphql")
NOT_OURS = {".git", ".venv", ".tools", "__pycache__", "dist", ".env"}


@dataclass(frozen=True)
class Module:
    """A Python file: where it is from the root, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def modules(*roots: str) -> tuple[Module, ...]:
    """Every Python file below the given folders, or below all source roots and the tests."""
    found = []
    for root in roots or (*SOURCE_ROOTS, "tests"):
        for path in sorted((ROOT / root).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found.append(Module(str(path.relative_to(ROOT)), text, ast.parse(text)))
    return tuple(found)


def production() -> tuple[Module, ...]:
    return modules(*SOURCE_ROOTS)


@cache
def text_files() -> tuple[Path, ...]:
    """Every file of ours that is text; what tools and editors leave behind is not ours."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any((part.startswith(".") and part.endswith("_cache")) or part == ".hypothesis" for part in parts)
        if hidden or NOT_OURS & set(parts) or not path.is_file() or path.suffix in (".xz", ".pyc", ".log"):
            continue
        found.append(path)
    return tuple(found)


@cache
def documents() -> dict[str, str]:
    """Every Markdown document by its path from the root."""
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(paths)}


def fenced(language: str) -> list[tuple[str, str]]:
    """(document, text) of every fenced block in a language."""
    blocks = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [(name, block) for name, text in documents().items() for block in blocks.findall(text)]


def commands() -> list[tuple[str, list[str]]]:
    """(document, words) of every command of a shell example, without assignments before it and comments."""
    found = []
    for name, block in fenced("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            for words in _parts(line):
                while words and (re.match(r"[A-Z_]+=", words[0]) or words[0] == "export"):
                    words = words[1:]
                if words:
                    found.append((name, words))
    return found


def _parts(line: str) -> Iterator[list[str]]:
    """The words of each command of a line."""
    words: list[str] = []
    for word in shlex.split(line, comments=True):
        if word in ("|", "&&", ";"):
            yield words
            words = []
        else:
            words.append(word)
    yield words


def table(document: str, heading: str) -> list[list[str]]:
    """The cells of the rows of the first table under a heading."""
    text = documents()[document]
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"{document} has no section {heading!r}"
    section = rest.split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[2:]]


def code(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def dotted(node: ast.AST) -> str:
    """`a.b.c` for such an expression; an empty text for any other."""
    if isinstance(node, ast.Attribute):
        above = dotted(node.value)
        return f"{above}.{node.attr}" if above else ""
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.AST) -> Iterator[str]:
    """The full name of every module that is imported, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.module
