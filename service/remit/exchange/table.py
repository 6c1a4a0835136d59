"""Records of a CSV file with the line each begins on."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from remit.domain.errors import Invalid, Problem


@dataclass(frozen=True, slots=True)
class Record:
    """What is written in one record, trimmed, by position; its line, and how many fields it has.

    Of a matrix with a column for each of a thousand owners nearly all is empty, so only what is not is kept.
    """

    line: int
    written: Mapping[int, str]
    width: int

    def field(self, index: int) -> str:
        """What stands there; empty beyond the last field, which some programs leave out."""
        return self.written.get(index, "")


def records(text: str) -> list[Record]:
    """Every record that is not empty; raises Invalid with the line where the quoting goes wrong.

    The separator is the comma or the semicolon, whichever follows the first heading.
    """
    found: list[Record] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for fields in reader:
            written = {index: told for index, field in enumerate(fields) if field and (told := field.strip())}
            if written:
                found.append(Record(line, written, len(fields)))
            line = reader.line_num + 1
    except csv.Error as wrong:
        problem = Problem("CSV", f"{wrong}; check the quotes of this record", line=line)
        raise Invalid("the file is not right; nothing was applied", [problem]) from wrong
    return found


def _separator(text: str) -> str:
    found = _AFTER_FIRST.match(text)
    return found[1] if found is not None else ","


_AFTER_FIRST = re.compile(r"""\s*(?:"[^"]*"|[^",;\r\n]*)\s*([,;])""")
