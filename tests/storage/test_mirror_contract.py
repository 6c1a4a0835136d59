"""What every mirror of the sources promises about records, in memory and in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import Parked, Pulled, Reference, StatusCategory
from remit.ports import Counts, MirrorStore
from remit.storage.mirror import PostgresMirror
from support.desks import JIRA, NOW, a_move, a_page, an_issue
from support.memory_mirror import MemoryMirror

HOUR = timedelta(hours=1)
FULL = an_issue(
    "SHOP-1",
    category=StatusCategory.DONE,
    resolved=NOW,
    priority="High",
    assignee="an-account",
    reporter="another-account",
    components=("Checkout", "Payment \N{EM DASH} new"),
    labels=("beta", 'with "quotes", commas and \\'),
    team=("17", "Team Ä"),
    summary="Line one\nline two\ttabbed, \N{SNOWMAN}",
)


def a_parked(id_: str, reason: str = "it has no summary") -> Parked:
    return Parked(JIRA, id_, reason, b'{"id": "%s"}' % id_.encode())


class MirrorContract:
    """The newest version of every record stays, under every key it ever had."""

    async def test_returns_an_item_with_everything_it_came_with(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(FULL))
        (found,) = (await mirror.by_keys(["SHOP-1"])).values()
        assert found.item == FULL
        assert (found.lineage, found.first_seen, found.gone_at) == ((), NOW, None)
        assert await mirror.by_ids(JIRA, [FULL.id]) == {FULL.id: found}

    async def test_lacks_what_never_came(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(FULL))
        assert await mirror.by_keys(["SHOP-2", "shop-1", "", "SHOP-\0", "\ud800"]) == {}
        assert await mirror.by_ids(SourceName("other"), [FULL.id]) == {}
        assert await mirror.by_keys([]) == {}

    async def test_a_newer_version_replaces_and_was_first_seen_with_the_first(self, mirror: MirrorStore) -> None:
        newer = replace(FULL, updated=FULL.updated + HOUR, summary="later")
        await mirror.take(a_page(FULL))
        await mirror.take(a_page(newer, at=NOW + HOUR))
        (found,) = (await mirror.by_keys(["SHOP-1"])).values()
        assert (found.item, found.first_seen) == (newer, NOW)

    async def test_an_older_version_never_replaces_a_newer_one(self, mirror: MirrorStore) -> None:
        older = replace(FULL, updated=FULL.updated - HOUR, summary="earlier")
        await mirror.take(a_page(FULL))
        await mirror.take(a_page(older))
        assert (await mirror.by_keys(["SHOP-1"]))["SHOP-1"].item == FULL

    async def test_the_same_page_twice_changes_nothing(self, mirror: MirrorStore) -> None:
        page = a_page(FULL, events=(a_move(FULL.id, "OLD-1", "SHOP-1"),), parked=(a_parked("9"),))
        await mirror.take(page)
        before = await state(mirror)
        await mirror.take(replace(page, at=NOW + HOUR))
        assert await state(mirror) == before

    async def test_a_moved_item_answers_to_all_its_keys(self, mirror: MirrorStore) -> None:
        moved = replace(FULL, key="PAY-7", project="PAY", updated=FULL.updated + HOUR)
        await mirror.take(a_page(FULL))
        await mirror.take(a_page(moved))
        found = await mirror.by_keys(["SHOP-1", "PAY-7"])
        assert {key: mirrored.item for key, mirrored in found.items()} == {"SHOP-1": moved, "PAY-7": moved}

    async def test_a_key_known_from_history_alone_leads_to_the_item(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(FULL, events=(a_move(FULL.id, "OLD-1", "SHOP-1"),)))
        assert (await mirror.by_keys(["OLD-1"]))["OLD-1"].item == FULL

    async def test_two_sources_may_use_the_same_ids(self, mirror: MirrorStore) -> None:
        other = replace(FULL, source=SourceName("other"), key="ELSE-1")
        await mirror.take(a_page(FULL))
        await mirror.take(replace(a_page(other), source=SourceName("other")))
        assert (await mirror.by_ids(JIRA, [FULL.id]))[FULL.id].item == FULL
        assert (await mirror.by_ids(SourceName("other"), [FULL.id]))[FULL.id].item == other

    async def test_of_two_sources_with_the_same_key_the_first_by_name_answers(self, mirror: MirrorStore) -> None:
        other = replace(FULL, source=SourceName("a-source"))
        await mirror.take(a_page(FULL))
        await mirror.take(replace(a_page(other), source=SourceName("a-source")))
        assert (await mirror.by_keys(["SHOP-1"]))["SHOP-1"].item == other

    async def test_watermarks_rise_by_what_they_are_told(self, mirror: MirrorStore) -> None:
        shop, pay = AreaKey("shop"), AreaKey("pay")
        await mirror.take(a_page(touched={shop: 2, pay: 1}))
        await mirror.take(a_page(touched={shop: 3}))
        assert await mirror.watermarks([shop, pay, AreaKey("quiet")]) == {shop: 5, pay: 1}
        assert await mirror.watermarks([]) == {}

    async def test_of_areas_that_have_changed_the_watermarks_of_their_bundles_are_told(
        self, mirror: MirrorStore
    ) -> None:
        areas = [AreaKey(f"area-{number}") for number in range(40)]
        await mirror.take(a_page(touched=dict.fromkeys(areas, 2)))
        all_of_them = await mirror.risen([0] * 8)
        assert {area: mark for bundle in all_of_them.values() for area, mark in bundle.items()} == dict.fromkeys(
            areas, 2
        )
        sums = [sum(all_of_them.get(number, {}).values()) for number in range(8)]
        assert await mirror.risen(sums) == {}
        (number,) = (number for number, bundle in all_of_them.items() if areas[7] in bundle)
        await mirror.take(a_page(touched={areas[7]: 1}))
        assert await mirror.risen(sums) == {number: {**all_of_them[number], areas[7]: 3}}

    async def test_a_sum_of_a_bundle_without_areas_is_corrected(self, mirror: MirrorStore) -> None:
        assert await mirror.risen([0, 5]) == {1: {}}

    async def test_counts_what_is_held_and_what_waits(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(FULL, an_issue("SHOP-2"), parked=(a_parked("9"),)))
        await mirror.take(replace(a_page(), source=SourceName("other"), parked=()))
        assert await mirror.counts() == {JIRA: Counts(records=2, parked=1)}

    async def test_what_can_be_read_again_waits_no_more(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(parked=(a_parked("9"), a_parked("10"))))
        await mirror.take(a_page(seen=frozenset({"9"})))
        assert await mirror.counts() == {JIRA: Counts(records=0, parked=1)}

    async def test_what_can_be_read_again_takes_its_parked_parts_along(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(parked=(a_parked("9/changelog/7"), a_parked("99/changelog/7"), a_parked("9-b"))))
        await mirror.take(a_page(seen=frozenset({"9"})))
        assert await mirror.counts() == {JIRA: Counts(records=0, parked=2)}

    async def test_what_a_page_parks_twice_waits_once(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(parked=(a_parked("9"), a_parked("9", "again"))))
        assert await mirror.counts() == {JIRA: Counts(records=0, parked=1)}

    async def test_a_custom_field_called_key_is_no_move(self, mirror: MirrorStore) -> None:
        event = replace(a_move(FULL.id, "OLD-1", "SHOP-1"), field_id="customfield_10001")
        await mirror.take(a_page(FULL, events=(event,)))
        assert await mirror.by_keys(["OLD-1"]) == {}

    async def test_what_two_pages_park_waits_once(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(parked=(a_parked("9"),)))
        await mirror.take(a_page(parked=(a_parked("9", "it has no status"),)))
        assert await mirror.counts() == {JIRA: Counts(records=0, parked=1)}

    async def test_an_empty_page_moves_the_cursor_alone(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(FULL))
        await mirror.take(a_page(cursor=b"further"))
        assert [one.cursor for one in await mirror.sources()] == [b"further"]
        assert await mirror.counts() == {JIRA: Counts(records=1)}

    async def test_takes_references_once_and_again(self, mirror: MirrorStore) -> None:
        references = [Reference(JIRA, "project", "10", name, b"{}", key="SHOP") for name in ("Shop", "Store")]
        await mirror.refer(JIRA, references[:1])
        await mirror.refer(JIRA, references[1:])
        await mirror.refer(JIRA, [])
        assert await mirror.sources() == ()

    async def test_many_records_at_once_are_all_there(self, mirror: MirrorStore) -> None:
        many = [an_issue(f"SHOP-{number}") for number in range(300)]
        await mirror.take(a_page(*many))
        found = await mirror.by_keys([item.key for item in many])
        assert [found[item.key].item for item in many] == many


async def state(mirror: MirrorStore) -> Sequence[object]:
    """What can be seen of a mirror, except when it was last tried."""
    keys = ["SHOP-1", "OLD-1", "PAY-7"]
    sources = [replace(source, last_attempt_at=None) for source in await mirror.sources()]
    return [await mirror.by_keys(keys), await mirror.counts(), await mirror.watermarks([AreaKey("shop")]), sources]


class TestInMemory(MirrorContract):
    @pytest.fixture
    def mirror(self) -> MirrorStore:
        return MemoryMirror()


class TestInPostgres(MirrorContract):
    @pytest.fixture
    def mirror(self, engine: AsyncEngine) -> MirrorStore:
        return PostgresMirror(engine)

    async def test_takes_a_page_wholly_or_not_at_all(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(FULL, cursor=b"here"))
        before = await state(mirror)
        later = replace(FULL, updated=FULL.updated + HOUR, key="PAY-7")
        page = a_page(later, events=(a_move(FULL.id, "OLD-1", "SHOP-1"),), parked=(a_parked("9"),), cursor=b"further")
        with pytest.raises(IntegrityError):
            await mirror.take(replace(page, touched={AreaKey("shop"): -1}))
        assert await state(mirror) == before

    async def test_keeps_the_bytes_as_they_came(self, mirror: MirrorStore, engine: AsyncEngine) -> None:
        raw = b'{"summary": "\\u0000", "other": "\xff"}'
        await mirror.take(replace(a_page(FULL), items=(Pulled(FULL, raw),)))
        async with engine.connect() as connection:
            assert (await connection.exec_driver_sql("SELECT raw FROM backlog_item")).scalar_one() == raw
