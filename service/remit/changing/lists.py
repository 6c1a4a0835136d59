"""Lists that a change cannot mean: an entry that stands twice, or no entry where that would stand for all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from remit.domain.changes import Criteria, SetDelegation, SetRow
from remit.domain.records import normalised
from remit.modelfile.one_row import Misread


def wrong_lists(change: SetRow) -> Iterator[Misread]:
    """Every such mistake, its path leading to it from the change.

    Values within a selector may stand twice and count once (R28).
    """
    for field in fields(change):
        value = getattr(change, field.name)
        if isinstance(value, tuple) and field.name in _NAMES:
            yield from _twice(value, _NAMES[field.name], field.name)
        if isinstance(value, tuple) and field.name == "feedback":
            for number, (_, criteria) in enumerate(value):
                yield from _criteria_twice(criteria, number)
    if isinstance(change, SetDelegation) and change.responsibilities == ():
        yield Misread("WRONG_VALUE", _NOTHING, ("responsibilities",))


_NOTHING = (
    "an empty list delegates nothing; name responsibilities, or leave it out or give null to delegate all of them"
)


def _twice(entries: Sequence[Any], name_of: Callable[[Any], str], *path: str | int) -> Iterator[Misread]:
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        name = name_of(entry)
        if name and name in seen:  # one that says nothing is told as such
            yield Misread("DUPLICATE_ENTRY", f"{name!r} stands in this list already; keep one", (*path, number))
        seen.add(name)


def _criteria_twice(criteria: Criteria, number: int) -> Iterator[Misread]:
    place = ("feedback", number, "criteria")
    yield from _twice(criteria, _first, *place)
    for position, (name, _) in enumerate(criteria):
        if name == "source":  # the row has its criteria beside its source
            message = "a criterion cannot be called 'source'; the source is said beside the criteria"
            yield Misread("SELECTOR", message, (*place, position, "name"))


def _itself(entry: str) -> str:
    return entry.strip()


def _first(entry: tuple[str, object]) -> str:
    return entry[0].strip()


def _identity(entry: tuple[str, str]) -> str:
    source, one = entry
    return f"{source.strip()} {one.strip()}"


def _selector(criteria: Criteria) -> str:
    """The same text for the same criteria and values, whatever their order and spelling (R28)."""
    told = ((name, sorted({normalised(value) for value in values})) for name, values in criteria)
    return " and ".join(f"{name} {' or '.join(values)}" for name, values in sorted(told))


def _feedback(entry: tuple[str, Criteria]) -> str:
    source, criteria = entry
    return f"{source.strip()} {_selector(criteria)}".strip()


_NAMES: Mapping[str, Callable[[Any], str]] = {
    "skills": _first,
    "lenses": _first,
    "support": _first,
    "identities": _identity,
    "members": _itself,
    "consulted": _itself,
    "responsibilities": _itself,
    "jira": _selector,
    "feedback": _feedback,
}
"""What makes an entry of a list the same as another one."""
