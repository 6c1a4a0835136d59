"""A large backlog from a small recording: the issues again and again, under new ids and keys."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

Json = dict[str, Any]


def cycled(records: Iterable[Json], count: int) -> Iterator[Json]:
    """So many issues. Those of a kind share their fields, and so their memory; a changelog stays with the first."""
    recorded = list(records)
    if not recorded:
        return
    numbers: dict[str, int] = {}
    for record in recorded:
        project, number = _parts(record["key"])
        numbers[project] = max(numbers.get(project, 0), number)
    first = max(int(record["id"]) for record in recorded) + 1
    yield from islice(recorded, count)
    for number in range(count - len(recorded)):
        record = recorded[number % len(recorded)]
        project, _ = _parts(record["key"])
        numbers[project] += 1
        yield {"id": str(first + number), "key": f"{project}-{numbers[project]}", "fields": record["fields"]}


def _parts(key: str) -> tuple[str, int]:
    project, _, number = key.rpartition("-")
    return project, int(number) if number.isdecimal() else 0
