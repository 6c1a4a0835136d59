"""14. An app's webhook ends after thirty days. The mistakes: never to prolong it, and to register another each time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Rejected
from remit_integrations.http import Caller, calling
from remit_integrations.jira.oauth import Entering
from remit_integrations.jira.registration import EVENTS, keep_registered
from remit_integrations.standins.jira.site import Site
from remit_integrations.tending import Tending
from support.desks import NOW
from support.jira_app import Played, played
from support.jira_site import IMPATIENT, a_record, answering, many
from support.memory_mirror import MemoryLeases

URL = "https://remit.example/webhooks/jira"
REGISTER = "POST /rest/api/3/webhook"
PAY = {"id": "77", "key": "PAY", "name": "Pay"}


@asynccontextmanager
async def an_app(*records: dict[str, Any]) -> AsyncIterator[tuple[Played, Caller]]:
    async with (
        played(*(records or many(1))) as app,
        calling(app.url, what="Jira", settings="", auth=Entering(app.access()), patience=IMPATIENT) as call,
    ):
        yield app, call


def alive(site: Site) -> list[tuple[str, str, tuple[str, ...]]]:
    """Address, filter and events of the webhooks that Jira calls."""
    return [(one.url, one.jql, one.events) for one in site.registrations.values() if one.expires > site.clock()]


async def test_it_lives_for_years_and_is_one_and_the_same() -> None:
    async with an_app() as (app, call):
        ids = set()
        for _ in range(100):
            ids.add(await keep_registered(call, URL, app.clock()))
            app.clock.goes_on(days=13.9)
            assert alive(app.site) == [(URL, "project in (1314)", EVENTS)]
        assert len(ids) == 1
        assert app.site.calls.count(REGISTER) == 1


async def test_one_that_ended_while_no_worker_ran_is_registered_anew() -> None:
    async with an_app() as (app, call):
        first = await keep_registered(call, URL, app.clock())
        app.clock.goes_on(days=31)
        assert alive(app.site) == []
        assert await keep_registered(call, URL, app.clock()) != first
        assert alive(app.site) == [(URL, "project in (1314)", EVENTS)]


async def test_one_that_somebody_removed_is_registered_anew() -> None:
    async with an_app() as (app, call):
        await keep_registered(call, URL, app.clock())
        app.site.registrations.clear()
        await keep_registered(call, URL, app.clock())
        assert len(alive(app.site)) == 1


async def test_doubles_are_removed() -> None:
    async with an_app() as (app, call):
        hook = {"events": [*reversed(EVENTS)], "jqlFilter": "project in (1314)"}
        for _ in range(3):
            await call.post("/rest/api/3/webhook", {"url": URL, "webhooks": [hook]})
        with capture_logs() as logs:
            await keep_registered(call, URL, app.clock())
        assert len(alive(app.site)) == 1
        assert [one["event"] for one in logs] == ["jira.webhooks_removed"]


async def test_another_address_takes_the_place_of_the_former_one() -> None:
    async with an_app() as (app, call):
        await keep_registered(call, URL, app.clock())
        await keep_registered(call, "https://elsewhere.example/webhooks/jira", app.clock())
        assert [url for url, _, _ in alive(app.site)] == ["https://elsewhere.example/webhooks/jira"]


async def test_a_new_project_is_heard_of_too() -> None:
    async with an_app() as (app, call):
        await keep_registered(call, URL, app.clock())
        app.site.create(a_record(2, project=PAY))
        await keep_registered(call, URL, app.clock())
        assert alive(app.site) == [(URL, "project in (1314, 77)", EVENTS)]


async def test_a_webhook_whose_end_is_not_told_is_prolonged_each_time() -> None:
    async with an_app() as (app, call):
        hook = await keep_registered(call, URL, app.clock())
        told = {"id": hook, "events": EVENTS, "jqlFilter": "project in (1314)", "expirationDate": "soon"}
        app.site.faults.next("GET /rest/api/3/webhook", answering({"values": [told], "isLast": True}))
        app.clock.goes_on(days=1)
        await keep_registered(call, URL, app.clock())
        (kept,) = app.site.registrations.values()
        assert kept.expires == NOW + timedelta(days=31)


@pytest.mark.parametrize(
    "told",
    [
        {"webhookRegistrationResult": [{"errors": ["The URL is not reachable."]}]},
        {"webhookRegistrationResult": []},
        {},
    ],
)
async def test_a_site_that_registers_nothing_is_trouble(told: dict[str, Any]) -> None:
    async with an_app() as (app, call):
        app.site.faults.next(REGISTER, answering(told))
        with pytest.raises(Rejected, match=r"Jira registers no webhook \(.*\); check REMIT_JIRA_WEBHOOK_URL"):
            await keep_registered(call, URL, app.clock())


async def test_an_app_that_sees_no_project_is_trouble_and_registers_nothing() -> None:
    async with an_app() as (app, call):
        app.site.issues.clear()
        app.site.version += 1
        with pytest.raises(Rejected, match="shows no project to this app"):
            await keep_registered(call, URL, app.clock())
        assert app.site.registrations == {}


async def test_the_workers_see_to_it_and_of_several_at_once_one_does() -> None:
    async with played(*many(1)) as app:
        source, leases, stop = app.source(webhook_url=URL), MemoryLeases(), asyncio.Event()
        await asyncio.gather(*(Tending(leases, stop).once(source) for _ in range(3)))
        assert app.site.calls.count(REGISTER) == 1
        stop.set()
        await Tending(leases, stop).run([source])


async def test_trouble_is_told_and_ends_nothing() -> None:
    async with played(*many(1)) as app:
        app.site.faults.next(REGISTER, answering({}, 403))
        with capture_logs() as logs:
            await Tending(MemoryLeases(), asyncio.Event()).once(app.source(webhook_url=URL))
    assert [one["code"] for one in logs if one["event"] == "tending.failed"] == ["SOURCE_REJECTED"]
