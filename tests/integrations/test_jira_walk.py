"""A list that is told by positions and shifts while it is read: what stands still is never missed."""

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from remit.domain.errors import Unavailable
from remit_integrations.jira.walk import Positions, walk

Change = Callable[["Shifting"], None]


@dataclass(slots=True)
class Shifting:
    """Issues as id to key, sorted by key; before each page that is asked for the next of `changes` happens."""

    keys: dict[int, int]
    size: int = 5
    changes: list[Change] = field(default_factory=list)
    total: int | None = None
    changed: set[int] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)

    async def page(self, start: int) -> Positions:
        if self.changes:
            self.changes.pop(0)(self)
        self.asked.append(start)
        found = sorted(self.keys.items(), key=lambda one: one[1])
        shown = [Raw(json.dumps({"id": str(id_), "key": f"A-{key}"}).encode()) for id_, key in found]
        total = len(found) if self.total is None else self.total
        return Positions(shown[start : start + self.size], total, self.size)

    def vanish(self, share: float, count: int = 1) -> None:
        for _ in range(min(count, len(self.keys))):
            id_ = sorted(self.keys)[int(share * (len(self.keys) - 1))]
            del self.keys[id_]
            self.changed.add(id_)

    def move(self, share: float, key: int) -> None:
        if self.keys and key not in self.keys.values():
            id_ = sorted(self.keys)[int(share * (len(self.keys) - 1))]
            self.keys[id_] = key
            self.changed.add(id_)

    def appear(self, key: int) -> None:
        if key not in self.keys.values():
            id_ = 10_000 + key
            self.keys[id_] = key
            self.changed.add(id_)


def listed(count: int, **settings: Any) -> Shifting:
    """Issues whose keys leave room between them."""
    return Shifting({number: number * 10 for number in range(count)}, **settings)


def read(shifting: Shifting, token: str | None = None, pages: int | None = None) -> tuple[list[int], str | None]:
    """The ids that a walk brings, and the token after so many pages."""

    async def walked() -> tuple[list[int], str | None]:
        found: list[int] = []
        pages_left = [None] * (pages or 1_000)
        last = token
        async with aclosing(walk(shifting.page, token)) as walking:
            async for issues, goes_on in walking:
                found += ids(issues)
                last = goes_on
                pages_left.pop()
                if not pages_left:
                    break
        return found, last

    return asyncio.run(walked())


def ids(issues: Sequence[Raw]) -> list[int]:
    return [int(json.loads(bytes(raw))["id"]) for raw in issues]


shares = st.floats(0, 1)
happenings = st.one_of(
    st.tuples(st.just("vanish"), st.tuples(shares, st.integers(1, 12))),
    st.tuples(st.just("move"), st.tuples(shares, st.integers(-50, 500))),
    st.tuples(st.just("appear"), st.tuples(st.integers(-50, 500))),
    st.tuples(st.just("vanish"), st.tuples(st.just(0.0), st.integers(1, 12))),
)


@given(st.integers(0, 45), st.integers(3, 8), st.lists(st.none() | happenings, max_size=12))
def test_whatever_stands_still_is_read_however_the_list_shifts(count: int, size: int, happens: list[Any]) -> None:
    changes = [
        (lambda shifting, one=one: getattr(shifting, one[0])(*one[1])) if one is not None else lambda shifting: None
        for one in happens
    ]
    shifting = listed(count, size=size, changes=changes)
    still = set(shifting.keys)
    found, last = read(shifting)
    assert last is None
    assert still - shifting.changed <= set(found)


@given(st.integers(2, 45), st.integers(3, 8), st.integers(1, 5), st.lists(happenings, max_size=4))
def test_so_it_is_when_the_walk_is_broken_off_and_goes_on_later(
    count: int, size: int, pages: int, happens: list[Any]
) -> None:
    shifting = listed(count, size=size)
    still = set(shifting.keys)
    found, token = read(shifting, pages=pages)
    for name, told in happens:
        getattr(shifting, name)(*told)
    rest = read(shifting, token)[0] if token is not None else []
    if token is not None:
        assert still - shifting.changed <= {*found, *rest}


def test_a_list_that_stands_still_is_read_once_with_an_overlap_of_one() -> None:
    shifting = listed(12)
    assert read(shifting) == (list(range(12)), None)
    assert shifting.asked == [0, 4, 8]


def test_the_anchor_is_looked_for_further_back_when_issues_before_it_are_gone() -> None:
    shifting = listed(30, changes=[lambda _: None, lambda _: None, lambda it: it.vanish(0, 3)])
    found, _ = read(shifting)
    assert found == list(range(30))
    assert shifting.asked[:4] == [0, 4, 8, 5]


def test_an_anchor_that_moved_to_another_project_is_none() -> None:
    """It is at the end of the list now; whoever went on from there would read nothing more."""
    shifting = listed(8, changes=[lambda _: None, lambda it: it.move(0.58, 999)])
    found, _ = read(shifting)
    assert (shifting.changed, set(found)) == ({4}, set(range(8)))


@pytest.mark.parametrize("token", ["dead", "null", '{"start":-1,"anchors":7}'])
def test_a_token_of_another_kind_begins_anew(token: str) -> None:
    assert read(listed(12), token)[0] == list(range(12))


def test_a_total_that_counts_more_than_is_shown_ends_all_the_same() -> None:
    """An index may hold issues that are not there; every position up to the total was asked for."""
    assert read(listed(12, total=14)) == (list(range(12)), None)


def test_a_list_that_never_ends_is_trouble() -> None:
    with pytest.raises(Unavailable, match="shifts too much to be read"):
        read(listed(12, total=1_000_000))


def test_a_list_that_shows_none_of_what_it_counts_is_trouble_not_an_empty_page() -> None:
    with pytest.raises(Unavailable, match="tells of 3 issues and shows none"):
        read(listed(0, total=3))


@pytest.mark.parametrize("page", [Positions(None, 3, 5), Positions([], None, 5)])
def test_an_answer_that_says_too_little_is_trouble(page: Positions) -> None:
    async def ask(start: int) -> Positions:
        return page

    async def walked() -> None:
        async for _ in walk(ask, None):
            pass

    with pytest.raises(Unavailable, match="has no issues, or not how many"):
        asyncio.run(walked())


def told(number: int) -> bytes:
    return b'{"id":"%d","key":"A-%d"}' % (number, number)


def read_raw(issues: Sequence[bytes], size: int) -> list[bytes]:
    async def ask(start: int) -> Positions:
        return Positions([Raw(raw) for raw in issues[start : start + size]], len(issues), size)

    async def walked() -> list[bytes]:
        return [bytes(raw) async for page, _ in walk(ask, None) for raw in page]

    return asyncio.run(walked())


def test_what_cannot_be_read_is_handed_on_and_is_no_anchor() -> None:
    """The last of the first page is none; the one before it is."""
    issues = [*map(told, range(7)), b"null", told(8), told(9)]
    assert read_raw(issues, 8) == [*issues[:8], b"null", *issues[8:]]


def test_pages_of_nothing_that_can_be_read_are_trouble_and_not_read_for_ever() -> None:
    with pytest.raises(Unavailable, match="shifts too much to be read"):
        read_raw([told(1), b"null", told(3)], 2)
