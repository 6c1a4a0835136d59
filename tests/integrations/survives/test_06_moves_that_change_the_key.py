"""6. An issue moves to another project: its key changes, its id stays.

The mistake: to take the key for the identity, which makes one issue two, the old one owned for ever.
"""

from collections.abc import Awaitable, Callable

import pytest

from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import take_records
from support.desks import JIRA, AClock, a_desk
from support.jira_site import Served, a_site, many, served
from support.memory_mirror import MemoryMirror

Read = Callable[[Served, Desk], Awaitable[None]]
PAY, WEB = ({"id": id_, "key": key, "name": key.title()} for id_, key in (("77", "PAY"), ("78", "WEB")))


async def keys(desk: Desk, *asked: str) -> dict[str, tuple[bool, str | None]]:
    answers = await issue_ownership(desk, await snapshot(desk, Moment()), asked)
    return {key: (answer.known, answer.current_key) for key, answer in answers.items()}


async def by_search(jira: Served, desk: Desk) -> None:
    await jira.synchronised(desk)


async def by_id(jira: Served, desk: Desk) -> None:
    """As after a webhook: the issue alone, by its id."""
    async with jira.feed() as feed:
        async for page in feed.confirmed(["10001"]):
            await take_records(desk, JIRA, page)


@pytest.mark.parametrize("read", [by_search, by_id])
async def test_every_key_an_issue_ever_had_leads_to_it_and_tells_the_present_one(read: Read) -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(2), clock=clock)) as jira:
        await jira.synchronised(desk)
        for key, project in (("PAY-7", PAY), ("WEB-3", WEB)):
            clock.goes_on(minutes=1)
            jira.site.move("10001", key, project)
        await read(jira, desk)
        found = await keys(desk, "SHOP-1", "PAY-7", "WEB-3", "SHOP-2", "PAY-8")
    here = (True, "WEB-3")
    assert found == {"SHOP-1": here, "PAY-7": here, "WEB-3": here, "SHOP-2": (True, "SHOP-2"), "PAY-8": (False, None)}
    assert await mirror.present(JIRA) == {"10001", "10002"}


async def test_an_issue_that_moved_back_is_found_by_both_keys() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_site(*many(1), clock=clock)) as jira:
        home = jira.site.issues["10001"].record["fields"]["project"]
        await jira.synchronised(desk)
        for key, project in (("PAY-7", PAY), ("SHOP-1", home)):
            clock.goes_on(minutes=1)
            jira.site.move("10001", key, project)
            await jira.synchronised(desk)
        assert await keys(desk, "SHOP-1", "PAY-7") == {"SHOP-1": (True, "SHOP-1"), "PAY-7": (True, "SHOP-1")}
