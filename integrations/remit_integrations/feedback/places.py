"""Where a source of feedback was left: a small structure that becomes the cursor and is read from it."""

from hashlib import sha256
from typing import TypeVar

import msgspec
import structlog
from msgspec import Struct

from remit.domain.ids import SourceName

log = structlog.get_logger()


class Place(Struct, frozen=True, kw_only=True):
    """`scope` stands for what is asked of which site: when it changes, everything is read again."""

    scope: str


AnyPlace = TypeVar("AnyPlace", bound=Place)


def resumed(cursor: bytes | None, fresh: AnyPlace, source: SourceName) -> AnyPlace:
    """The place that a cursor stands for; `fresh` without one, with one that cannot be read or is of another scope."""
    if cursor is None:
        return fresh
    try:
        place = msgspec.json.decode(cursor, type=type(fresh))
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        log.warning("feedback.read_anew", source=source, reason=str(wrong))
        return fresh
    if place.scope != fresh.scope:
        log.warning("feedback.read_anew", source=source, reason="it is another site, or another part of it")
        return fresh
    return place


def stored(place: Place) -> bytes:
    return msgspec.json.encode(place)


def scope_of(*told: str) -> str:
    """A digest of everything that decides what is read."""
    return sha256("\n".join(told).encode()).hexdigest()[:16]
