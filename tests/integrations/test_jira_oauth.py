"""An app enters Jira: its tokens are renewed once however many want to, and kept before they are used."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import orjson
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from remit.cache.pace import SitePaces
from remit.domain.errors import Broken, Invalid, Limited, Rejected, Unavailable
from remit_integrations.http import Caller, calling
from remit_integrations.jira.oauth import Entering
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.source import Shared
from remit_integrations.sources.jira import jira
from remit_integrations.standins.jira.authorisation import LEEWAY
from remit_integrations.sync import synchronise
from support.desks import JIRA, a_desk
from support.jira_app import Played, played, read
from support.jira_site import IMPATIENT, MYSELF, STATUSES, answering, many
from support.jira_wire import answer, answering_bytes

NO_LONGER = "no longer takes the app's refresh token"


def entering(app: Played) -> AbstractAsyncContextManager[Caller]:
    return calling(app.url, what="Jira", settings="", auth=Entering(app.access()), patience=IMPATIENT)


async def test_an_app_reads_through_the_gateway() -> None:
    async with played(*many(2)) as app:
        assert await read(app.source()) == ["SHOP-1", "SHOP-2"]
        assert list(app.authority.asked) == [app.first]


async def test_an_access_token_serves_every_process_until_shortly_before_its_end() -> None:
    async with played() as app:
        one, another = app.access(), app.access()
        token = await one.token()
        app.clock.goes_on(minutes=54)
        assert [await one.token(), await another.token()] == [token, token]
        app.clock.goes_on(minutes=2)
        renewed = await one.token()
        assert renewed != token
        assert await another.token() == renewed
        assert app.renewals == 2


async def test_of_many_that_want_another_token_one_gets_it_for_all() -> None:
    async with played() as app:
        processes = [app.access() for _ in range(4)]
        (token,) = set(await asyncio.gather(*(one.token() for one in processes * 5)))
        app.clock.goes_on(minutes=30)
        (another,) = set(await asyncio.gather(*(one.token(refused=token) for one in processes * 5)))
        assert another != token
        assert app.renewals == 2


async def test_calls_whose_access_token_was_taken_away_are_made_again_with_another() -> None:
    async with played() as app, entering(app) as call:
        me = await call.get("/rest/api/3/myself")
        app.clock.goes_on(minutes=30)
        app.site.app_tokens.clear()
        assert set(await asyncio.gather(*(call.get("/rest/api/3/myself") for _ in range(8)))) == {me}
        assert app.renewals == 2


async def test_a_call_that_is_refused_twice_is_trouble() -> None:
    async with played() as app, entering(app) as call:
        app.site.faults.next(MYSELF, answering({}, 401), times=2)
        await call.get("/rest/api/3/serverInfo")
        app.clock.goes_on(minutes=30)
        with pytest.raises(Rejected, match="does not accept the credentials"):
            await call.get("/rest/api/3/myself")
        assert (app.renewals, app.site.calls.count(MYSELF)) == (2, 2)


async def test_each_refresh_token_is_used_once() -> None:
    async with played() as app:
        for _ in range(5):
            await app.access().token()
            app.clock.goes_on(minutes=56)
        assert app.renewals == len(set(app.authority.asked)) == 5


async def test_a_list_that_the_app_lacks_the_scope_for_does_not_cost_a_token_each_time() -> None:
    async with played(*many(1)) as app:
        app.site.faults.next(STATUSES, answering({"message": "Unauthorized; scope does not match"}, 401), times=9)
        for _ in range(3):
            async with app.source().open() as feed:
                await feed.greet()
                assert [kind async for batch in feed.references(None) for kind in {one.kind for one in batch}]
        assert app.renewals == 1


async def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    async with played() as app:
        app.authority.loses = 1
        token = await app.access().token()
        assert token in app.site.app_tokens
        assert list(app.authority.asked) == [app.first, app.first]


async def test_tokens_are_kept_before_they_are_used_and_not_got_twice_when_they_cannot_be_kept() -> None:
    async with played() as app:
        access = app.access()
        app.vault.trouble = Broken("the database is gone")
        with pytest.raises(Broken, match="the database is gone"):
            await access.token()
        app.clock.goes_on(minutes=20)
        app.vault.trouble = None
        assert await access.token() in app.site.app_tokens
        assert app.renewals == 1


async def test_a_process_that_dies_before_tokens_are_kept_leaves_the_former_ones_good_for_a_while() -> None:
    async with played() as app:
        await app.access().token()
        app.clock.goes_on(minutes=56)
        app.vault.trouble = Broken("killed")
        with pytest.raises(Broken):
            await app.access().token()
        app.vault.trouble = None
        app.clock.goes_on(seconds=LEEWAY.total_seconds() - 1)
        assert await app.access().token() in app.site.app_tokens


async def test_tokens_that_were_lost_for_longer_have_to_be_consented_to_anew() -> None:
    async with played() as app:
        await app.access().token()
        app.clock.goes_on(minutes=56)
        app.vault.trouble = Broken("killed")
        with pytest.raises(Broken):
            await app.access().token()
        app.vault.trouble = None
        app.clock.goes_on(seconds=LEEWAY.total_seconds() + 1)
        kept = dict(app.vault.secrets)
        with pytest.raises(Rejected) as caught:
            await app.access().token()
        assert caught.value.message == (
            "Jira's authorisation server no longer takes the app's refresh token, which is good once, for 90 days "
            "without use and for a year in all; authorise the app again and put the new refresh token in "
            "REMIT_JIRA_REFRESH_TOKEN"
        )
        assert app.vault.secrets == kept
        assert await app.access(refresh_token=SecretStr(app.authority.consent())).token() in app.site.app_tokens


async def test_a_new_token_in_the_settings_takes_over_and_an_old_one_never_comes_back() -> None:
    async with played() as app:
        old = app.access()
        await old.token()
        app.clock.goes_on(minutes=30)
        second = SecretStr(app.authority.consent())
        assert await app.access(refresh_token=second).token() in app.site.app_tokens
        assert app.authority.asked[-1] == second.get_secret_value()
        for minutes in (40, 60, 60):  # a process with the settings of before goes on with what came of the new ones
            app.clock.goes_on(minutes=minutes)
            assert await old.token() == await app.access(refresh_token=second).token()
        assert len(set(app.authority.asked)) == app.renewals == 4


async def test_a_token_unused_for_a_quarter_is_told() -> None:
    async with played() as app:
        await app.access().token()
        app.clock.goes_on(days=91)
        with pytest.raises(Rejected, match=NO_LONGER):
            await app.access().token()


async def test_a_wrong_secret_of_the_app_is_told() -> None:
    async with played() as app:
        with pytest.raises(Rejected) as caught:
            await app.access(client_secret=SecretStr("hush")).token()
        assert caught.value.message == (
            "Jira's authorisation server does not know the app; check REMIT_JIRA_CLIENT_ID and REMIT_JIRA_CLIENT_SECRET"
        )
        assert app.vault.secrets == {}


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b'{"access_token": "a"}',
        b'{"access_token": "", "expires_in": 3600}',
        b'{"access_token": "a\\nb", "expires_in": 3600}',
        '{"access_token": "ä", "expires_in": 3600}'.encode(),
        b'{"access_token": "a", "refresh_token": "b c", "expires_in": 3600}',
        b'{"access_token": "a", "expires_in": 0}',
        b'{"access_token": "a", "expires_in": 1e300}',
    ],
)
async def test_an_answer_without_a_token_that_can_be_used_is_trouble_and_keeps_nothing(told: bytes) -> None:
    async with played() as app, answering_bytes(answer(told)) as wire:
        with pytest.raises(Unavailable, match="answered no token that can be used"):
            await app.access(authorisation_url=wire.url).token()
        assert app.vault.secrets == {}


async def test_a_server_that_cannot_be_reached_is_trouble() -> None:
    async with played() as app:
        with pytest.raises(Unavailable, match=r"authorisation server cannot be reached .* check REMIT_JIRA_C"):
            await app.access(authorisation_url="http://127.0.0.1:1").token()


async def test_a_server_that_asks_for_a_long_wait_is_asked_by_no_process_before_and_the_run_is_put_off() -> None:
    desk, paces = await a_desk(model=None, synchronised=False), SitePaces()
    busy = answer(b"{}", "429 Too Many Requests", Retry_After="1847")
    async with played(*many(1)) as app, answering_bytes(busy) as wire:
        for _ in range(3):
            source = jira(app.settings(authorisation_url=wire.url), IMPATIENT, Shared(paces, app.vault))
            with pytest.raises(Limited, match=r"asked (to slow down for 1847 s|not to be called for another 18\d\d s)"):
                await synchronise(desk, source)
            (state,) = await desk.mirror.sources()
            assert state.retry_at is not None
            assert state.failures == 0
            assert timedelta(seconds=1800) < state.retry_at - desk.clock() <= timedelta(seconds=1847)
        assert len(wire.heads) == 1
        assert list(app.site.calls) == []


async def test_a_server_that_asks_for_a_short_wait_is_asked_again_after_it() -> None:
    told = {"access_token": "of-the-app", "refresh_token": "next", "expires_in": 3600}
    busy = answer(b"{}", "429 Too Many Requests", Retry_After="0.02")
    async with played() as app, answering_bytes(busy, busy, answer(orjson.dumps(told))) as wire:
        assert await app.access(authorisation_url=wire.url).token() == "of-the-app"
        assert len(wire.heads) == 3


async def test_tokens_that_live_shortly_are_renewed_halfway() -> None:
    async with played() as app:
        app.authority.lasts_s = 60
        token = await app.access().token()
        app.clock.goes_on(seconds=29)
        assert await app.access().token() == token
        app.clock.goes_on(seconds=2)
        assert await app.access().token() != token


async def test_tokens_that_have_run_out_when_they_come_are_trouble() -> None:
    async with played() as app:
        with pytest.raises(Unavailable, match="run out as soon as they are got; check the clocks"):
            await app.access(clock=lambda: app.clock.goes_on(hours=1)).token()


async def test_what_is_kept_and_cannot_be_read_is_begun_anew() -> None:
    async with played() as app:
        app.vault.secrets[JIRA] = b"of another version"
        with capture_logs() as logs:
            assert await app.access().token() in app.site.app_tokens
        assert "jira.token_unreadable" in [one["event"] for one in logs]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"client_id": "a"}, "an app that reads Jira needs REMIT_JIRA_CLIENT_ID, .* all three"),
        ({"client_secret": "a", "refresh_token": "b"}, "all three"),
        ({"client_id": "a", "client_secret": "b", "refresh_token": "c", "token": "d"}, "by an app, not by both"),
        ({"client_id": "a", "client_secret": "b", "refresh_token": "c"}, "kept encrypted; set REMIT_SECRET_KEY"),
        ({"email": "a@example.com", "token": "b", "webhook_url": "https://r.example"}, "leave out REMIT_JIRA_WEB"),
        ({"token": "b"}, "a site of the Cloud takes no token alone"),
    ],
)  # fmt: skip
def test_accounts_that_are_none_are_refused(told: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        jira(JiraSettings.model_validate({"url": "https://acme.atlassian.net"} | told))
