"""What fails in a way nobody foresaw is parked after its tries; it ends no worker and holds up nothing else."""

import pytest

from remit_integrations.applying import WAITS_S
from support.applying import Working, a_worker, keys, told


@pytest.fixture
async def working() -> Working:
    return await a_worker()


async def test_a_delivery_that_fails_for_a_reason_nobody_foresaw_is_parked_and_the_others_go_on(
    working: Working,
) -> None:
    def fail_for_the_second() -> None:
        if "2" in working.shown.asked[-1]:
            raise KeyError("fields")

    working.shown.issues = {"1": "SHOP-1", "2": "SHOP-2", "3": "SHOP-3"}
    working.shown.before = fail_for_the_second
    await working.inbox.put([told("a", "1"), told("b", "2"), told("c", "3")])

    def later() -> bool:
        working.clock.goes_on(seconds=WAITS_S[-1])
        return not any(one.due_at for one in working.inbox.kept.values())

    await working.until(later)
    (aside,) = await working.inbox.asides()
    tries = sum(asked == ("2",) for asked in working.shown.asked)
    assert (aside.waiting.id, aside.waiting.tries, tries) == ("b", len(WAITS_S), len(WAITS_S) + 1)
    assert aside.reason == "applying it failed each time (KeyError); report what the log says, then replay it"
    assert await keys(working.desk, ["1", "2", "3"]) == {"SHOP-1", "SHOP-3"}
    await working.inbox.put([told("d", "1")])
    working.stop.clear()
    await working.until(lambda: working.done("a", "c", "d"))


async def test_names_that_fail_for_a_reason_nobody_foresaw_hold_up_nothing_else(working: Working) -> None:
    def fail() -> None:
        raise KeyError("name")

    working.shown.issues = {"1": "SHOP-1"}
    working.shown.names = fail
    await working.inbox.put([told("a", "1"), told("b", renames=True)])

    def later() -> bool:
        working.clock.goes_on(seconds=WAITS_S[-1])
        return not any(one.due_at for one in working.inbox.kept.values())

    await working.until(later)
    assert [one.waiting.id for one in await working.inbox.asides()] == ["b"]
    assert working.done("a")


async def test_a_worker_outlives_what_nobody_foresaw_and_tells_it(working: Working) -> None:
    working.shown.issues = {"1": "SHOP-1"}
    working.shown.troubles = [KeyError("accountId")]
    await working.inbox.put([told("a", "1")])
    logs = await working.until(lambda: not working.shown.troubles)
    assert logs == ["worker.unforeseen"]
    working.stop.clear()
    await working.until(lambda: working.done("a"))
