"""What deliveries come to: records read again by id, each once, whatever order they came in; nothing is lost."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from remit.domain.arrivals import Hint, Waiting
from remit.domain.errors import Rejected, Unavailable
from remit.domain.records import Loss
from remit.ports import Intake
from remit.usecases.desk import Desk
from remit_integrations.applying import NOT_SHOWN, STILL_SHOWN, WAITS_S, Applied, apply
from remit_integrations.standins.jira.faults import Fault
from support.desks import JIRA, NOW, AClock, a_desk
from support.jira_site import BY_ID, MYSELF, Served, a_record, a_site, answering, many, served
from support.memory_mirror import MemoryMirror

OFTEN = len(WAITS_S)


def told(id_: str, *concerns: str, tries: int = 0, deleted: tuple[str, ...] = (), **said: Any) -> Waiting:
    return Waiting(id_, Hint("jira:issue_updated", concerns, deleted, **said), tries, NOW)


class Choosy(MemoryMirror):
    """A mirror that nothing of one record can be written to, for a reason nobody foresaw."""

    refuses: str | None = None

    async def take(self, intake: Intake) -> None:
        if self.refuses in intake.seen:
            raise ValueError("of a kind that nobody has met")
        await super().take(intake)


@dataclass(frozen=True, slots=True)
class World:
    """A desk that has read a site of sixty issues, and the site."""

    desk: Desk
    jira: Served
    clock: AClock
    mirror: Choosy

    async def applied(self, *waiting: Waiting) -> Applied:
        async with self.jira.feed() as feed:
            return await apply(self.desk, JIRA, feed, waiting)

    async def summary(self, id_: str) -> str | None:
        found = await self.desk.mirror.by_ids(JIRA, [id_])
        return found[id_].item.summary if id_ in found else None

    async def loss(self, id_: str) -> Loss | None:
        return (await self.desk.mirror.by_ids(JIRA, [id_]))[id_].gone_how

    def edit(self, id_: str, **said: Any) -> None:
        self.clock.goes_on(seconds=1)
        self.jira.site.edit(id_, **said)

    def asked(self, call: str = BY_ID) -> int:
        return self.jira.site.calls.count(call)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = AClock()
    mirror = Choosy()
    desk = await a_desk(model=None, clock=clock, mirror=mirror, synchronised=False)
    async with served(a_site(*many(60), clock=clock)) as jira:
        await jira.synchronised(desk)
        clock.goes_on(minutes=1)
        jira.site.calls.clear()
        yield World(desk, jira, clock, mirror)


async def test_many_deliveries_of_an_issue_are_one_reading(world: World) -> None:
    world.edit("10001", summary="changed")
    came = await world.applied(*(told(str(n), "10001") for n in range(300)), told("b", "10002", "10001"))
    assert came == Applied(done={*map(str, range(300)), "b"}, read=2, changed=1)
    assert (world.asked(), await world.summary("10001")) == (1, "changed")


async def test_a_delivery_that_concerns_nothing_is_done_with_and_nobody_is_asked(world: World) -> None:
    assert await world.applied(told("a")) == Applied(done={"a"})
    assert world.asked() == 0


async def test_what_is_deleted_is_so_at_once_and_says_how(world: World) -> None:
    world.jira.site.delete("10001")
    came = await world.applied(told("a", "10001", deleted=("10001",)))
    assert came == Applied(done={"a"}, gone=1)
    assert await world.loss("10001") is Loss.DELETED


async def test_it_is_deleted_though_the_source_cannot_be_asked(world: World) -> None:
    world.jira.site.delete("10001")
    world.jira.site.faults.next(BY_ID, Fault(500), times=10)
    with pytest.raises(Unavailable):
        await world.applied(told("a", "10001", deleted=("10001",)))
    assert await world.loss("10001") is Loss.DELETED


async def test_what_was_told_to_be_deleted_and_is_still_shown_is_there_and_asked_for_again(world: World) -> None:
    asking = told("a", "10001", deleted=("10001",), at=NOW - timedelta(minutes=1))
    came = await world.applied(asking)
    assert (came.done, came.again) == (set(), {"a": STILL_SHOWN})
    assert await world.loss("10001") is None
    assert (await world.applied(told("a", "10001", deleted=("10001",), tries=OFTEN))).done == {"a"}
    assert await world.loss("10001") is None


async def test_what_is_hidden_is_not_visible_and_not_deleted(world: World) -> None:
    world.jira.site.hide("10001")
    assert await world.applied(told("a", "10001")) == Applied(done={"a"}, gone=1)
    assert await world.loss("10001") is Loss.NOT_VISIBLE


async def test_a_new_issue_that_is_not_shown_yet_is_asked_for_until_it_is(world: World) -> None:
    assert await world.applied(told("a", "10099"), told("b", "10001")) == Applied(
        done={"b"}, again={"a": NOT_SHOWN}, read=1
    )
    world.jira.site.load([*many(60), a_record(99)])
    assert await world.applied(told("a", "10099", tries=1)) == Applied(done={"a"}, read=1, changed=1)
    assert await world.summary("10099") == "Issue 99"


async def test_one_that_is_never_shown_is_given_up(world: World) -> None:
    assert await world.applied(told("a", "10099", tries=OFTEN)) == Applied(done={"a"})
    assert await world.summary("10099") is None


async def test_a_created_issue_that_was_deleted_meanwhile_is_done_with(world: World) -> None:
    came = await world.applied(told("a", "10099"), told("b", "10099", deleted=("10099",)))
    assert came.done == {"a", "b"}


async def test_an_account_whose_token_died_marks_nothing_as_gone(world: World) -> None:
    world.jira.site.faults.next(BY_ID, answering({"issues": [], "issueErrors": []}))
    world.jira.site.faults.next(MYSELF, Fault(401), after=1)
    with pytest.raises(Rejected):
        await world.applied(told("a", "10001"))
    assert await world.loss("10001") is None


async def test_very_many_that_vanish_at_once_are_left_to_the_census(world: World) -> None:
    for id_ in list(world.jira.site.issues):
        world.jira.site.hide(id_)
    came = await world.applied(*(told(str(n), str(10_000 + n)) for n in range(1, 61)))
    assert (len(came.done), came.gone) == (60, 0)
    assert len(await world.desk.mirror.present(JIRA)) == 60


async def test_only_the_delivery_whose_request_is_refused_is_put_aside(world: World) -> None:
    refused = answering({"errorMessages": ["the id is no id"]}, status=400)
    world.jira.site.faults.next(BY_ID, refused, times=3)
    came = await world.applied(*(told(str(n), str(10_001 + n)) for n in range(4)))
    assert list(came.aside) == ["0"]
    assert came.done == {"1", "2", "3"}
    assert "the id is no id" in came.aside["0"]


async def test_what_nobody_foresaw_is_traced_to_its_record_and_the_others_are_read(world: World) -> None:
    for number in range(10_001, 10_041):
        world.edit(str(number), summary="changed")
    world.mirror.refuses = "10007"
    others = [told(f"other {number}", str(number)) for number in range(10_001, 10_041) if number != 10_007]
    alike = [told(f"bad {number}", "10007") for number in range(20)]
    with capture_logs() as logs:
        came = await world.applied(*others, *alike)
    reason = "applying it failed (ValueError); the log says more"
    assert came == Applied(
        done={one.id for one in others}, again={one.id: reason for one in alike}, read=39, changed=39
    )
    assert world.asked() <= 2 * 6 + 1, "halved as often as it takes to find one of forty"
    (logged,) = [one for one in logs if one["event"] == "inbox.unforeseen"]
    assert logged["deliveries"] == [one.id for one in alike]


async def test_after_the_last_try_it_waits_for_a_person_with_the_reason(world: World) -> None:
    world.mirror.refuses = "10007"
    came = await world.applied(told("bad", "10007", tries=OFTEN), told("good", "10001", tries=OFTEN))
    assert came.done == {"good"}
    assert came.aside == {"bad": "applying it failed each time (ValueError); report what the log says, then replay it"}


async def test_a_record_that_cannot_be_read_is_parked_and_the_delivery_is_done_with(world: World) -> None:
    broken = {"issues": [{"id": "10001", "key": "SHOP-1", "fields": {"created": "whenever"}}]}
    world.jira.site.faults.next(BY_ID, answering(broken))
    assert (await world.applied(told("a", "10001"))).done == {"a"}
    assert (await world.desk.mirror.counts())[JIRA].parked == 1
    assert (await world.applied(told("b", "10001"))).done == {"b"}
    assert (await world.desk.mirror.counts())[JIRA].parked == 0


async def test_order_and_repetition_make_no_difference(world: World) -> None:
    world.edit("10001", summary="first")
    world.edit("10001", summary="second")
    world.jira.site.delete("10002")
    late = [told("c", "10002", deleted=("10002",)), told("b", "10001"), told("a", "10002"), told("a", "10001")]
    for waiting in (late, late[::-1], late):
        await world.applied(*waiting)
    assert (await world.summary("10001"), await world.loss("10002")) == ("second", Loss.DELETED)
