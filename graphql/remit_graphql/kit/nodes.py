"""Nodes and connections: global ids, cursors and pages over what is already at hand."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import strawberry

from remit.usecases.pages import Page, page_of

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
    found = page_of(keys, first, after)
    return (
        [(element(key), at) for key, at in zip(found.keys, found.cursors, strict=True)],
        page_info(found),
        found.total,
    )


def page_info(found: Page) -> PageInfo:
    return PageInfo(
        has_next_page=found.has_next,
        has_previous_page=found.has_previous,
        start_cursor=found.cursors[0] if found.cursors else None,
        end_cursor=found.cursors[-1] if found.cursors else None,
    )
