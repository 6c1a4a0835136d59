"""Answers kept in this process: bounded, and in front of a slower cache."""

from collections.abc import Mapping, Sequence

from remit.cache.memory import MemoryAnswers
from remit.domain.answers import Outcome, Ownership
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.ports import CellKey

UNOWNED = (Ownership(None, ResponsibilityKey("innovation"), Outcome.UNOWNED),)


class Asked(MemoryAnswers):
    """A cache that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[CellKey]] = []

    async def get(self, keys: Sequence[CellKey]) -> Mapping[CellKey, tuple[Ownership, ...]]:
        self.asked.append(list(keys))
        return await super().get(keys)


def a_key(area: str) -> CellKey:
    return CellKey(AreaKey(area), "a-digest", "-", 0)


async def test_the_longest_unused_leaves_first() -> None:
    kept = MemoryAnswers(size=2)
    await kept.put({a_key("a"): UNOWNED, a_key("b"): UNOWNED})
    await kept.get([a_key("a")])
    await kept.put({a_key("c"): UNOWNED})
    assert set(await kept.get([a_key(area) for area in "abc"])) == {a_key("a"), a_key("c")}


async def test_putting_again_counts_as_use() -> None:
    kept = MemoryAnswers(size=2)
    await kept.put({a_key("a"): UNOWNED, a_key("b"): UNOWNED})
    await kept.put({a_key("a"): UNOWNED})
    await kept.put({a_key("c"): UNOWNED})
    assert set(await kept.get([a_key(area) for area in "abc"])) == {a_key("a"), a_key("c")}


async def test_more_at_once_than_fit_are_all_answered_and_some_kept() -> None:
    behind = Asked()
    many = {a_key(str(number)): UNOWNED for number in range(5)}
    await behind.put(many)
    front = MemoryAnswers(behind, size=3)
    assert await front.get(list(many)) == many
    assert await front.get(list(many)) == many
    assert [len(keys) for keys in behind.asked] == [5, 2]


async def test_what_is_in_front_is_not_asked_for_behind() -> None:
    behind = Asked()
    front = MemoryAnswers(behind)
    await front.put({a_key("a"): UNOWNED})
    assert await front.get([a_key("a")]) == {a_key("a"): UNOWNED}
    assert behind.asked == []


async def test_what_is_fetched_from_behind_is_kept_in_front() -> None:
    behind = Asked()
    await behind.put({a_key("a"): UNOWNED})
    front = MemoryAnswers(behind)
    await front.get([a_key("a"), a_key("b")])
    await front.get([a_key("a")])
    assert behind.asked == [[a_key("a"), a_key("b")]]


async def test_without_room_nothing_is_kept() -> None:
    kept = MemoryAnswers(size=0)
    await kept.put({a_key("a"): UNOWNED})
    assert await kept.get([a_key("a")]) == {}
