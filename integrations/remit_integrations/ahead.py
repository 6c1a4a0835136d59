"""Works one step ahead: while an element is being used, the next one is already being made."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

Element = TypeVar("Element")


async def one_ahead(elements: AsyncIterator[Element]) -> AsyncGenerator[Element, None]:
    """The same elements in the same order. When the user stops early, what is under way is awaited, not cancelled, and
    then what makes the elements is closed.
    """
    coming = asyncio.ensure_future(_next(elements))
    try:
        while (element := await coming) is not None:
            coming = asyncio.ensure_future(_next(elements))
            yield element[0]
    finally:
        if not coming.done():
            await asyncio.wait([coming])
        if coming.done() and not coming.cancelled():
            coming.exception()  # seen by nobody else when the user stopped early
        if isinstance(elements, AsyncGenerator):
            await elements.aclose()


async def _next(elements: AsyncIterator[Element]) -> tuple[Element] | None:
    try:
        return (await anext(elements),)
    except StopAsyncIteration:
        return None
