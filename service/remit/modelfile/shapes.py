"""What is wrong with the shape of a row, in words for whoever wrote the file, with the line."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from remit.domain.errors import Problem
from remit.modelfile.text import Document, Path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WORDS: Mapping[str, str] = {
    "string_type": "write a text here, in quotes if it looks like a number or like true, false or null",
    "list_type": "write a list here",
    "model_type": "write a mapping of keys to values here",
    "dict_type": "write a mapping of keys to values here",
}


def problem_of(document: Document, where: Path, error: "ErrorDetails") -> Problem:
    """One mistake of shape of what stands at `where`: UNKNOWN_FIELD, MISSING_FIELD or WRONG_VALUE."""
    at = _within(document, where, error["loc"])
    named = [part for part in at if isinstance(part, str)]
    code, message = in_words(error, named[-1] if named else "the file")
    return Problem(code, message, place(at), document.line(at))


def in_words(error: "ErrorDetails", field: str) -> tuple[str, str]:
    """The code and the sentence for one mistake of shape; `field` is what a reader calls the place."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return "UNKNOWN_FIELD", f"{field!r} is not known here; check the spelling"
    if kind == "missing":
        return "MISSING_FIELD", f"{error['loc'][-1]!r} is missing"
    said = _WORDS.get(kind) or error["msg"].removeprefix("Value error, ")
    return "WRONG_VALUE", f"{field}: {said[:1].lower()}{said[1:]}"


def place(path: Path) -> str:
    """The row a path leads into, such as `rules[3]`."""
    if len(path) > 1 and isinstance(path[1], int):
        return f"{path[0]}[{path[1]}]"
    return str(path[0]) if path else ""


def _within(document: Document, where: Path, inner: tuple[int | str, ...]) -> Path:
    """The place in the file: the validator names alternatives of its own on the way, which the file does not have."""
    for part in inner:
        if (*where, part) in document.lines:
            where = (*where, part)
    return where
