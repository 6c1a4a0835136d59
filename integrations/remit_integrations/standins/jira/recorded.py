"""Reads recorded issues and changelogs: JSON lines, xz-compressed or not."""

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from remit.domain.errors import Invalid


def default_data() -> Path:
    """The recorded project that ships with the stand-in."""
    return Path(__file__).parents[1] / "data" / "aloy.jsonl.xz"


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Each line's object; raises Invalid with the line for anything else."""
    if not path.is_file():
        raise Invalid(f"there is no file {path}; give --data a file of recorded issues")
    with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = orjson.loads(line)
            except orjson.JSONDecodeError as wrong:
                raise Invalid(f"{path.name}, line {number}: not JSON ({wrong})") from wrong
            if not isinstance(record, dict):
                raise Invalid(f"{path.name}, line {number}: not a JSON object")
            yield record
