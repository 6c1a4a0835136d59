"""What every store of days promises, in memory and in PostgreSQL."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.days import AreaDay, KeptDay, PersonDay
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Reading, Verdict
from remit.ports.days import DayStore
from remit.storage.days import PostgresDays
from remit.storage.engine import reading, writing
from support.counting import count_statements
from support.desks import NOW
from support.memory_days import MemoryDays

SHOP, PAY = AreaKey("shop"), AreaKey("pay")
ANA, PAT = OwnerKey("ana"), OwnerKey("pat")
MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (16, 17, 18))
NAMES = ("open_items", "cycle_time_p85")
LOADED = PersonDay(PAT, 12.5, 10.0, 1.25, 0.5, Verdict.OVERLOADED, 7)
IDLE = PersonDay(ANA, 0.0, None, None, None, Verdict.UNKNOWN, 0)


def a_day(day: date = MONDAY, *degraded: str, measured_at: datetime = NOW) -> KeptDay:
    ended_at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return KeptDay(day, ended_at, measured_at, NOW - timedelta(minutes=5), degraded)


def an_area(area: AreaKey, open_items: int, *, with_below: bool = False) -> AreaDay:
    return AreaDay(area, with_below, (Reading(open_items, open_items), Reading(None, 0)))


class DaysContract:
    async def test_a_day_is_told_as_it_was_kept(self, days: DayStore) -> None:
        kept = a_day(MONDAY, "jira")
        await days.keep(kept, NAMES, [an_area(SHOP, 3)], [LOADED, IDLE])
        assert await days.kept(MONDAY) == {MONDAY: kept}
        told = await days.of_areas([(SHOP, False)], NAMES, MONDAY, MONDAY)
        assert told == {(SHOP, False): ((kept, (Reading(3, 3), Reading(None, 0))),)}
        people = await days.of_people([ANA, PAT], MONDAY, MONDAY)
        assert people == {ANA: ((kept, IDLE),), PAT: ((kept, LOADED),)}

    async def test_days_that_were_not_kept_are_absent(self, days: DayStore) -> None:
        for day, count in ((WEDNESDAY, 5), (MONDAY, 3)):
            await days.keep(a_day(day), NAMES, [an_area(SHOP, count)], [LOADED])
        told = (await days.of_areas([(SHOP, False)], ["open_items"], MONDAY, WEDNESDAY))[SHOP, False]
        assert [(kept.day, readings) for kept, readings in told] == [
            (MONDAY, (Reading(3, 3),)), (WEDNESDAY, (Reading(5, 5),)),
        ]  # fmt: skip
        people = (await days.of_people([PAT], MONDAY, WEDNESDAY))[PAT]
        assert [kept.day for kept, _ in people] == [MONDAY, WEDNESDAY]
        assert set(await days.kept(TUESDAY)) == {WEDNESDAY}

    async def test_who_and_what_was_not_there_has_no_day(self, days: DayStore) -> None:
        await days.keep(a_day(), NAMES, [an_area(SHOP, 3)], [LOADED])
        assert await days.of_areas([(PAY, False), (PAY, True)], NAMES, MONDAY, MONDAY) == {
            (PAY, False): (), (PAY, True): (),
        }  # fmt: skip
        assert await days.of_people([ANA], MONDAY, MONDAY) == {ANA: ()}

    async def test_only_the_days_asked_for_are_told(self, days: DayStore) -> None:
        for day in (MONDAY, TUESDAY, WEDNESDAY):
            await days.keep(a_day(day), NAMES, [an_area(SHOP, 3)], [LOADED])
        told = await days.of_areas([(SHOP, False)], NAMES, TUESDAY, TUESDAY)
        assert [kept.day for kept, _ in told[SHOP, False]] == [TUESDAY]
        people = await days.of_people([PAT], TUESDAY, TUESDAY)
        assert [kept.day for kept, _ in people[PAT]] == [TUESDAY]

    async def test_with_everything_below_an_area_without_any_is_what_it_is_alone(self, days: DayStore) -> None:
        await days.keep(a_day(MONDAY), NAMES, [an_area(SHOP, 3)], [])
        await days.keep(a_day(TUESDAY), NAMES, [an_area(SHOP, 4), an_area(SHOP, 9, with_below=True)], [])
        asked = [(SHOP, True), (SHOP, False)]
        told = await days.of_areas(asked, ["open_items"], MONDAY, TUESDAY)
        assert {place: [readings for _, readings in row] for place, row in told.items()} == {
            (SHOP, True): [(Reading(3, 3),), (Reading(9, 9),)],
            (SHOP, False): [(Reading(3, 3),), (Reading(4, 4),)],
        }

    async def test_a_catalogue_that_gains_a_signal_moves_no_value_onto_another_name(self, days: DayStore) -> None:
        await days.keep(
            a_day(MONDAY), ("wip", "arrivals"), [AreaDay(SHOP, False, (Reading(1, 10), Reading(2, 20)))], []
        )
        later = AreaDay(SHOP, False, (Reading(5, 50), Reading(3, 30), Reading(4, 40)))
        await days.keep(a_day(TUESDAY), ("open_items", "wip", "arrivals"), [later], [])
        told = await days.of_areas([(SHOP, False)], ("arrivals", "open_items", "wip"), MONDAY, TUESDAY)
        assert [readings for _, readings in told[SHOP, False]] == [
            (Reading(2, 20), None, Reading(1, 10)), (Reading(4, 40), Reading(5, 50), Reading(3, 30)),
        ]  # fmt: skip

    async def test_a_day_kept_again_is_all_there_is_of_it(self, days: DayStore) -> None:
        await days.keep(a_day(MONDAY, "jira"), NAMES, [an_area(SHOP, 3), an_area(PAY, 1)], [LOADED, IDLE])
        anew = a_day(MONDAY, measured_at=NOW + timedelta(hours=1))
        await days.keep(anew, NAMES, [an_area(SHOP, 4)], [LOADED])
        assert await days.kept(MONDAY) == {MONDAY: anew}
        told = await days.of_areas([(SHOP, False), (PAY, False)], ["open_items"], MONDAY, MONDAY)
        assert told == {(SHOP, False): ((anew, (Reading(4, 4),)),), (PAY, False): ()}
        assert await days.of_people([ANA, PAT], MONDAY, MONDAY) == {ANA: (), PAT: ((anew, LOADED),)}

    async def test_the_last_day_is_told(self, days: DayStore) -> None:
        assert await days.latest() is None
        for day in (TUESDAY, MONDAY):
            await days.keep(a_day(day), NAMES, [], [])
        assert await days.latest() == a_day(TUESDAY)

    async def test_days_are_forgotten_from_the_first_on_and_no_others(self, days: DayStore) -> None:
        for day in (WEDNESDAY, MONDAY, TUESDAY):
            await days.keep(a_day(day), NAMES, [an_area(SHOP, 3)], [LOADED])
        assert [await days.forget(WEDNESDAY) for _ in range(3)] == [MONDAY, TUESDAY, None]
        assert set(await days.kept(MONDAY)) == {WEDNESDAY}
        told = await days.of_areas([(SHOP, False)], NAMES, MONDAY, WEDNESDAY)
        assert [kept.day for kept, _ in told[SHOP, False]] == [WEDNESDAY]
        assert [kept.day for kept, _ in (await days.of_people([PAT], MONDAY, WEDNESDAY))[PAT]] == [WEDNESDAY]


class TestInMemory(DaysContract):
    @pytest.fixture
    def days(self) -> DayStore:
        return MemoryDays()


class TestInPostgres(DaysContract):
    @pytest.fixture
    def days(self, engine: AsyncEngine) -> DayStore:
        return PostgresDays(engine)

    async def test_many_areas_and_people_are_one_statement_each(self, days: DayStore, engine: AsyncEngine) -> None:
        await days.keep(a_day(), NAMES, [an_area(SHOP, 3)], [LOADED])
        with count_statements(engine) as statements:
            await days.of_areas([(AreaKey(f"area-{n}"), n % 2 == 0) for n in range(200)], NAMES, MONDAY, WEDNESDAY)
            await days.of_people([OwnerKey(f"person-{n}") for n in range(200)], MONDAY, WEDNESDAY)
        assert len(statements) == 2

    async def test_a_day_that_cannot_be_written_whole_is_left_as_it_was(
        self, days: DayStore, engine: AsyncEngine
    ) -> None:
        await days.keep(a_day(), NAMES, [an_area(SHOP, 3)], [LOADED])
        twice = [an_area(PAY, 1), an_area(PAY, 2)]
        with pytest.raises(DBAPIError, match="second time"):
            await days.keep(a_day(MONDAY, "jira"), NAMES, twice, [IDLE])
        assert await days.kept(MONDAY) == {MONDAY: a_day()}
        assert await rows(engine) == (1, 1, 1)

    async def test_whoever_is_cut_off_while_writing_a_day_leaves_nothing_of_it(
        self, days: DayStore, engine: AsyncEngine
    ) -> None:
        """Somebody else holds a row of the people, so that the writing stands after that of the areas."""
        await days.keep(a_day(TUESDAY), NAMES, [], [])
        async with writing(engine) as holding:
            await holding.execute(text("LOCK TABLE person_day IN EXCLUSIVE MODE"))
            writer = asyncio.create_task(days.keep(a_day(MONDAY), NAMES, [an_area(SHOP, 3)], [LOADED]))
            async with asyncio.timeout(30):
                waits = False
                while not waits:
                    await asyncio.sleep(0.01)
                    waits = (await holding.execute(WAITING)).scalar_one()
            writer.cancel()
            with pytest.raises(asyncio.CancelledError):
                await writer
        assert set(await days.kept(MONDAY)) == {TUESDAY}
        assert await rows(engine) == (1, 0, 0)

    async def test_two_who_write_the_same_day_leave_what_one_of_them_wrote(
        self, days: DayStore, engine: AsyncEngine
    ) -> None:
        first = days.keep(a_day(MONDAY, "jira"), NAMES, [an_area(SHOP, 1), an_area(PAY, 1)], [LOADED, IDLE])
        second = days.keep(a_day(MONDAY), NAMES, [an_area(SHOP, 2)], [LOADED])
        await asyncio.gather(first, second)
        kept = (await days.kept(MONDAY))[MONDAY]
        assert await rows(engine) == ((1, 2, 2) if kept.degraded else (1, 1, 1))


WAITING = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")


async def rows(engine: AsyncEngine) -> tuple[int, ...]:
    async with reading(engine) as connection:
        counted = [
            (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
            for table in ("kept_day", "area_day", "person_day")
        ]
    return tuple(counted)
