"""Reads what a payload says without breaking on what is broken in it: halves of emoji, wild times, NUL, long names."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from remit.domain.errors import Unavailable, Unreadable
from remit.domain.ids import SourceName
from remit.domain.records import Parked

UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
LONGEST_NAME = 255
"""Of an id or a key, in characters; the vendor's are far shorter, and an index has no room for a long text."""


class Glimpse(Struct):
    """As much as can be seen of a record that cannot be read."""

    id: str | int | None = None


def whole(body: bytes, decoder: "msgspec.json.Decoder[Any]", what: str) -> Any:
    """An answer's outer shape; raises Unavailable when it is not what it should be. `what` begins the sentence."""
    try:
        return lenient(body, decoder)
    except UNDECODABLE as wrong:
        raise Unavailable(f"{what} cannot be read ({wrong}); try again later") from wrong


def lenient(raw: bytes, decoder: "msgspec.json.Decoder[Any]") -> Any:
    """Decoded, at the second try with broken text mended: half of an emoji in one summary must not stop a page."""
    try:
        return decoder.decode(raw)
    except UNDECODABLE:
        whole = mended(raw)
        if whole == raw:
            raise
    return decoder.decode(whole)


_ESCAPE = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F]..)|\\.")
"""A whole surrogate pair; or half of one, as the group; or any other escape."""


def mended(raw: bytes) -> bytes:
    """JSON with U+FFFD for bytes that are no UTF-8 and for escaped halves of surrogate pairs.

    Jira cuts texts by UTF-16 units, in the midst of a pair if need be.
    """
    return _ESCAPE.sub(lambda escape: rb"\ufffd" if escape[1] else escape[0], raw.decode(errors="replace").encode())


FOR_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
"""The database's driver writes these two as infinite, and reads something else back."""


def instant(told: str | float | None) -> datetime:
    """A time stamp such as 2026-09-27T10:03:11.123+0200, or milliseconds since 1970, in UTC; raises Unreadable."""
    try:
        stamp = datetime.fromtimestamp(told / 1000, UTC) if isinstance(told, int | float) else None
        at = stamp if stamp is not None else datetime.fromisoformat(str(told or ""))
    except (ValueError, OverflowError, OSError) as wrong:
        raise Unreadable(f"not a time: {told!r:.80}") from wrong
    if at.tzinfo is None:
        raise Unreadable(f"a time without an offset: {told!r:.80}")
    try:
        at = at.astimezone(UTC)
    except OverflowError as beyond:
        raise Unreadable(f"not a time: {told!r:.80}") from beyond
    if at in FOR_EVER:
        raise Unreadable(f"a time at the edge of the calendar: {told!r:.80}")
    return at


def clean(text: str) -> str:
    """PostgreSQL's text cannot hold NUL, which Jira's can."""
    return text.replace("\x00", "\ufffd") if "\x00" in text else text


def needed(value: str | int | None, name: str) -> str:
    """A name that a record cannot be without; raises Unreadable."""
    if value is None or value == "":
        raise Unreadable(f"there is no {name}")
    if len(value) > LONGEST_NAME if isinstance(value, str) else abs(value) >= 2**63:
        raise Unreadable(f"the {name} is too long")
    return clean(str(value))


def text(value: str | None) -> str | None:
    """A text that may be missing; an empty one is missing too."""
    return clean(value) if value else None


def parked(source: SourceName, id_: str, wrong: Exception, raw: bytes) -> Parked:
    """What is kept in place of a record that cannot be read."""
    return Parked(source, id_, clean(str(wrong))[:1000], raw)


_GLIMPSE = msgspec.json.Decoder(Glimpse)


def glimpsed(raw: bytes) -> str:
    """The id of a record that cannot be read, as far as it shows; else a name made of its bytes."""
    return seen_id(raw) or f"unreadable-{sha256(raw).hexdigest()[:16]}"


def seen_id(raw: bytes) -> str | None:
    """The id of a record, readable or not, as far as it shows."""
    try:
        return needed(lenient(raw, _GLIMPSE).id, "id")
    except (*UNDECODABLE, Unreadable):
        return None
