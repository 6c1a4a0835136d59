"""Which argument of a change a mistake stands at, told by the path to it in the row that the change was read as."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from remit.changing.words import PARTS
from remit.domain.changes import KEPT, SetRow
from remit.modelfile.one_row import dotted

Path = tuple[str | int, ...]

WINDOW = ("from", "to")
A_KEY = "[key]"
"""What the end of a path says where it is the key of an entry that is wrong."""


def argument(change: SetRow, path: Path) -> str:
    """`skills[1].level` where the row has `skills.innovation`; empty for the change as a whole.

    What a change of a part of an area cannot say, such as the area's name, is told at the area.
    """
    head, rest = (str(path[0]), path[1:]) if path else ("", ())
    if head not in {*WINDOW, *(field.name for field in fields(change))}:
        return "area" if isinstance(change, PARTS) else ""
    entries = getattr(change, head, KEPT)
    within = _WITHIN.get(head)
    if within is None or not isinstance(entries, tuple) or not rest:
        return dotted(path)
    return dotted((head, *within(entries, rest)))


def _keyed(key: str, value: str) -> Callable[[Sequence[Any], Path], Path]:
    """Of a list of pairs that the row has as a mapping: the entry and which half of it."""

    def within(entries: Sequence[Any], rest: Path) -> Path:
        numbers = _numbers((name for name, _ in entries), str(rest[0]))
        return (*numbers[:1], key if rest[-1] == A_KEY else value)

    return within


def _identity(entries: Sequence[Any], rest: Path) -> Path:
    """The row has the identities of one source together, in the order in which they were given."""
    numbers = _numbers((source for source, _ in entries), str(rest[0]))
    which = rest[1] if len(rest) > 1 and isinstance(rest[1], int) else 0
    return (*numbers[which : which + 1], "source" if rest[-1] == A_KEY else "id")


def _criterion(entries: Sequence[Any], rest: Path) -> Path:
    """A feedback selector's criteria stand in its row beside its source."""
    number, *named = rest
    if not named or named[0] == "source":
        return rest
    _, criteria = entries[int(number)]
    return (number, "criteria", *_numbers((name for name, _ in criteria), str(named[0]))[:1])


def _numbers(names: Iterable[str], name: str) -> list[int]:
    return [number for number, one in enumerate(names) if one == name]


_WITHIN: Mapping[str, Callable[[Sequence[Any], Path], Path]] = {
    "skills": _keyed("responsibility", "level"),
    "lenses": _keyed("lens", "value"),
    "identities": _identity,
    "feedback": _criterion,
}
