"""Works ahead: while an element is being used, the next ones are already being made."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TypeVar

from remit.domain.errors import SourceTrouble

Element = TypeVar("Element")
Place = TypeVar("Place")
Stream = AsyncGenerator[Element, None]


async def gathered(
    pages: Stream[tuple[Sequence[Element], Place]], least: int
) -> Stream[tuple[Sequence[Element], Place]]:
    """Fewer and larger pages of the same elements, each with the place after its last.

    Each has at least so many but the last, and one before trouble: what was read until then is told first.
    """
    held: list[Element] = []
    async with aclosing(pages):
        try:
            async for elements, place in pages:
                held += elements
                if len(held) >= least or place is None:
                    yield held, place
                    held = []
        except SourceTrouble:
            if held:
                yield held, place
            raise


async def one_ahead(stream: Stream[Element]) -> Stream[Element]:
    """The same elements in the same order, each made while the one before is used."""
    async with aclosing(side_by_side([stream], at_once=1)) as elements:
        async for _, element in elements:
            yield element


async def side_by_side(streams: Sequence[Stream[Element]], *, at_once: int) -> Stream[tuple[int, Element]]:
    """The elements of several streams as they come, each with its stream's index; of one stream in its own order.

    `at_once` streams are read at a time, each one element ahead of the user. When a stream fails or the user stops
    early, what is under way is awaited and not cancelled (see `http`), and every stream is closed.
    """
    waiting = list(range(len(streams)))[::-1]
    coming: dict[asyncio.Task[tuple[Element] | None], int] = {}
    try:
        while coming or waiting:
            while waiting and len(coming) < at_once:
                index = waiting.pop()
                coming[asyncio.create_task(_next(streams[index]))] = index
            done, _ = await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=coming.__getitem__):
                index = coming.pop(task)
                element = task.result()
                if element is not None:
                    coming[asyncio.create_task(_next(streams[index]))] = index
                    yield index, element[0]
    finally:
        if coming:
            await asyncio.wait(coming)
        for task in coming:
            task.exception()  # seen by nobody else when the user stopped early
        for stream in streams:
            await stream.aclose()


async def _next(stream: Stream[Element]) -> tuple[Element] | None:
    try:
        return (await anext(stream),)
    except StopAsyncIteration:
        return None
