"""A token is sent to the site and shown to nobody: not in messages, logs, representations or quoted answers."""

import base64
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
from support.jira_site import IMPATIENT
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
