"""Reads recorded issues and changelogs: JSON lines, xz-compressed or not."""

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from remit.domain.errors import Invalid
from remit_integrations.standins.jira.rows import row


def default_data() -> Path:
    """The recorded project that ships with the stand-in."""
    return Path(__file__).parents[1] / "data" / "aloy.jsonl.xz"


def data_with_histories() -> Path:
    """Some recorded issues of other projects that ship with it, with all that was done to them."""
    return Path(__file__).parents[1] / "data" / "histories.jsonl.xz"


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Each line's issue; raises Invalid with the line for anything else."""
    if not path.is_file():
        raise Invalid(f"there is no file {path}; give --data a file of recorded issues")
    number = 0
    try:
        with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    yield _record(line)
    except (lzma.LZMAError, EOFError, OSError) as wrong:
        raise Invalid(f"{path.name} cannot be read after line {number}: {wrong}") from wrong
    except _NoIssue as wrong:
        raise Invalid(f"{path.name}, line {number}: {wrong}") from wrong


class _NoIssue(ValueError):
    """Why a line is no recorded issue."""


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as wrong:
        raise _NoIssue(f"not JSON ({wrong})") from wrong
    if not isinstance(record, dict):
        raise _NoIssue("not a JSON object")
    try:
        row(record)
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise _NoIssue(f"not an issue with id, key and its project, created and updated among the fields ({wrong!r})") \
            from wrong  # fmt: skip
    return record
