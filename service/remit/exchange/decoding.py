"""Bytes of a file to text, or what the file is instead of text."""

import codecs

from remit.domain.errors import Invalid, Problem

LARGEST_BYTES = 100_000_000
"""A matrix of ten thousand areas and five thousand owners has a third of that, nearly all of it commas."""
_OTHERS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(data: bytes, largest: int = LARGEST_BYTES) -> str:
    """UTF-8 text, with or without a byte order mark; raises Invalid for anything else, and for nothing at all."""
    if problem := _problem(data, largest):
        raise Invalid("the file cannot be read; nothing was applied", [problem])
    return data.decode("utf-8-sig")


def _problem(data: bytes, largest: int) -> Problem | None:
    if len(data) > largest:
        return Problem("TOO_LARGE", f"more than {largest} bytes; import it in parts")
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        return Problem("EMPTY_FILE", "the file is empty; check that it is the one you meant")
    if data.startswith(_OTHERS):
        return Problem("ENCODING", "this is UTF-16 text; save it as UTF-8", line=1)
    if b"\0" in data:
        return Problem("BINARY_FILE", "this is no text; export it as text first", line=_line(data, data.index(b"\0")))
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        at = _line(data, wrong.start)
        return Problem("ENCODING", f"the byte 0x{data[wrong.start]:02x} is not UTF-8; save the file as UTF-8", line=at)
    return None


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
