"""Nodes and connections: global ids, cursors and pages over what is already at hand."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

import strawberry

from remit.domain.errors import Invalid
from remit_graphql.kit.limits import DEFAULT_PAGE, LARGEST_PAGE, require

Element = TypeVar("Element")


@strawberry.interface(description="Anything with a global id.")
class Node:
    id: strawberry.ID


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def page(
    keys: Sequence[str], first: int | None, after: str | None, element: Callable[[str], Element]
) -> tuple[list[tuple[Element, str]], PageInfo, int]:
    """A page of a sequence of keys: (element, cursor) pairs, where it stands, and how many there are in all.

    Raises Invalid for a length out of bounds or a cursor this service never gave.
    """
    length = DEFAULT_PAGE if first is None else first
    require(0 <= length <= LARGEST_PAGE, f"`first` must be between 0 and {LARGEST_PAGE}")
    start = _position(keys, after)
    chosen = keys[start : start + length]
    cursors = [cursor(key) for key in chosen]
    info = PageInfo(
        has_next_page=start + len(chosen) < len(keys),
        has_previous_page=start > 0,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    return [(element(key), at) for key, at in zip(chosen, cursors, strict=True)], info, len(keys)


def cursor(key: str) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode()


def _position(keys: Sequence[str], after: str | None) -> int:
    if after is None:
        return 0
    try:
        word, _, key = base64.b64decode(after, altchars=b"-_", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError):
        word, key = "", ""
    if word != "after" or key not in keys:
        raise Invalid("`after` is no cursor of this list; take an `endCursor` or start from the beginning")
    return keys.index(key) + 1
