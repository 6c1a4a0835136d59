"""`remit doctor`: looks at everything, whatever it finds on the way, and says what to do."""

import base64
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.days import KeptDay
from remit.domain.ids import SourceName
from remit.domain.intervals import instant_text
from remit.entrypoints.wiring import now
from remit.storage.days import PostgresDays
from remit.storage.migrate import newest
from remit.storage.mirror import PostgresMirror
from remit_integrations.standins.jira.faults import Fault, Faults
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Flavour
from support.asking_commands import Ended, Shell
from support.asking_jira import a_recorded_site, connected
from support.jira_app import Played, played
from support.jira_site import a_site, many

KEY = base64.b64encode(bytes(range(32))).decode()


async def test_all_is_well(shell: Shell) -> None:
    async with connected(shell, a_recorded_site(1)) as commands:
        told = await commands.remit("doctor")
    assert (told.code, told.err) == (0, "")
    assert [line.partition(":")[0] for line in told.out.splitlines()] == [
        "✓ settings", "✓ database", "✓ redis", "✓ daily values", "✓ jira",
    ]  # fmt: skip


async def test_the_last_day_kept_is_told_with_what_was_in_doubt(shell: Shell, engine: AsyncEngine) -> None:
    at = datetime(2026, 11, 23, 1, tzinfo=UTC)
    async with connected(shell, a_recorded_site(1)) as commands:
        none = await commands.remit("doctor")
        await PostgresDays(engine).keep(KeptDay(date(2026, 11, 22), at, at, at, ("jira",)), [], [], [])
        told = await commands.remit("doctor")
    assert "✓ daily values: none yet; `remit up` or a worker keeps each day once it has ended" in none.out.splitlines()
    assert (
        "✓ daily values: kept up to 2026-11-22, measured 2026-11-23T01:00:00Z, with jira in doubt"
        in told.out.splitlines()
    )


async def test_what_is_mirrored_and_what_waits_is_told(shell: Shell) -> None:
    async with connected(shell, a_recorded_site(3)) as commands:
        await commands.remit("sync")
        told = await commands.remit("doctor")
    assert told.code == 0, told.out
    assert re.fullmatch(r"✓ jira mirror: records: 3, read \d+ (s|min) ago", told.out.splitlines()[-1])


async def test_a_source_in_trouble_is_not_well_and_tells_until_when_it_is_left_alone(
    shell: Shell, engine: AsyncEngine
) -> None:
    soon = now() + timedelta(minutes=5)
    await PostgresMirror(engine).attempted(SourceName("jira"), now(), "it is down", failures=2, retry_at=soon)
    async with connected(shell, a_recorded_site(1)) as commands:
        told = await commands.remit("doctor")
    assert (told.code, told.out.splitlines()[-1]) == (
        1,
        "✗ jira mirror: records: 0, never read whole; runs that failed since: 2, the last because it is down; "
        f"workers leave it alone until {instant_text(soon.replace(microsecond=0))}",
    )


async def test_a_source_that_is_said_to_be_read_in_the_future_is_not_well(shell: Shell, engine: AsyncEngine) -> None:
    ahead = now() + timedelta(hours=3)
    await PostgresMirror(engine).succeeded(SourceName("jira"), ahead, b"a cursor")
    async with connected(shell, a_recorded_site(1)) as commands:
        told = await commands.remit("doctor")
    assert (told.code, told.out.splitlines()[-1]) == (
        1,
        "✗ jira mirror: records: 0, never read whole; it is said to be read completely at "
        f"{instant_text(ahead.replace(microsecond=0))}, which is still to come: the clock of a worker and the "
        "clock here differ; set both by the same time server, and run `remit sync`",
    )


async def test_an_account_that_may_not_list_everything_is_well_and_told(shell: Shell) -> None:
    faults = Faults()
    for path in ("users/search", "statuses/search"):
        faults.next(f"GET /rest/api/3/{path}", Fault(403, body=b"{}"))
    async with connected(shell, a_recorded_site(1, faults)) as commands:
        told = await commands.remit("doctor")
    assert told.code == 0
    assert told.out.splitlines()[-1] == (
        "✓ jira: credentials accepted (account stand-in-account), clocks agree within 0 s; "
        "it may not list users and statuses, which is done without"
    )


async def test_one_trouble_does_not_hide_the_others(bare_shell: Shell) -> None:
    async with connected(bare_shell, a_recorded_site(1)) as commands:
        told = await commands.having(
            REMIT_DATABASE_URL="postgresql://remit:hush@127.0.0.1:1/x",
            REMIT_REDIS_URL="redis://127.0.0.1:1",
            REMIT_JIRA_TOKEN="hush",
            REMIT_JIRA_TOKN="x",
        ).remit("doctor")
    lines = told.out.splitlines()
    assert (told.code, told.err, len(lines)) == (1, "", 4)
    assert lines[0] == "✗ settings: REMIT_JIRA_TOKN is not known; see docs/settings.md"
    assert lines[1].startswith("✗ database: the database postgresql")
    assert lines[2] == (
        "✗ redis: not reachable (ConnectionError); answers are computed anew each time, check REMIT_REDIS_URL"
    )
    assert lines[3].startswith("✗ jira: ")
    assert "hush" not in told.out


