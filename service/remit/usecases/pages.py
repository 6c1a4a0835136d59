"""Pages of a list that is at hand: each door cuts them alike, and hands out the same cursors."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from remit.domain.errors import Invalid

USUAL = 50
"""Elements of a page for whoever does not say how many."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Page:
    """The elements' keys with a cursor each; where the page stands, and how many elements there are in all.

    `start` is the place of the first of them in the list.
    """

    keys: tuple[str, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool
    total: int
    start: int


def page_of(keys: Sequence[str], first: int | None, after: str | None) -> Page:
    """The `first` keys after the one that `after` stands for.

    Raises Invalid for a length out of bounds or a cursor that is none of this list.
    """
    length = USUAL if first is None else first
    if not 0 <= length <= MOST:
        raise Invalid(f"`first` must be between 0 and {MOST}")
    start = _position(keys, after)
    chosen = tuple(keys[start : start + length])
    return Page(chosen, tuple(map(cursor, chosen)), start + len(chosen) < len(keys), start > 0, len(keys), start)


def cursor(key: str) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode()


def _position(keys: Sequence[str], after: str | None) -> int:
    if after is None:
        return 0
    try:
        word, _, key = base64.b64decode(after, altchars=b"-_", validate=True).decode().partition(":")
        place = keys.index(key) if word == "after" else None
    except (binascii.Error, UnicodeError, ValueError):
        place = None
    if place is None:
        raise Invalid("`after` is no cursor of this list; take an `endCursor` or start from the beginning")
    return place + 1
