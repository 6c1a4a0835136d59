"""What leases promise: one holder per source at a time, over processes, and none after its holder has ended."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Broken
from remit.domain.ids import SourceName
from remit.ports import Leases
from remit.storage.engine import connect, reading
from remit.storage.leases import PostgresLeases
from support.desks import JIRA
from support.memory_mirror import MemoryLeases


class LeasesContract:
    async def test_a_free_lease_is_given(self, leases: Leases) -> None:
        async with leases.lease(JIRA) as free:
            assert free

    async def test_a_held_lease_is_not_given_again(self, leases: Leases) -> None:
        async with leases.lease(JIRA), leases.lease(JIRA) as second:
            assert not second

    async def test_who_did_not_get_it_does_not_end_it(self, leases: Leases) -> None:
        async with leases.lease(JIRA):
            async with leases.lease(JIRA):
                pass
            async with leases.lease(JIRA) as third:
                assert not third

    async def test_other_sources_are_free(self, leases: Leases) -> None:
        async with leases.lease(JIRA), leases.lease(SourceName("forum")) as free:
            assert free

    async def test_it_is_free_after_the_block(self, leases: Leases) -> None:
        async with leases.lease(JIRA):
            pass
        async with leases.lease(JIRA) as free:
            assert free

    async def test_it_is_free_after_an_error_which_is_told_as_it_was(self, leases: Leases) -> None:
        trouble = OSError("the source is down")

        async def work() -> None:
            async with leases.lease(JIRA):
                raise trouble

        with pytest.raises(OSError, match="the source is down") as caught:
            await work()
        assert caught.value is trouble
        async with leases.lease(JIRA) as free:
            assert free

    async def test_it_is_free_after_the_work_is_cancelled(self, leases: Leases) -> None:
        begun = asyncio.Event()

        async def work() -> None:
            async with leases.lease(JIRA):
                begun.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        async with leases.lease(JIRA) as free:
            assert free


class TestInMemory(LeasesContract):
    @pytest.fixture
    def leases(self) -> Leases:
        return MemoryLeases()


class TestInPostgres(LeasesContract):
    @pytest.fixture
    def leases(self, engine: AsyncEngine) -> Leases:
        return PostgresLeases(engine)

    async def test_it_holds_over_engines(self, leases: Leases, database: str) -> None:
        other = connect(database)
        async with leases.lease(JIRA), PostgresLeases(other).lease(JIRA) as second:
            assert not second
        await other.dispose()

    async def test_a_lost_session_is_told(self, leases: Leases, engine: AsyncEngine) -> None:
        async def work() -> None:
            async with leases.lease(JIRA):
                await cut_other_sessions(engine)

        with pytest.raises(Broken, match="the lease on jira was lost while it was being read"):
            await work()
        async with leases.lease(JIRA) as free:
            assert free

    async def test_a_lost_session_is_noticed_at_once_by_who_asks(self, leases: Leases, engine: AsyncEngine) -> None:
        async def work() -> None:
            async with leases.lease(JIRA) as held:
                assert held is not None
                await held.still()
                await cut_other_sessions(engine)
                with pytest.raises(Broken, match="the lease on jira was lost"):
                    await held.still()
                raise OSError("the lease is over")

        with pytest.raises(OSError, match="the lease is over"):
            await work()

    async def test_a_lost_session_does_not_hide_what_went_wrong_inside(
        self, leases: Leases, engine: AsyncEngine
    ) -> None:
        async def work() -> None:
            async with leases.lease(JIRA):
                await cut_other_sessions(engine)
                raise OSError("the source is down")

        with pytest.raises(OSError, match="the source is down"):
            await work()

    async def test_it_is_free_after_its_holder_is_killed(self, leases: Leases, database: str) -> None:
        holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, database, stdout=PIPE)
        try:
            assert holder.stdout is not None
            assert await holder.stdout.readline() == b"True\n"
            async with leases.lease(JIRA) as free:
                assert not free
        finally:
            holder.kill()
            await holder.communicate()
        await until_free(leases)


async def cut_other_sessions(engine: AsyncEngine) -> None:
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    async with reading(engine) as connection:
        await connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))


async def until_free(leases: Leases) -> None:
    """Fails by the suite's time-out when that never comes."""
    while True:
        async with leases.lease(JIRA) as free:
            if free:
                return


HOLDER = """
import asyncio, sys
from remit.storage.engine import connect
from remit.storage.leases import PostgresLeases

async def hold():
    async with PostgresLeases(connect(sys.argv[1])).lease("jira") as free:
        print(free is not None, flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""
