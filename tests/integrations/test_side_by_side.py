"""Streams read side by side come whole, each in its order, and nothing is cancelled when somebody stops."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from remit_integrations.ahead import side_by_side


class Spring:
    """A stream that notes what was asked of it, and fails when it comes to `fails_at`."""

    def __init__(self, name: str, length: int, fails_at: int | None = None) -> None:
        self.name, self.length, self.fails_at = name, length, fails_at
        self.made: list[str] = []
        self.closed = False

    async def stream(self) -> AsyncGenerator[str, None]:
        try:
            for number in range(self.length):
                await asyncio.sleep(0)
                if number == self.fails_at:
                    raise ConnectionError(self.name)
                self.made.append(f"{self.name}{number}")
                yield self.made[-1]
        finally:
            self.closed = True


async def test_several_streams_come_whole_each_in_its_own_order() -> None:
    springs = [Spring(name, length) for name, length in (("a", 3), ("b", 0), ("c", 7), ("d", 1))]
    found: dict[int, list[str]] = {}
    async for index, element in side_by_side([spring.stream() for spring in springs], at_once=2):
        found.setdefault(index, []).append(element)
    assert found == {0: ["a0", "a1", "a2"], 2: [f"c{n}" for n in range(7)], 3: ["d0"]}
    assert all(spring.closed for spring in springs if spring.made)


async def test_no_more_streams_are_begun_than_allowed_at_once() -> None:
    springs = [Spring(name, 3) for name in "abcd"]
    async with aclosing(side_by_side([spring.stream() for spring in springs], at_once=2)) as elements:
        await anext(elements)
        assert [bool(spring.made) for spring in springs] == [True, True, False, False]


async def test_when_one_stream_fails_the_others_are_let_finish_their_step_and_are_closed() -> None:
    steady, failing = Spring("a", 5), Spring("b", 5, fails_at=0)
    with pytest.raises(ConnectionError, match="b"):
        async for _ in side_by_side([steady.stream(), failing.stream()], at_once=2):
            pass
    assert steady.closed
    assert failing.closed


async def test_stopping_early_waits_for_the_step_under_way_and_cancels_nothing() -> None:
    reached: list[str] = []

    async def slow() -> AsyncGenerator[int, None]:
        yield 1
        try:
            await asyncio.sleep(0.01)
            reached.append("the end of the step")
            yield 2
        except asyncio.CancelledError:
            reached.append("cancelled")
            raise

    async with aclosing(side_by_side([slow()], at_once=1)) as elements:
        assert await anext(elements) == (0, 1)
    assert reached == ["the end of the step"]
