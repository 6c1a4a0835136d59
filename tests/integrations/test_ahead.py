"""Working one step ahead changes neither what comes nor in what order, and leaves nothing behind."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from remit.domain.errors import Unavailable
from remit_integrations.ahead import gathered, one_ahead


async def counted(made: list[int], until: int, fails_at: int | None = None) -> AsyncGenerator[int, None]:
    for number in range(until):
        if number == fails_at:
            raise ValueError(number)
        made.append(number)
        yield number


async def test_the_same_elements_in_the_same_order() -> None:
    assert [number async for number in one_ahead(counted([], 5))] == [0, 1, 2, 3, 4]
    assert [number async for number in one_ahead(counted([], 0))] == []


async def test_the_next_is_made_while_one_is_used_but_not_the_one_after() -> None:
    made: list[int] = []
    async with aclosing(one_ahead(counted(made, 5))) as numbers:
        assert await anext(numbers) == 0
        for _ in range(10):
            await asyncio.sleep(0)
        assert made == [0, 1]


async def test_a_failure_comes_after_what_came_before_it() -> None:
    numbers = one_ahead(counted([], 5, fails_at=2))
    assert [await anext(numbers), await anext(numbers)] == [0, 1]
    with pytest.raises(ValueError, match="2"):
        await anext(numbers)


async def test_stopping_early_awaits_what_is_under_way_then_closes_and_cancels_nothing() -> None:
    release, finished = asyncio.Event(), []

    async def slow() -> AsyncGenerator[int, None]:
        try:
            yield 0
            await release.wait()
            finished.append("whole")
            yield 1
        finally:
            finished.append("closed")

    numbers = one_ahead(slow())
    assert await anext(numbers) == 0
    closing = asyncio.ensure_future(numbers.aclose())
    for _ in range(5):
        await asyncio.sleep(0)
    release.set()
    await closing
    assert finished == ["whole", "closed"]


async def test_a_failure_of_what_nobody_waits_for_any_more_is_not_lost_noise() -> None:
    numbers = one_ahead(counted([], 5, fails_at=1))
    assert await anext(numbers) == 0
    await numbers.aclose()


async def pages(*sizes: int) -> AsyncGenerator[tuple[list[int], str | None], None]:
    """Pages of so many, each with the place after it; none after the last."""
    for number, size in enumerate(sizes, 1):
        yield [number] * size, str(number) if number < len(sizes) else None


async def test_gathered_pages_hold_the_same_in_order_each_with_the_place_after_its_last() -> None:
    told = [page async for page in gathered(pages(2, 1, 0, 3, 1), 3)]
    assert told == [([1, 1, 2], "2"), ([4, 4, 4], "4"), ([5], None)]


async def test_the_last_of_gathered_pages_is_told_although_it_is_empty() -> None:
    assert [page async for page in gathered(pages(3, 0), 3)] == [([1, 1, 1], "1"), ([], None)]


async def test_gathered_pages_tell_what_was_read_before_trouble() -> None:
    async def failing() -> AsyncGenerator[tuple[list[int], str | None], None]:
        async for page in pages(2, 2, 2):
            yield page
            if page[1] == "2":
                raise Unavailable("down")

    told = gathered(failing(), 5)
    assert await anext(told) == ([1, 1, 2, 2], "2")
    with pytest.raises(Unavailable, match="down"):
        await anext(told)
