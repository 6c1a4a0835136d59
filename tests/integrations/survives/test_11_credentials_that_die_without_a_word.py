"""11. An expired credential, or one without scopes, is answered 200 and an empty list where anybody may search.

The mistake: to take that for an empty backlog, for the end of a search, or for deletions.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from remit.domain.errors import Rejected
from remit.usecases.desk import Desk
from remit_integrations.standins.jira.faults import Fault
from remit_integrations.standins.jira.site import Flavour
from support.desks import JIRA, AClock, a_desk
from support.jira_site import BY_ID, MYSELF, SEARCH, Served, a_site, answering, keys, many, served
from support.memory_mirror import MemoryMirror

NOBODY = "does not accept the credentials"
OF_NOBODY = "another-token"
SEARCHES = {Flavour.CLOUD: SEARCH, Flavour.DATACENTER: "POST /rest/api/2/search"}


def dies(jira: Served, call: str, *, after: int = 0, body: bytes | None = None) -> None:
    """The credential is good until this is asked for once more than so often, and from then on it is nobody's."""

    def death() -> None:
        jira.site.token = OF_NOBODY

    jira.site.faults.next(call, Fault(body=body, meanwhile=death), after=after)


@asynccontextmanager
async def synchronised(flavour: Flavour = Flavour.CLOUD) -> AsyncIterator[tuple[Desk, MemoryMirror, Served, AClock]]:
    """A site that was read whole a while ago."""
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, model=None, synchronised=False)
    async with served(a_site(*many(3), clock=clock, flavour=flavour)) as jira:
        await jira.synchronised(desk)
        clock.goes_on(minutes=30)
        yield desk, mirror, jira, clock


async def test_a_dead_credential_ends_a_run_before_anything_is_searched() -> None:
    async with synchronised() as (desk, _, jira, _):
        jira.site.calls.clear()
        with pytest.raises(Rejected, match=NOBODY):
            await jira.synchronised(desk, email="nobody@example.com")
        assert SEARCH not in jira.site.calls


async def test_a_site_that_takes_us_for_nobody_is_trouble() -> None:
    async with synchronised() as (desk, _, jira, _):
        jira.site.faults.next(MYSELF, answering({"accountId": "", "active": True}))
        with pytest.raises(Rejected, match="takes us for nobody"):
            await jira.synchronised(desk)


@pytest.mark.parametrize("flavour", Flavour)
async def test_one_that_dies_during_a_run_does_not_let_that_pass_over_what_changed(flavour: Flavour) -> None:
    async with synchronised(flavour) as (desk, mirror, jira, clock):
        good, before = jira.site.token, (await mirror.sources())[0].cursor
        jira.site.edit("10002", summary="Changed")
        changed_at = clock()
        dies(jira, SEARCHES[flavour], after=1 if flavour is Flavour.DATACENTER else 0)
        with pytest.raises(Rejected, match=NOBODY):
            await jira.synchronised(desk)
        (state,) = await mirror.sources()
        assert (state.cursor, state.trouble is not None) == (before, True)
        jira.site.token = good
        clock.goes_on(days=2)
        await jira.synchronised(desk)
        assert (await mirror.by_ids(JIRA, ["10002"]))["10002"].item.updated == changed_at


async def test_one_that_dies_between_two_pages_does_not_end_the_backlog_there() -> None:
    async with served(a_site(*many(250))) as jira:
        good = jira.site.token
        dies(jira, SEARCH, after=2)
        pages, trouble = await jira.until_trouble()
        assert 0 < len(keys(pages)) < 250
        assert isinstance(trouble, Rejected)
        jira.site.token = good
        rest = await jira.pages(pages[-1].cursor)
        assert {*keys(pages), *keys(rest)} == {f"SHOP-{number}" for number in range(1, 251)}


async def test_one_that_dies_during_a_census_marks_nothing() -> None:
    async with synchronised() as (desk, mirror, jira, clock):
        clock.goes_on(days=1)
        dies(jira, SEARCH, after=1)
        with pytest.raises(Rejected, match=NOBODY):
            await jira.synchronised(desk)
        assert len(await mirror.present(JIRA)) == 3


async def test_one_that_is_shown_nothing_by_id_has_not_seen_that_it_is_gone() -> None:
    async with synchronised() as (_, _, jira, _), jira.feed() as feed:
        dies(jira, BY_ID, body=b'{"issues": [], "issueErrors": []}')
        with pytest.raises(Rejected, match=NOBODY):
            _ = [page async for page in feed.confirmed(["10001"])]
