"""What every mirror promises about records that are gone, in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import Gone, Lapse, Loss, Parked
from remit.ports import Counts, Intake, MirrorStore, SourceState
from remit.storage.mirror import PostgresMirror
from support.counting import count_statements
from support.desks import JIRA, NOW, a_page, an_issue
from support.memory_mirror import MemoryMirror

HOUR = timedelta(hours=1)
ONE, TWO = an_issue("SHOP-1"), an_issue("SHOP-2")


def a_loss(*ids: str, at: int = 1, how: Loss = Loss.NOT_VISIBLE, **said: object) -> Intake:
    """A page that tells of records that are gone since so many hours from now."""
    gone = tuple(Gone(JIRA, id_, NOW + at * HOUR, how) for id_ in ids)
    return replace(a_page(), gone=gone, seen=frozenset(ids), **said)


class GoneContract:
    async def test_what_is_gone_is_held_with_the_instant_and_no_longer_present(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(ONE, TWO))
        await mirror.take(a_loss(ONE.id))
        held = await mirror.by_ids(JIRA, [ONE.id, TWO.id])
        assert {id_: (one.item, one.gone_at) for id_, one in held.items()} == {
            ONE.id: (ONE, NOW + HOUR),
            TWO.id: (TWO, None),
        }
        assert await mirror.present(JIRA) == {TWO.id}
        assert await mirror.counts() == {JIRA: Counts(records=1)}

    async def test_present_are_those_of_one_source(self, mirror: MirrorStore) -> None:
        other = replace(ONE, source=SourceName("other"))
        await mirror.take(a_page(ONE, TWO))
        await mirror.take(replace(a_page(other), source=SourceName("other")))
        assert await mirror.present(JIRA) == {ONE.id, TWO.id}
        assert await mirror.present(SourceName("other")) == {ONE.id}
        assert await mirror.present(SourceName("third")) == frozenset()

    async def test_what_another_source_lost_stays(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(ONE))
        await mirror.take(replace(a_loss(ONE.id), source=SourceName("other")))
        assert await mirror.present(JIRA) == {ONE.id}

    async def test_what_is_gone_stays_gone_since_it_was_first_told(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(ONE))
        await mirror.take(a_loss(ONE.id))
        await mirror.take(a_loss(ONE.id, at=5))
        assert (await mirror.by_ids(JIRA, [ONE.id]))[ONE.id].gone_at == NOW + HOUR

    async def test_what_was_never_there_is_not_made(self, mirror: MirrorStore) -> None:
        await mirror.take(a_loss("404"))
        assert (await mirror.by_ids(JIRA, ["404"]), await mirror.present(JIRA)) == ({}, frozenset())

    @pytest.mark.parametrize("hours", [-1, 0, 1])
    async def test_what_appears_again_is_present_again_whatever_its_version(
        self, mirror: MirrorStore, hours: int
    ) -> None:
        again = replace(ONE, updated=ONE.updated + hours * HOUR, summary="again")
        await mirror.take(a_page(ONE))
        await mirror.take(a_loss(ONE.id))
        await mirror.take(a_page(again, at=NOW + 2 * HOUR, asked_at=NOW + HOUR))
        (found,) = (await mirror.by_ids(JIRA, [ONE.id])).values()
        assert (found.item, found.gone_at, found.gone_how, found.first_seen) == (again, None, None, NOW)

    async def test_when_it_was_gone_and_came_back_is_kept(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(ONE, TWO))
        for at, how in ((1, Loss.NOT_VISIBLE), (4, Loss.LEFT_OUT), (6, Loss.DELETED)):
            await mirror.take(a_loss(ONE.id, at=at, how=how))
            await mirror.take(a_page(ONE, TWO, at=NOW + (at + 1) * HOUR, asked_at=NOW + at * HOUR + HOUR * (at != 6)))
        one, two = await mirror.histories([ONE.key, TWO.key])
        assert (one.item, two.item) == (ONE, TWO)
        assert two.lapses == ()
        assert one.lapses == (  # the third time it was back within the same instant
            Lapse(NOW + HOUR, NOW + 2 * HOUR, Loss.NOT_VISIBLE),
            Lapse(NOW + 4 * HOUR, NOW + 5 * HOUR, Loss.LEFT_OUT),
        )

    @pytest.mark.parametrize("asked_at", [None, NOW + HOUR - timedelta(microseconds=1)])
    async def test_what_a_search_shows_or_was_asked_for_before_it_went_stays_gone(
        self, mirror: MirrorStore, asked_at: datetime | None
    ) -> None:
        again = replace(ONE, updated=ONE.updated + HOUR, summary="again")
        await mirror.take(a_page(ONE))
        await mirror.take(a_loss(ONE.id))
        await mirror.take(a_page(again, at=NOW + 2 * HOUR, asked_at=asked_at))
        (found,) = (await mirror.by_ids(JIRA, [ONE.id])).values()
        assert (found.item, found.gone_at, found.gone_how) == (ONE, NOW + HOUR, Loss.NOT_VISIBLE)

    @pytest.mark.parametrize("how", Loss)
    async def test_what_is_gone_is_gone_as_it_was_told(self, mirror: MirrorStore, how: Loss) -> None:
        await mirror.take(a_page(ONE))
        await mirror.take(a_loss(ONE.id, how=how))
        assert (await mirror.by_ids(JIRA, [ONE.id]))[ONE.id].gone_how is how

    @pytest.mark.parametrize("first", [Loss.NOT_VISIBLE, Loss.LEFT_OUT])
    async def test_that_it_is_deleted_may_be_told_later_and_is_not_taken_back(
        self, mirror: MirrorStore, first: Loss
    ) -> None:
        await mirror.take(a_page(ONE))
        for at, how in enumerate((first, Loss.DELETED, first), start=1):
            await mirror.take(a_loss(ONE.id, at=at, how=how))
        found = (await mirror.by_ids(JIRA, [ONE.id]))[ONE.id]
        assert (found.gone_at, found.gone_how) == (NOW + HOUR, Loss.DELETED)

    async def test_a_page_without_a_cursor_leaves_the_place_where_it_is(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(ONE))
        await mirror.take(a_page(TWO, cursor=None))
        assert [state.cursor for state in await mirror.sources()] == [b"a cursor"]

    async def test_what_was_parked_of_it_is_done_with(self, mirror: MirrorStore) -> None:
        parked = tuple(Parked(JIRA, id_, "no status", b"{}") for id_ in (f"{ONE.id}/changelog/7", "9"))
        await mirror.take(a_page(ONE, parked=parked))
        await mirror.take(a_loss(ONE.id))
        assert await mirror.counts() == {JIRA: Counts(records=0, parked=1)}

    async def test_a_page_of_losses_raises_watermarks_and_keeps_the_place(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(ONE))
        await mirror.take(a_loss(ONE.id, touched={AreaKey("shop"): 1}, cursor=b"further"))
        assert await mirror.watermarks([AreaKey("shop")]) == {AreaKey("shop"): 1}
        assert await mirror.sources() == (SourceState(JIRA, b"further", None, NOW),)


class TestInMemory(GoneContract):
    @pytest.fixture
    def mirror(self) -> MirrorStore:
        return MemoryMirror()


class TestInPostgres(GoneContract):
    @pytest.fixture
    def mirror(self, engine: AsyncEngine) -> MirrorStore:
        return PostgresMirror(engine)

    async def test_any_number_is_marked_in_one_statement_and_told_in_one(
        self, mirror: MirrorStore, engine: AsyncEngine
    ) -> None:
        many = [an_issue(f"SHOP-{number}") for number in range(300)]
        await mirror.take(a_page(*many))
        with count_statements(engine) as marking:
            await mirror.take(a_loss(*(item.id for item in many[:250])))
        with count_statements(engine) as telling:
            assert await mirror.present(JIRA) == {item.id for item in many[250:]}
        assert len([statement for statement in marking if "backlog_item" in statement]) == 1
        assert len([statement for statement in telling if "backlog_item" in statement]) == 1

    async def test_marks_a_batch_wholly_or_not_at_all(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(ONE, TWO))
        with pytest.raises(IntegrityError):
            await mirror.take(a_loss(ONE.id, TWO.id, touched={AreaKey("shop"): -1}))
        assert await mirror.present(JIRA) == {ONE.id, TWO.id}
