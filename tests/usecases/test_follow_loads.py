"""Whoever follows loads hears whose is another, and why; that the clock went on is no news."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.changes import Change, EndRow, SetAssignment, SetPerson
from remit.domain.errors import Broken
from remit.domain.facts import FactKind
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import LoadBrief, LoadShift, Verdict
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_load import loads
from remit.usecases.change_model import change_model
from remit.usecases.follow_loads import LoadFeed, News
from remit.usecases.snapshot import Moment, snapshot
from support.counting import count_statements
from support.desks import a_desk
from support.following import MODEL, Followed, followed

NEVER, ALWAYS = timedelta(days=99), timedelta(0)
PAT = OwnerKey("pat")
ZOE_TAKES_OVER = SetAssignment(area="checkout", responsibility="all", function="product_operations", owner="zoe")
PAT_NO_MORE = EndRow(kind=FactKind.ASSIGNMENT, key="checkout/all/product_operations/pat")


class Listener:
    """Follows from when it is made, and keeps what it hears."""

    def __init__(self, feed: LoadFeed, under: str | None) -> None:
        self._heard: asyncio.Queue[News] = asyncio.Queue()
        self.running = asyncio.create_task(self._listen(feed, AreaKey(under) if under else None))

    async def _listen(self, feed: LoadFeed, under: AreaKey | None) -> None:
        async for news in feed.news(under):
            self._heard.put_nowait(news)

    async def hears(self) -> News:
        async with asyncio.timeout(60):
            return await self._heard.get()

    @property
    def has_heard_nothing(self) -> bool:
        return self._heard.empty()

    async def hears_of(self) -> dict[str, LoadShift]:
        return {one.person: one for one in (await self.hears()).shifts}

    async def verdicts(self) -> dict[str, tuple[Verdict | None, Verdict | None]]:
        return {
            person: (one.before.verdict if one.before else None, one.after.verdict if one.after else None)
            for person, one in (await self.hears_of()).items()
        }


@asynccontextmanager
async def listening(
    here: Followed, *unders: str | None, anew_after: timedelta = NEVER
) -> AsyncIterator[Sequence[Listener]]:
    """Listeners who have had their first look."""
    feed = LoadFeed(here.desk, every_s=0.005, anew_after=anew_after)
    found = [Listener(feed, under) for under in unders or (None,)]
    await here.mirror.looked(2)
    try:
        yield found
    finally:
        for one in found:
            one.running.cancel()
        await asyncio.gather(*(one.running for one in found), return_exceptions=True)


async def changed(here: Followed, *changes: Change) -> None:
    await change_model(here.desk, changes, actor="ana", reason="a test")


async def brief(here: Followed, person: OwnerKey = PAT) -> LoadBrief:
    """What is told now of a person to whoever asks."""
    load = (await loads(here.desk, await snapshot(here.desk, Moment()), [person]))[person]
    return LoadBrief(load.verdict, load.demand_hours, load.capacity_hours, load.utilisation, load.operational_share)


async def test_a_record_that_comes_is_heard_of_those_whom_it_gives_work_as_loads_tell_it() -> None:
    here = await followed()
    before = await brief(here)
    async with listening(here) as (listener,):
        await here.came(100)
        news = await listener.hears()
    after = await brief(here)
    assert news.shifts == (LoadShift(PAT, before, after),)
    assert (before.verdict, after.verdict) == (Verdict.OK, Verdict.WATCH)
    assert news.found.load(PAT).demand_hours == after.demand_hours


async def test_of_a_record_that_gives_nobody_work_nothing_is_heard() -> None:
    here = await followed()
    async with listening(here) as (listener,):
        await here.came(5, component="Search")
        await here.mirror.looked(3)
        assert listener.has_heard_nothing
        await here.came()
        assert list(await listener.hears_of()) == ["pat"]


async def test_whoever_follows_an_area_hears_of_those_with_a_part_in_it_or_below_alone() -> None:
    here = await followed()
    async with listening(here, "billing", "shop", None) as (billing, shop, anybody):
        await here.came(project="BILL", component="Any")
        assert list(await anybody.hears_of()) == ["zoe"]
        assert list(await billing.hears_of()) == ["zoe"]
        await here.came()
        assert list(await anybody.hears_of()) == ["pat"]
        assert list(await shop.hears_of()) == ["pat"]


async def test_another_owner_is_heard_of_who_lost_the_work_and_of_who_has_it_now() -> None:
    here = await followed()
    async with listening(here, "checkout") as (listener,):
        await changed(here, PAT_NO_MORE, ZOE_TAKES_OVER)
        told = await listener.hears_of()
    assert list(told) == ["pat", "zoe"]
    lost, gained = told["pat"], told["zoe"]
    assert lost.after == LoadBrief(Verdict.OK, 0.0, 10.0, 0.0, None)
    assert lost.before is not None
    assert gained.before is not None
    assert gained.after is not None
    assert gained.after.demand_hours == (gained.before.demand_hours or 0) + (lost.before.demand_hours or 0)


async def test_somebody_new_and_somebody_who_is_no_more_are_heard_of() -> None:
    here = await followed()
    async with listening(here) as (listener,):
        await changed(here, SetPerson(key="kim", name="Kim", capacity_hours=8))
        assert await listener.verdicts() == {"kim": (None, Verdict.OK)}
        here.clock.goes_on(seconds=1)
        await changed(here, EndRow(kind=FactKind.PERSON, key="kim"))
        assert await listener.verdicts() == {"kim": (Verdict.OK, None)}


async def test_a_source_that_falls_behind_makes_loads_unknown_until_it_is_read_again() -> None:
    here = await followed()
    async with listening(here) as (listener,):
        here.clock.goes_on(minutes=16)
        assert await listener.verdicts() == {
            "ana": (Verdict.OK, Verdict.UNKNOWN), "pat": (Verdict.OK, Verdict.UNKNOWN),
        }  # fmt: skip
        await here.read()
        assert await listener.verdicts() == {
            "pat": (Verdict.UNKNOWN, Verdict.OK), "ana": (Verdict.UNKNOWN, Verdict.OK),
        }  # fmt: skip


async def test_that_the_clock_goes_on_is_no_news() -> None:
    here = await followed()
    before = await brief(here)
    async with listening(here, anew_after=ALWAYS) as (listener,):
        for _ in range(8):
            here.clock.goes_on(hours=1)
            await here.read()
            await here.mirror.looked(3)
        assert listener.has_heard_nothing
        assert (await brief(here)).demand_hours != before.demand_hours


async def test_a_verdict_that_becomes_another_by_the_clock_alone_is_news() -> None:
    here = await followed()
    noon = (await brief(here)).demand_hours
    here.clock.goes_on(hours=10)
    night = (await brief(here)).demand_hours
    assert noon is not None
    assert night is not None
    between = round((noon + night) / 2, 3)
    tight = await followed(MODEL.replace("capacity_hours: 10}", f"capacity_hours: {between}}}"))
    async with listening(tight, anew_after=ALWAYS) as (listener,):
        tight.clock.goes_on(hours=10)
        await tight.read()
        assert await listener.verdicts() == {"pat": (Verdict.OVERLOADED, Verdict.WATCH)}


async def test_with_a_day_that_begins_what_came_28_days_ago_is_asked_of_nobody_any_more() -> None:
    here = await followed()
    here.clock.goes_on(days=24, hours=11)  # the issues came on the first day of the window that ends now
    await here.read()
    async with listening(here) as (listener,):
        here.clock.goes_on(hours=2)
        await here.read()
        told = await listener.hears_of()
    before, after = told["pat"].before, told["pat"].after
    assert before is not None
    assert after is not None
    assert (list(told), (after.demand_hours or 0) < (before.demand_hours or 0)) == (["pat"], True)


async def test_however_many_follow_each_look_is_made_once_and_nothing_is_worked_out_while_nothing_changes() -> None:
    here = await followed()
    before = here.evidence.evaluations
    async with listening(here, None, "shop", "checkout") as listeners:
        await here.mirror.looked(5)
        assert here.evidence.evaluations == before + 1
        await here.came()
        for one in listeners:
            assert list(await one.hears_of()) == ["pat"]
        await here.mirror.looked(5)
    assert here.evidence.evaluations <= before + 3  # one for the record, and one if it came while that was read


async def test_nothing_is_under_way_once_nobody_follows_any_more() -> None:
    here = await followed()
    others = asyncio.all_tasks()
    following = LoadFeed(here.desk, every_s=0.005).news()
    first = asyncio.create_task(anext(following))
    await here.mirror.looked(2)
    await here.came()
    assert (await first).shifts
    await following.aclose()
    assert {task for task in asyncio.all_tasks() - others if not task.cancelling()} == set()


async def test_whoever_is_slow_hears_several_changes_as_one() -> None:
    here = await followed()
    feed, before = LoadFeed(here.desk, every_s=0.005), await brief(here)
    slow = feed.news()
    first = asyncio.create_task(anext(slow))
    await here.mirror.looked(2)
    await here.came()
    between = (await first).shifts[0].after
    for _ in range(3):
        await here.came(20)
        here.clock.goes_on(seconds=30)
    told = (await anext(slow)).shifts
    await slow.aclose()
    assert between != before
    assert told == (LoadShift(PAT, between, await brief(here)),)


async def test_trouble_is_raised_to_all_who_follow_and_whoever_comes_later_follows_on() -> None:
    here = await followed()
    async with listening(here, None, "shop") as listeners:
        here.mirror.trouble = Broken("the database does not answer")
        for one in listeners:
            async with asyncio.timeout(60):
                with pytest.raises(Broken):
                    await one.running
        here.mirror.trouble = None
    async with listening(here) as (listener,):
        await here.came()
        assert list(await listener.hears_of()) == ["pat"]


async def test_a_look_at_what_has_not_changed_costs_three_statements(engine: AsyncEngine) -> None:
    desk = await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    feed = LoadFeed(desk, every_s=0.0)
    first = await feed._latest()
    with count_statements(engine) as statements:
        again = await feed._latest()
    assert (again is first, len(statements)) == (True, 3)