async def test_what_is_configured_in_part_is_told(shell: Shell, postgres_url: str) -> None:
    told = await shell.having(
        REMIT_DATABASE_URL=postgres_url, REMIT_REDIS_URL="nonsense", REMIT_JIRA_URL="http://127.0.0.1:1"
    ).remit("doctor")
    assert told == Ended(
        1,
        "✓ settings: every REMIT_ variable is known\n"
        f"✗ database: the database schema is at nothing, this needs {newest()}; run `remit migrate`\n"
        "✗ redis: REMIT_REDIS_URL is not a URL; write redis://user:password@host:port/0\n"
        "✗ sources: the Jira source needs REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN beside REMIT_JIRA_URL; "
        "docs/sources.md tells of other accounts and of apps\n",
        "",
    )


async def test_an_app_is_let_in_and_what_it_got_is_kept(shell: Shell) -> None:
    async with played(*many(1)) as app:
        app.site.clock = now
        commands = an_app(shell, app).having(REMIT_SECRET_KEY=KEY)
        told = [await commands.remit("doctor") for _ in range(2)]
    assert [one.code for one in told] == [0, 0], told
    assert told[1].out.splitlines()[-1].startswith("✓ jira: credentials accepted (account stand-in-account)")
    assert app.renewals == 1


async def test_an_app_without_a_key_to_keep_its_tokens_is_told(shell: Shell) -> None:
    async with played() as app:
        told = await an_app(shell, app).remit("doctor")
    assert (told.code, told.out.splitlines()[-1], app.renewals) == (
        1,
        "✗ sources: the tokens of an app are kept encrypted; set REMIT_SECRET_KEY as docs/settings.md tells",
        0,
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"REMIT_SECRET_KEY": "hush"}, "✗ sources: REMIT_SECRET_KEY must hold keys of 32 bytes in base64; "),
        ({"REMIT_JIRA_CLIENT_SECRET": "hush"}, "✗ jira: Jira's authorisation server does not know the app; check "),
        ({"REMIT_JIRA_REFRESH_TOKEN": "hush"}, "✗ jira: Jira's authorisation server no longer takes the app's "),
    ],
)
async def test_what_is_wrong_with_an_app_is_told_and_not_shown(shell: Shell, wrong: dict[str, str], says: str) -> None:
    async with played() as app:
        told = await an_app(shell, app).having(**({"REMIT_SECRET_KEY": KEY} | wrong)).remit("doctor")
    last = told.out.splitlines()[-1]
    assert (told.code, told.err, last[: len(says)]) == (1, "", says)
    secrets = ("hush", app.first, app.authority.client_secret, *app.authority.tokens, *app.site.app_tokens)
    assert [secret for secret in secrets if secret in told.out] == []


async def test_a_personal_token_of_a_data_center_is_let_in_and_another_one_told(shell: Shell) -> None:
    async with jira_server(a_site(*many(1), clock=now, flavour=Flavour.DATACENTER)) as server:
        right = shell.having(REMIT_JIRA_URL=server.url, REMIT_JIRA_TOKEN="stand-in-token")
        told = await right.remit("doctor"), await right.having(REMIT_JIRA_TOKEN="hush").remit("doctor")
    assert [one.code for one in told] == [0, 1]
    assert (
        told[1]
        .out.splitlines()[-1]
        .endswith(
            "check REMIT_JIRA_URL and REMIT_JIRA_TOKEN "
            "(a personal access token runs out and can be revoked; make another one in its account's profile)"
        )
    )


async def test_kept_tokens_can_be_forgotten(shell: Shell) -> None:
    async with played(*many(1)) as app:
        app.site.clock = now
        commands = an_app(shell, app)
        await commands.having(REMIT_SECRET_KEY=KEY).remit("doctor")
        other = commands.having(REMIT_SECRET_KEY="A" * 43 + "=", REMIT_JIRA_REFRESH_TOKEN=app.authority.consent())
        assert "was sealed with another key" in (await other.remit("doctor")).out
        assert await other.remit("credential", "forget", "jira") == Ended(0, "", "")
        assert (await other.remit("doctor")).code == 0
        again = await other.remit("credential", "forget", "forum")
    assert again == Ended(1, "", "remit: nothing is kept to enter 'forum'\n")


def an_app(shell: Shell, app: Played) -> Shell:
    return shell.having(
        REMIT_JIRA_URL=app.url,
        REMIT_JIRA_CLIENT_ID=app.authority.client_id,
        REMIT_JIRA_CLIENT_SECRET=app.authority.client_secret,
        REMIT_JIRA_REFRESH_TOKEN=app.first,
        REMIT_JIRA_AUTHORISATION_URL=app.authorisation_url,
    )


async def test_a_wrong_variable_of_a_source_is_named_without_its_value_and_the_others_are_looked_at(
    shell: Shell,
) -> None:
    async with connected(shell, a_recorded_site(1)) as commands:
        wrong = commands.having(REMIT_ZENDESK_URL="hush", REMIT_ZENDESK_EMAIL="hush", REMIT_ZENDESK_TOKEN="hush")
        told = await wrong.having(REMIT_DROP_DIRECTORY="drop", REMIT_DROP_STATES="hush").remit("doctor")
    assert (told.code, told.err) == (1, "")
    assert "hush" not in told.out
    found = told.out.splitlines()[4:]
    assert [line.partition(":")[0] for line in found] == ["✗ sources", "✓ jira", "✗ sources"]
    assert [line.split(": ")[1] for line in found if line.startswith("✗")] == ["REMIT_DROP_STATES", "REMIT_ZENDESK_URL"]
