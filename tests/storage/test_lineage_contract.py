"""What every mirror promises about an item's ancestors: all of them, by the keys they have and had (R35)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.domain.records import DEEPEST
from remit.ports import MirrorStore
from remit.storage.mirror import PostgresMirror
from support.counting import count_statements
from support.desks import NOW, a_move, a_page, an_issue
from support.memory_mirror import MemoryMirror

DAY = timedelta(days=1)
EPIC = an_issue("SHOP-1", type="Epic")
STORY = an_issue("SHOP-2", parent="SHOP-1")
TASK = an_issue("SHOP-3", parent="SHOP-2")


async def lineage(mirror: MirrorStore, key: str) -> tuple[str, ...]:
    return (await mirror.by_keys([key]))[key].lineage


class LineageContract:
    async def test_goes_from_the_parent_up(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC, STORY, TASK))
        found = await mirror.by_keys(["SHOP-1", "SHOP-2", "SHOP-3"])
        assert {key: mirrored.lineage for key, mirrored in found.items()} == {
            "SHOP-1": (),
            "SHOP-2": ("SHOP-1",),
            "SHOP-3": ("SHOP-2", "SHOP-1"),
        }

    async def test_is_the_same_asked_by_id(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC, STORY, TASK))
        found = await mirror.by_ids(TASK.source, [TASK.id])
        assert found[TASK.id].lineage == ("SHOP-2", "SHOP-1")

    async def test_names_a_parent_that_was_never_read(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(STORY, TASK))
        assert await lineage(mirror, "SHOP-3") == ("SHOP-2", "SHOP-1")

    async def test_a_moved_epic_is_found_by_its_former_key_and_has_both(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC, STORY, TASK))
        await mirror.take(a_page(replace(EPIC, key="PAY-9", project="PAY", parent="PAY-8", updated=NOW)))
        assert await lineage(mirror, "SHOP-3") == ("SHOP-2", "SHOP-1", "PAY-9", "PAY-8")

    async def test_a_move_known_from_history_alone_counts_too(self, mirror: MirrorStore) -> None:
        moved = replace(EPIC, key="PAY-9")
        await mirror.take(a_page(moved, STORY, events=(a_move(EPIC.id, "SHOP-1", "PAY-9"),)))
        assert await lineage(mirror, "SHOP-2") == ("SHOP-1", "PAY-9")

    async def test_a_moved_epic_has_all_its_keys_whichever_its_child_tells(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC, replace(STORY, parent="PAY-9")))
        await mirror.take(a_page(replace(EPIC, key="MID-5", updated=NOW - DAY)))
        await mirror.take(a_page(replace(EPIC, key="PAY-9", updated=NOW)))
        assert await lineage(mirror, "SHOP-2") == ("PAY-9", "MID-5", "SHOP-1")
        assert (await mirror.by_keys(["PAY-9"]))["PAY-9"].former == ("MID-5", "SHOP-1")

    async def test_a_parent_of_another_source_is_no_ancestor(self, mirror: MirrorStore) -> None:
        other = replace(EPIC, source=SourceName("other"), parent="ELSE-1")
        await mirror.take(a_page(STORY))
        await mirror.take(replace(a_page(other), source=SourceName("other")))
        assert await lineage(mirror, "SHOP-2") == ("SHOP-1",)

    @pytest.mark.parametrize("parent", ["SHOP-1", "SHOP-2", "SHOP-3"])
    async def test_a_loop_ends_before_it_repeats(self, mirror: MirrorStore, parent: str) -> None:
        await mirror.take(a_page(replace(EPIC, parent=parent), STORY, TASK))
        assert await lineage(mirror, "SHOP-3") == ("SHOP-2", "SHOP-1")

    async def test_a_loop_through_a_former_key_ends_too(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC, STORY))
        await mirror.take(a_page(replace(EPIC, key="PAY-9", parent="SHOP-2", updated=NOW)))
        assert await lineage(mirror, "SHOP-2") == ("SHOP-1", "PAY-9")

    async def test_is_bounded(self, mirror: MirrorStore) -> None:
        chain = [an_issue(f"SHOP-{n}", parent=f"SHOP-{n + 1}") for n in range(DEEPEST + 10)]
        await mirror.take(a_page(*chain))
        assert await lineage(mirror, "SHOP-0") == tuple(f"SHOP-{n}" for n in range(1, DEEPEST + 1))


class TestInMemory(LineageContract):
    @pytest.fixture
    def mirror(self) -> MirrorStore:
        return MemoryMirror()


class TestInPostgres(LineageContract):
    @pytest.fixture
    def mirror(self, engine: AsyncEngine) -> MirrorStore:
        return PostgresMirror(engine)

    async def test_many_items_are_one_statement(self, mirror: MirrorStore, engine: AsyncEngine) -> None:
        chain = [an_issue(f"SHOP-{n}", parent=f"SHOP-{n + 1}") for n in range(200)]
        await mirror.take(a_page(*chain))
        with count_statements(engine) as statements:
            assert len(await mirror.by_keys([item.key for item in chain])) == 200
        assert len(statements) == 1
