"""The worker's part: what came is applied within seconds, over trouble, kills and several workers; nothing is lost."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from remit.domain.arrivals import Waiting
from remit.domain.errors import Broken, Limited, Rejected, SourceTrouble, Unavailable
from remit.domain.ids import SourceName
from remit_integrations.applying import NOT_SHOWN, WAITS_S
from remit_integrations.inbox import KEPT_FOR
from support.applying import SOON, Working, a_worker, keys, told
from support.desks import JIRA, NOW
from support.memory_inbox import Kept, MemoryInbox


@pytest.fixture
async def working() -> Working:
    return await a_worker()


async def test_what_came_is_read_by_id_and_done_with(working: Working) -> None:
    working.shown.issues = {"1": "SHOP-1", "2": "SHOP-2"}
    await working.inbox.put([told("a", "1"), told("b", "2"), told("c", "1"), told("d")])
    logs = await working.until(lambda: working.done("a", "b", "c", "d"))
    assert await keys(working.desk, ["1", "2"]) == {"SHOP-1", "SHOP-2"}
    assert working.shown.asked == [("1", "2")]
    assert logs.count("inbox.applied") == 1


async def test_nobody_is_asked_while_nothing_came(working: Working) -> None:
    looked = 0

    def often() -> bool:
        nonlocal looked
        looked += 1
        return looked > 20

    await working.until(often)
    assert working.shown.opened == 0


async def test_one_connection_serves_what_comes_one_after_another(working: Working) -> None:
    working.shown.issues = {"1": "SHOP-1"}
    await working.inbox.put([told("a", "1")])

    def more() -> bool:
        if working.done("a") and (JIRA, "b") not in working.inbox.kept:
            working.inbox.kept[JIRA, "b"] = Kept(Waiting("b", told("b", "1").hint, 0, NOW), NOW)
        return (JIRA, "b") in working.inbox.kept and working.done("b")

    await working.until(more)
    assert (working.shown.opened, working.shown.asked) == (1, [("1",), ("1",)])


@pytest.mark.parametrize(
    "trouble",
    [Unavailable("down"), Limited("slow down", retry_after_s=SOON), Unavailable("down", retry_after_s=SOON)],
    ids=["down", "limited", "told when"],
)
async def test_trouble_of_the_source_loses_nothing(working: Working, trouble: SourceTrouble) -> None:
    working.shown.issues = {"1": "SHOP-1"}
    working.shown.troubles = [trouble]
    await working.inbox.put([told("a", "1")])
    if trouble.facts or isinstance(trouble, Limited):
        logs = await working.until(lambda: working.done("a"))
        assert await keys(working.desk, ["1"]) == {"SHOP-1"}
    else:
        logs = await working.until(lambda: not working.shown.troubles)
    assert logs.count("inbox.waits") == 1
    assert working.inbox.kept[JIRA, "a"].waiting.tries == 0


async def test_what_is_not_shown_yet_is_tried_again_later(working: Working) -> None:
    await working.inbox.put([told("a", "1")])
    await working.until(lambda: working.inbox.kept[JIRA, "a"].waiting.tries == 1)
    kept = working.inbox.kept[JIRA, "a"]
    assert (kept.due_at, kept.reason) == (NOW + timedelta(seconds=WAITS_S[0]), NOT_SHOWN)
    working.shown.issues = {"1": "SHOP-1"}
    working.clock.goes_on(seconds=WAITS_S[0])
    working.stop.clear()
    await working.until(lambda: working.done("a"))
    assert await keys(working.desk, ["1"]) == {"SHOP-1"}


async def test_one_that_is_never_shown_is_asked_for_as_often_as_there_are_waits(working: Working) -> None:
    await working.inbox.put([told("a", "1")])

    def later() -> bool:
        working.clock.goes_on(seconds=WAITS_S[-1])
        return working.done("a")

    await working.until(later)
    assert len(working.shown.asked) == len(WAITS_S) + 1


async def test_two_workers_never_apply_the_same_sources_deliveries_at_once(working: Working) -> None:
    working.shown.issues = {str(n): f"SHOP-{n}" for n in range(1, 9)}
    await working.inbox.put([told(str(n), str(n)) for n in range(1, 9)])
    await working.until(lambda: working.done(*map(str, range(1, 9))), workers=3)
    assert working.shown.most_at_once == 1
    assert working.shown.asked == [tuple(map(str, range(1, 9)))]


async def test_what_is_under_way_when_told_to_stop_is_ended(working: Working) -> None:
    working.shown.issues = {"1": "SHOP-1"}
    working.shown.before = working.stop.set
    await working.inbox.put([told("a", "1")])
    await working.until(lambda: working.done("a"))
    assert await keys(working.desk, ["1"]) == {"SHOP-1"}


async def test_a_worker_that_is_cut_down_leaves_everything_to_the_next(working: Working) -> None:
    working.shown.issues = {"1": "SHOP-1"}
    await working.inbox.put([told("a", "1")])
    cut = asyncio.create_task(working.worker().run([working.shown.source()]))
    working.shown.before = lambda: cut.cancel() and None
    await asyncio.wait([cut])
    assert not working.done("a")
    working.shown.before = lambda: None
    await working.until(lambda: working.done("a"))
    assert await keys(working.desk, ["1"]) == {"SHOP-1"}


async def test_names_are_read_again_when_they_may_have_changed_and_not_for_each_delivery(working: Working) -> None:
    await working.inbox.put([told("a", renames=True), told("b", renames=True)])
    await working.until(lambda: working.done("a", "b"))
    assert working.shown.named == 1


async def test_a_database_that_is_away_is_waited_for(working: Working) -> None:
    class Away(MemoryInbox):
        def due(self, source: SourceName, most: int):  # type: ignore[no-untyped-def]
            raise Broken("the database is away")

        async def sweep(self, before: object) -> int:
            raise Broken("the database is away")

    working.inbox = Away(working.clock)
    looked = 0

    def often() -> bool:
        nonlocal looked
        looked += 1
        return looked > 3

    logs = await working.until(often)
    assert sorted(logs) == ["inbox.not_swept", "inbox.waits"]


async def test_what_is_done_with_for_a_week_is_forgotten(working: Working) -> None:
    await working.inbox.put([told("a"), told("b")])
    async with working.inbox.due(JIRA, 10) as batch:
        await batch.applied(["a"])
    working.clock.goes_on(days=KEPT_FOR.days, seconds=1)
    await working.until(lambda: (JIRA, "a") not in working.inbox.kept and working.done("b"))
    assert [id_ for _, id_ in working.inbox.kept] == ["b"]


async def test_a_refused_account_is_left_alone_for_longer(working: Working) -> None:
    working.shown.troubles = [Rejected("the token is dead")]
    await working.inbox.put([told("a", "1")])
    with capture_logs() as logs:
        running = asyncio.create_task(working.worker().run([working.shown.source()]))
        while not any(one["event"] == "inbox.waits" for one in logs):  # noqa: ASYNC110 - whatever comes first
            await asyncio.sleep(SOON)
        working.stop.set()
        await running
    (waits,) = [one for one in logs if one["event"] == "inbox.waits"]
    assert (waits["code"], waits["wait_s"], waits["trouble"]) == ("SOURCE_REJECTED", 60.0, "the token is dead")
