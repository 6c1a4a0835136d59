"""`remit doctor`: looks at everything, whatever it finds on the way, and says what to do."""

from remit.storage.migrate import newest
from remit_integrations.standins.jira.faults import Fault, Faults
from support.asking_commands import Ended, Shell
from support.asking_jira import a_recorded_site, connected


async def test_all_is_well(shell: Shell) -> None:
    async with connected(shell, a_recorded_site(1)) as commands:
        told = await commands.remit("doctor")
    assert (told.code, told.err) == (0, "")
    assert [line.partition(":")[0] for line in told.out.splitlines()] == [
        "✓ settings", "✓ database", "✓ redis", "✓ jira",
    ]  # fmt: skip


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
        "✗ sources: the Jira source needs REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN beside REMIT_JIRA_URL\n",
        "",
    )
