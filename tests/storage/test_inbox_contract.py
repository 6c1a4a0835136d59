"""What an inbox promises: each delivery once, to one worker at a time, and none is lost before it is done with."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.arrivals import Arrival, Hint, Waiting
from remit.domain.ids import SourceName
from remit.ports import Inbox
from remit.storage.engine import connect, reading
from remit.storage.inbox import PostgresInbox
from remit.storage.tables import inbox as table
from support.desks import JIRA, NOW, AClock
from support.memory_inbox import MemoryInbox

UPDATED = Hint("jira:issue_updated", ("10001",), at=NOW)
DELETED = Hint("jira:issue_deleted", ("10002",), ("10002",), renames=True)


def an_arrival(id_: str, hint: Hint = UPDATED, source: SourceName = JIRA) -> Arrival:
    return Arrival(source, id_, hint, b'{"id": "%s"}' % id_.encode())


async def due(inbox: Inbox, most: int = 10) -> tuple[Waiting, ...]:
    async with inbox.due(JIRA, most) as batch:
        return tuple(batch.waiting)


class InboxContract:
    async def test_what_is_put_is_due_at_once_in_the_order_it_came(self, inbox: Inbox) -> None:
        assert await inbox.put([an_arrival("a", UPDATED)]) == 1
        assert await inbox.put([an_arrival("b", DELETED)]) == 1
        assert [(one.id, one.hint, one.tries) for one in await due(inbox)] == [("a", UPDATED, 0), ("b", DELETED, 0)]
        assert [one.id for one in await due(inbox, most=1)] == ["a"]

    async def test_one_that_is_sent_again_is_kept_once_waiting_or_done(self, inbox: Inbox) -> None:
        assert await inbox.put([an_arrival("a"), an_arrival("a"), an_arrival("b")]) == 2
        assert await inbox.put([an_arrival("a", DELETED)]) == 0
        async with inbox.due(JIRA, 10) as batch:
            assert {one.id: one.hint for one in batch.waiting} == {"a": UPDATED, "b": UPDATED}
            await batch.applied(["a"])
        assert await inbox.put([an_arrival("a"), an_arrival("c")]) == 1
        assert {one.id for one in await due(inbox)} == {"b", "c"}

    async def test_nothing_is_put_where_nothing_came(self, inbox: Inbox) -> None:
        assert await inbox.put([]) == 0

    async def test_the_same_id_of_another_source_is_another(self, inbox: Inbox) -> None:
        other = SourceName("forum")
        assert await inbox.put([an_arrival("a"), an_arrival("a", source=other)]) == 2
        async with inbox.due(JIRA, 10) as batch:
            await batch.applied(["a"])
        async with inbox.due(other, 10) as batch:
            assert [one.id for one in batch.waiting] == ["a"]

    async def test_one_holder_at_a_time_gets_those_of_a_source(self, inbox: Inbox) -> None:
        other = SourceName("forum")
        await inbox.put([an_arrival("a"), an_arrival("b", source=other)])
        async with inbox.due(JIRA, 10) as first, inbox.due(JIRA, 10) as second, inbox.due(other, 10) as elsewhere:
            assert [[one.id for one in batch.waiting] for batch in (first, second, elsewhere)] == [["a"], [], ["b"]]
        assert [one.id for one in await due(inbox)] == ["a"]

    async def test_what_was_not_done_when_the_block_failed_is_due_again(self, inbox: Inbox) -> None:
        await inbox.put([an_arrival("a"), an_arrival("b")])

        async def fail() -> None:
            async with inbox.due(JIRA, 10) as batch:
                await batch.applied(["a"])
                raise OSError("the source is down")

        with pytest.raises(OSError, match="the source is down"):
            await fail()
        assert [one.id for one in await due(inbox)] == ["b"]

    async def test_what_is_to_be_tried_again_is_not_due_before_its_time(self, inbox: Inbox) -> None:
        await inbox.put([an_arrival("a"), an_arrival("b")])
        async with inbox.due(JIRA, 10) as batch:
            await batch.again(["a"], "not visible yet", 600)
            await batch.again(["b"], "not visible yet", 0)
        assert [(one.id, one.tries) for one in await due(inbox)] == [("b", 1)]

    async def test_what_is_put_aside_waits_for_a_person_until_it_is_settled(self, inbox: Inbox) -> None:
        await inbox.put([an_arrival("a"), an_arrival("b", DELETED)])
        async with inbox.due(JIRA, 10) as batch:
            await batch.aside(["b"], "it is refused")
        assert [one.id for one in await due(inbox)] == ["a"]
        (aside,) = await inbox.asides()
        assert (aside.source, aside.waiting.id, aside.waiting.hint) == (JIRA, "b", DELETED)
        assert aside.reason == "it is refused"
        await inbox.settled(JIRA, ["b"])
        assert await inbox.asides() == []
        assert [one.id for one in await due(inbox)] == ["a"]

    async def test_only_what_is_done_with_for_long_is_forgotten(self, inbox: Inbox) -> None:
        await inbox.put([an_arrival("a"), an_arrival("b"), an_arrival("c")])
        async with inbox.due(JIRA, 10) as batch:
            await batch.applied(["a"])
            await batch.aside(["b"], "it is refused")
        present = datetime.now(UTC)
        assert await inbox.sweep(NOW - timedelta(days=400)) == 0
        assert await inbox.sweep(max(present, NOW) + timedelta(days=1)) == 1
        assert [one.waiting.id for one in await inbox.asides()] == ["b"]
        assert await inbox.put([an_arrival("a"), an_arrival("b"), an_arrival("c")]) == 1


class TestInMemory(InboxContract):
    @pytest.fixture
    def inbox(self) -> Inbox:
        return MemoryInbox(AClock())


class TestInPostgres(InboxContract):
    @pytest.fixture
    def inbox(self, engine: AsyncEngine) -> Inbox:
        return PostgresInbox(engine)

    async def test_the_body_is_kept_as_it_came(self, inbox: Inbox, engine: AsyncEngine) -> None:
        body = bytes(range(256)) * 1000
        await inbox.put([Arrival(JIRA, "a", UPDATED, body)])
        async with reading(engine) as connection:
            assert (await connection.execute(select(table.c.body))).scalar_one() == body

    async def test_many_writers_of_the_same_keep_each_once(self, inbox: Inbox, database: str) -> None:
        other = connect(database)
        arrivals = [an_arrival(str(number)) for number in range(50)]
        boxes = [inbox, PostgresInbox(other)] * 4
        new = await asyncio.gather(*(box.put(arrivals if n % 2 else arrivals[::-1]) for n, box in enumerate(boxes)))
        await other.dispose()
        assert sum(new) == 50
        assert len(await due(inbox, most=100)) == 50

    async def test_two_processes_do_not_get_the_same(self, inbox: Inbox, database: str) -> None:
        await inbox.put([an_arrival("a")])
        other = connect(database)
        async with inbox.due(JIRA, 10) as mine, PostgresInbox(other).due(JIRA, 10) as theirs:
            assert (len(mine.waiting), len(theirs.waiting)) == (1, 0)
        await other.dispose()
