"""What every mirror promises about histories: all changes, when each was first read, and those of all ever above."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.domain.records import BacklogEvent, History, SeenEvent
from remit.ports import MirrorStore
from remit.storage.mirror import PostgresMirror
from support.counting import count_statements
from support.desks import JIRA, NOW, a_move, a_page, an_issue
from support.memory_mirror import MemoryMirror

HOUR = timedelta(hours=1)
EPIC = an_issue("SHOP-1", type="Epic")
STORY = an_issue("SHOP-2", parent="SHOP-1")
TASK = an_issue("SHOP-3", parent="SHOP-2")
OTHER = an_issue("SHOP-9", type="Epic")
FULL = BacklogEvent(
    JIRA, STORY.id, "17", 3, NOW - HOUR, "Team", "an-account", "customfield_10001", "1", "Red", "2", "Blue"
)


def a_parent(item_id: str, change: str, **said: str) -> BacklogEvent:
    return BacklogEvent(JIRA, item_id, change, 0, NOW - 2 * HOUR, "Parent", **said)


async def reached(mirror: MirrorStore, *keys: str) -> list[str]:
    return sorted(history.item.key for history in await mirror.histories(keys))


class HistoriesContract:
    async def test_tell_the_item_all_its_keys_and_its_changes_oldest_first(self, mirror: MirrorStore) -> None:
        moved = a_move(STORY.id, "OLD-7", "SHOP-2", at=NOW - 2 * HOUR)
        await mirror.take(a_page(replace(STORY, parent=None), events=(FULL, moved)))
        assert await mirror.histories(["SHOP-2"]) == (
            History(
                replace(STORY, parent=None),
                ("OLD-7", "SHOP-2"),
                NOW,
                (SeenEvent(moved, NOW), SeenEvent(FULL, NOW)),
            ),
        )

    async def test_tell_when_a_version_that_is_dated_later_was_read(self, mirror: MirrorStore) -> None:
        told = []
        for version, hours in ((STORY, 0), (replace(STORY, updated=NOW + 9 * HOUR), 1), (STORY, 2)):
            await mirror.take(a_page(version, at=NOW + hours * HOUR))
            (history,) = await mirror.histories(["SHOP-2"])
            known = (await mirror.by_ids(JIRA, [STORY.id]))[STORY.id]
            told.append((history.read_at, known.read_at))
        assert told == [(None, None), (NOW + HOUR, NOW + HOUR), (NOW + HOUR, NOW + HOUR)]

    async def test_are_found_by_a_former_key(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(TASK, events=(a_move(TASK.id, "OLD-7", "SHOP-3"),)))
        assert await reached(mirror, "OLD-7") == ["SHOP-3"]

    async def test_lack_what_never_came(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(STORY))
        assert await mirror.histories(["SHOP-404", "", "\0", "\ud800"]) == ()
        assert await mirror.histories([]) == ()

    async def test_a_change_keeps_when_it_was_first_read(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(STORY, events=(FULL,)))
        later = replace(FULL, change_id="18")
        await mirror.take(a_page(STORY, events=(FULL, later), at=NOW + HOUR))
        (history,) = await mirror.histories(["SHOP-2"])
        assert [(seen.event.change_id, seen.seen_at) for seen in history.events] == [("17", NOW), ("18", NOW + HOUR)]
        assert history.first_seen == NOW

    async def test_bring_every_item_above(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC, STORY, TASK, OTHER, events=(FULL,)))
        found = {history.item.key: history.events for history in await mirror.histories(["SHOP-3"])}
        assert found == {"SHOP-1": (), "SHOP-2": (SeenEvent(FULL, NOW),), "SHOP-3": ()}

    @pytest.mark.parametrize(
        "said", [{"from_text": "SHOP-9"}, {"to_text": "SHOP-9"}, {"from_value": OTHER.id}, {"to_value": OTHER.id}]
    )
    async def test_bring_every_item_that_was_ever_above(self, mirror: MirrorStore, said: dict[str, str]) -> None:
        await mirror.take(a_page(EPIC, STORY, TASK, OTHER, events=(a_parent(STORY.id, "1", **said),)))
        assert await reached(mirror, "SHOP-3") == ["SHOP-1", "SHOP-2", "SHOP-3", "SHOP-9"]

    async def test_bring_a_parent_by_a_key_it_had(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(replace(EPIC, key="PAY-1"), STORY, events=(a_move(EPIC.id, "SHOP-1", "PAY-1"),)))
        assert await reached(mirror, "SHOP-2") == ["PAY-1", "SHOP-2"]

    async def test_of_another_field_nobody_is_above(self, mirror: MirrorStore) -> None:
        linked = replace(a_parent(TASK.id, "1", to_text="SHOP-9"), field="Link")
        await mirror.take(a_page(TASK, OTHER, events=(linked,)))
        assert await reached(mirror, "SHOP-3") == ["SHOP-3"]

    async def test_of_another_source_nobody_is_above(self, mirror: MirrorStore) -> None:
        other = SourceName("other")
        await mirror.take(a_page(STORY))
        await mirror.take(replace(a_page(replace(EPIC, source=other)), source=other))
        assert await reached(mirror, "SHOP-2") == ["SHOP-2"]

    async def test_a_loop_ends(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(replace(EPIC, parent="SHOP-2"), STORY))
        assert await reached(mirror, "SHOP-2") == ["SHOP-1", "SHOP-2"]


class TestInMemory(HistoriesContract):
    @pytest.fixture
    def mirror(self) -> MirrorStore:
        return MemoryMirror()


class TestInPostgres(HistoriesContract):
    @pytest.fixture
    def mirror(self, engine: AsyncEngine) -> MirrorStore:
        return PostgresMirror(engine)

    async def test_many_are_one_statement(self, mirror: MirrorStore, engine: AsyncEngine) -> None:
        chain = [an_issue(f"SHOP-{n}", parent=f"SHOP-{n + 1}") for n in range(200)]
        moves = tuple(a_move(item.id, f"OLD-{n}", item.key) for n, item in enumerate(chain))
        await mirror.take(a_page(*chain, events=moves))
        with count_statements(engine) as statements:
            assert len(await mirror.histories([item.key for item in chain])) == 200
        assert len(statements) == 1
