"""A token is sent to the site and shown to nobody: not in messages, logs, representations or quoted answers."""

import base64
import json
import logging
from collections.abc import Callable

import pytest
from pydantic import SecretStr, ValidationError
from structlog.testing import capture_logs

from remit.domain.errors import SourceTrouble
from remit_integrations.http import calling
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.sources.jira import SOURCE, jira
from remit_integrations.sync import synchronise
from support.desks import a_desk
from support.jira_app import Played, played, read
from support.jira_site import IMPATIENT, answering
from support.jira_wire import answer, answering_bytes

EMAIL, TOKEN = "sync@example.com", "tok-very-distinctive-4711"
SENT = base64.b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
ECHO = f'{{"you": "sent Basic {SENT}", "token": "{TOKEN}"}}'.encode()

ANSWERS = [
    answer(ECHO, "400 Bad Request"),
    answer(ECHO, "401 Unauthorized"),
    answer(ECHO, "403 Forbidden"),
    answer(ECHO, "404 Not Found"),
    answer(ECHO, "404 Not Found", "text/html"),
    answer(ECHO, "429 Too Many Requests", RateLimit_Reason="x"),
    answer(ECHO, "500 Internal Server Error"),
    answer(ECHO, "302 Found", Location=f"https://{SENT}:{TOKEN}@id.example.com/?token={TOKEN}"),
    answer(ECHO),
    answer(ECHO, kind="text/html"),
    answer(ECHO)[:-5],
    b"",
]


def a_chain(error: BaseException | None) -> list[BaseException]:
    """An error with everything it came from."""
    return [error, *a_chain(error.__cause__), *a_chain(error.__context__)] if error is not None else []


@pytest.mark.parametrize("wrong", ANSWERS, ids=[str(number) for number in range(len(ANSWERS))])
async def test_no_failure_shows_the_token(wrong: bytes, caplog: pytest.LogCaptureFixture) -> None:
    desk = await a_desk(model=None, synchronised=False)
    caplog.set_level(logging.INFO)
    async with answering_bytes(wrong) as wire:
        source = jira(JiraSettings(url=wire.url, email=EMAIL, token=SecretStr(TOKEN)), IMPATIENT)
        with capture_logs() as logs, pytest.raises(SourceTrouble) as caught:
            await synchronise(desk, source)
    (state,) = await desk.mirror.sources()
    shown = [
        *(f"{error!r} {error}" for error in a_chain(caught.value)),
        repr(caught.value.facts),
        repr(logs),
        caplog.text,
        repr(source),
        repr(state),
    ]
    assert f"Basic {SENT}" in wire.heads[0]
    assert [text for text in shown if TOKEN in text or SENT in text] == []


@pytest.mark.parametrize("show", [repr, str, lambda one: one.model_dump_json()])
def test_settings_do_not_show_the_token(show: Callable[[JiraSettings], str]) -> None:
    settings = JiraSettings(url="https://acme.atlassian.net", email=EMAIL, token=SecretStr(TOKEN))
    assert TOKEN not in show(settings)


async def test_an_open_connection_does_not_show_the_token() -> None:
    async with calling("http://127.0.0.1:1", what="Jira", settings="", auth=(EMAIL, TOKEN)) as call:
        shown = repr(call) + str(call) + repr(call.client)
    assert [secret for secret in (TOKEN, SENT) if secret in shown] == []


def test_an_address_with_credentials_is_refused_as_it_would_be_shown() -> None:
    with pytest.raises(ValidationError, match="write the site's address"):
        SOURCE.settings.model_validate({"url": f"https://{EMAIL}:{TOKEN}@acme.atlassian.net"})


@pytest.mark.parametrize("wrong", ANSWERS, ids=[str(number) for number in range(len(ANSWERS))])
async def test_no_failure_shows_a_personal_token(wrong: bytes) -> None:
    desk = await a_desk(model=None, synchronised=False)
    async with answering_bytes(wrong) as wire:
        source = jira(JiraSettings(url=wire.url, token=SecretStr(TOKEN)), IMPATIENT)
        with capture_logs() as logs, pytest.raises(SourceTrouble) as caught:
            await synchronise(desk, source)
    assert f"Bearer {TOKEN}" in wire.heads[0]
    shown = [*(f"{error!r} {error}" for error in a_chain(caught.value)), repr(caught.value.facts), repr(logs)]
    shown += [repr(source), repr(await desk.mirror.sources())]
    assert [text for text in shown if TOKEN in text] == []


async def test_only_the_address_is_to_be_looked_at_where_a_site_redirects() -> None:
    async with answering_bytes(answer(b"", "302 Found", Location="https://id.example.com/")) as wire:
        source = jira(JiraSettings(url=wire.url, email=EMAIL, token=SecretStr(TOKEN)), IMPATIENT)
        with pytest.raises(SourceTrouble) as caught:
            async with source.open() as feed:
                await feed.greet()
    assert caught.value.message.endswith(" to id.example.com; put the final address in REMIT_JIRA_URL")


def echoes(app: Played) -> list[bytes]:
    """What a server may answer that repeats whatever it was sent."""
    told = json.dumps({"refresh": app.first, "secret": app.authority.client_secret}).encode()
    statuses = ("400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Internal Server Error")
    return [*(answer(told, status) for status in statuses), answer(told), answer(told, kind="text/html")]


async def test_no_failure_of_an_app_shows_its_secret_or_its_tokens(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    async with played() as app:
        for wrong in echoes(app):
            desk = await a_desk(model=None, synchronised=False)
            async with answering_bytes(wrong) as wire:
                source = app.source(authorisation_url=wire.url)
                with capture_logs() as logs, pytest.raises(SourceTrouble) as caught:
                    await synchronise(desk, source)
            shown += [f"{error!r} {error}" for error in a_chain(caught.value)]
            shown += [repr(caught.value.facts), repr(logs), repr(source), repr(await desk.mirror.sources())]
        await read(app.source())
        app.site.faults.next("GET /rest/api/3/serverInfo", answering({"you sent": [*app.site.app_tokens]}, 400))
        with pytest.raises(SourceTrouble) as caught:
            await read(app.source())
        shown += [f"{error!r} {error}" for error in a_chain(caught.value)]
        shown += [caplog.text, repr(app.settings()), str(app.settings()), app.settings().model_dump_json()]
        secrets = (app.first, app.authority.client_secret, *app.authority.tokens, *app.site.app_tokens)
    assert [secret for secret in secrets for text in shown if secret in text] == []


@pytest.mark.parametrize("setting", ["token", "client_secret", "refresh_token"])
@pytest.mark.parametrize("told", ["hush hush", "hush\n", "h\u00fcsh", "hush\x00", ""])
def test_what_cannot_be_sent_is_refused_and_not_shown(setting: str, told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SOURCE.settings.model_validate({"url": "https://acme.atlassian.net", setting: told})
    (error,) = caught.value.errors(include_input=False)
    assert (error["loc"], error["msg"]) == (
        (setting,),
        "Value error, write it without spaces, line breaks and letters beyond ASCII, as it was given out",
    )


async def test_a_refusal_that_names_a_person_is_told_without_the_address() -> None:
    refused = answer(b'{"error": "mia@customer.example may not be searched"}', "422 Unprocessable Content")
    async with answering_bytes(refused) as wire, calling(wire.url, what="The desk", settings="its key") as call:
        with pytest.raises(SourceTrouble) as caught:
            await call.get("/list")
    assert str(caught.value) == 'The desk refused GET /list (422): {"error": "[address] may not be searched"}'
    assert "mia@" not in repr(caught.value.facts)
