"""16. A site limits for several reasons, with a long wait, a short one, a date, or none told.

The mistakes: to give up at the first 429, to take one without Retry-After for a fault, to sleep for half an hour in the
midst of a run, to call all the same after a restart or from another worker, and to lose what came before.
"""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from remit.cache.pace import SitePaces
from remit.domain.errors import Limited, Unavailable
from remit.ports import SourceState
from remit.usecases.desk import Desk
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.source import Shared
from remit_integrations.sources.jira import jira
from remit_integrations.standins.jira.faults import CUT, Fault, failing, limited
from remit_integrations.sync import EVERY_S, Synchronised, synchronise
from support.desks import JIRA, NOW, AClock, a_desk
from support.jira_site import CHANGELOGS, IMPATIENT, PROJECTS, SEARCH, Served, a_site, many, served

REASONS = ("jira-quota-global-based", "jira-quota-tenant-based", "jira-burst-based", "jira-cost-based")
BODY = b'{"errorMessages": ["Rate limit exceeded."]}'


async def synchronised(desk: Desk, site: Served, paces: SitePaces) -> Synchronised:
    """A run of one process; those that share `paces` share what they know."""
    settings = JiraSettings(url=site.url, email=site.site.email, token=SecretStr(site.site.token))
    return await synchronise(desk, jira(settings, IMPATIENT, Shared(paces)))


async def an_empty_desk(clock: AClock) -> Desk:
    return await a_desk(model=None, synchronised=False, clock=clock)


@pytest.mark.parametrize("call", [PROJECTS, SEARCH, CHANGELOGS])
@pytest.mark.parametrize("reason", REASONS)
async def test_a_limit_that_does_not_say_for_how_long_is_waited_out_whatever_its_reason(call: str, reason: str) -> None:
    site = a_site(*many(3))
    site.faults.next(call, limited(reason=reason), times=2)
    async with served(site) as jira_site:
        done = await synchronised(await an_empty_desk(AClock()), jira_site, SitePaces())
    assert done == Synchronised(JIRA, 3, 3, 0)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Retry-After", "{:%a, %d %b %Y %H:%M:%S GMT}"),
        ("X-RateLimit-Reset", "{:%Y-%m-%dT%H:%MZ}"),
        ("X-RateLimit-Reset", "1000000000"),
        ("Retry-After", "0"),
        ("Retry-After", "soon"),
    ],
)
async def test_a_wait_that_is_over_or_makes_no_sense_is_waited_out_like_one_that_is_not_told(
    header: str, told: str
) -> None:
    site, five_seconds_ago = a_site(*many(3)), datetime.now(UTC) - timedelta(seconds=5)
    site.faults.next(SEARCH, Fault(429, ((header, told.format(five_seconds_ago)),), BODY), times=2)
    async with served(site) as jira_site:
        done = await synchronised(await an_empty_desk(AClock()), jira_site, SitePaces())
    assert done == Synchronised(JIRA, 3, 3, 0)


async def test_a_long_wait_ends_the_run_keeps_what_was_read_and_is_honoured_by_every_process() -> None:
    clock, paces = AClock(), SitePaces()
    site, desk = a_site(*many(250)), await an_empty_desk(clock)
    site.faults.next(SEARCH, limited(1847, "jira-quota-tenant-based"), after=1)
    async with served(site) as jira_site:
        with pytest.raises(Limited, match=r"asked to slow down for 1847 s \(jira-quota-tenant-based\)"):
            await synchronised(desk, jira_site, paces)
        (noted,), kept, called = await desk.mirror.sources(), len(await desk.mirror.present(JIRA)), len(site.calls)
        with pytest.raises(Limited, match="asked not to be called for another 18"):
            await synchronised(desk, jira_site, paces)
        assert len(site.calls) == called, "not a single request went out"
        rest = await synchronised(desk, jira_site, SitePaces())  # as after the wait
    (after,) = await desk.mirror.sources()
    assert (noted.failures, noted.retry_at, kept) == (0, NOW + timedelta(seconds=1847), 100)
    assert (rest.seen, len(await desk.mirror.present(JIRA))) == (150, 250)
    assert after == SourceState(JIRA, after.cursor, NOW, NOW)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Retry-After", "1800"),
        ("Retry-After", "{:%a, %d %b %Y %H:%M:%S GMT}"),
        ("X-RateLimit-Reset", "{:%Y-%m-%dT%H:%MZ}"),
        ("X-RateLimit-Reset", "{:%Y-%m-%dT%H:%M:%S+00:00}"),
    ],
)
async def test_a_long_wait_puts_the_run_off_in_whichever_way_it_is_told(header: str, told: str) -> None:
    site, desk = a_site(*many(3)), await an_empty_desk(AClock())
    half_an_hour_on = datetime.now(UTC) + timedelta(minutes=30)
    site.faults.next(SEARCH, Fault(429, ((header, told.format(half_an_hour_on)),), BODY))
    async with served(site) as jira_site:
        with pytest.raises(Limited, match=r"asked to slow down for 1[78]"):
            await synchronised(desk, jira_site, SitePaces())
    (noted,) = await desk.mirror.sources()
    assert (noted.failures, list(site.calls).count(SEARCH)) == (0, 1)
    assert noted.retry_at is not None
    assert timedelta(minutes=28) < noted.retry_at - desk.clock() <= timedelta(minutes=30)


@pytest.mark.parametrize("fault", [failing(500), failing(502), failing(503), failing(504), CUT], ids=str)
async def test_a_storm_of_failures_ends_the_run_and_is_come_back_to_more_and_more_gently(fault: Fault) -> None:
    clock = AClock()
    site, desk = a_site(*many(250)), await an_empty_desk(clock)
    async with served(site) as jira_site:
        for failures, turns in ((1, 1), (2, 2), (3, 4)):
            site.faults.next(SEARCH, fault, times=IMPATIENT.attempts)
            with pytest.raises(Unavailable):
                await synchronised(desk, jira_site, SitePaces())
            (state,) = await desk.mirror.sources()
            assert (state.failures, state.retry_at) == (failures, clock() + timedelta(seconds=EVERY_S * turns))
        assert (await synchronised(desk, jira_site, SitePaces())).seen == 250
    (state,) = await desk.mirror.sources()
    assert (state.trouble, state.failures, state.retry_at) == (None, 0, None)
