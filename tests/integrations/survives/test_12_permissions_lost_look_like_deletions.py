"""12. The account loses a permission, and issues are absent just as if they were deleted.

The mistake: to throw them away, or to say that they are deleted.
"""

from remit.domain.answers import Outcome, Reason
from remit.domain.records import Loss
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import JIRA, AClock, a_desk
from support.jira_site import a_site, many, served
from support.memory_mirror import MemoryMirror


async def outcome(desk: Desk, key: str) -> tuple[Outcome, Reason]:
    cell = (await issue_ownership(desk, await snapshot(desk, Moment()), [key]))[key].ownership[0]
    return cell.outcome, cell.trace[0].reason


async def test_an_issue_hidden_from_the_account_is_not_visible_and_is_back_with_its_past() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(100), clock=clock)) as jira:
        await jira.synchronised(desk)
        before = (await mirror.by_ids(JIRA, ["10007"]))["10007"]
        jira.site.hide("10007")
        clock.goes_on(days=1)
        await jira.synchronised(desk)
        hidden = (await mirror.by_ids(JIRA, ["10007"]))["10007"]
        assert (hidden.item, hidden.gone_how) == (before.item, Loss.NOT_VISIBLE)
        assert await outcome(desk, "SHOP-7") == (Outcome.UNKNOWN, Reason.NOT_VISIBLE)
        jira.site.hide("10007", hidden=False)
        clock.goes_on(days=1)
        await jira.synchronised(desk)
    assert (await mirror.by_ids(JIRA, ["10007"]))["10007"] == before
    assert (await outcome(desk, "SHOP-7"))[0] is not Outcome.UNKNOWN


async def test_when_most_of_a_site_vanishes_at_once_nothing_is_marked_and_the_source_is_in_doubt() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(200), clock=clock)) as jira:
        await jira.synchronised(desk)
        for number in range(1, 101):
            jira.site.hide(str(10_000 + number))
        clock.goes_on(days=1)
        done = await jira.synchronised(desk)
        assert done.gone == 0
        assert done.doubt is not None
        assert "check the permissions of the account" in done.doubt
        assert len(await mirror.present(JIRA)) == 200
