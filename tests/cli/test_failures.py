"""What goes wrong is told in one sentence on stderr that says what to do, with exit code 1 and never a traceback."""

import pytest

from remit.storage.migrate import newest
from support.asking_commands import PROGRAM, Ended, Shell

JIRA = {"REMIT_JIRA_URL": "http://127.0.0.1:1", "REMIT_JIRA_EMAIL": "a@example.com", "REMIT_JIRA_TOKEN": "hush"}
NO_SOURCE = "no source is configured; set REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN"
ONLY_LOOPBACK = "REMIT_AUTH=off answers anybody, so it is allowed on loopback only, not on 0.0.0.0; bind to 127.0.0.1 or use REMIT_AUTH=token"  # noqa: E501


def failed(sentence: str) -> Ended:
    return Ended(1, "", f"remit: {sentence}\n")


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (["serve", "--host", "0.0.0.0"], {"REMIT_AUTH": "off"}, ONLY_LOOPBACK),
        (["up", "--host", "0.0.0.0"], {"REMIT_AUTH": "off"}, ONLY_LOOPBACK),
        (["who", "A-1"], {"REMIT_DATABASE_URL": "sqlite:///hush"}, "REMIT_DATABASE_URL must begin with postgresql://, not sqlite://"),  # noqa: E501
        (["who", "A-1", "--as-of", "2026-01-01T00:00:00"], {}, "--as-of '2026-01-01T00:00:00' has no offset; write for example 2026-01-01T00:00:00Z"),  # noqa: E501
        (["model", "plan", "nowhere.yaml"], {}, "nowhere.yaml cannot be read: No such file or directory"),
        (["model", "plan", "/proc/self/exe"], {}, "/proc/self/exe cannot be read: it is not UTF-8 text"),
        (["standin", "jira", "--host", "0.0.0.0"], {}, "a stand-in serves on loopback only, not on 0.0.0.0"),
        (["standin", "jira", "--data", "nowhere"], {}, "there is no file nowhere; give --data a file of recorded issues"),  # noqa: E501
        (["standin", "helpdesk", "--host", "0.0.0.0"], {}, "a stand-in serves on loopback only, not on 0.0.0.0"),
        (["standin", "helpdesk", "--data", "nowhere"], {}, "there is no file nowhere; give --data a file of tickets, JSON lines"),  # noqa: E501
        (["standin", "helpdesk", "--data", "/proc/self/exe"], {}, "exe cannot be read after line 0: the next is no JSON"),  # noqa: E501
        (["token", "create", " "], {}, "give the token a name that tells what it is for"),
    ],
    ids=lambda told: " ".join(told) if isinstance(told, list) else "",
)  # fmt: skip
async def test_before_anything_is_started(
    bare_shell: Shell, arguments: list[str], variables: dict[str, str], sentence: str
) -> None:
    assert await bare_shell.having(**variables).remit(*arguments) == failed(sentence)
    assert not (bare_shell.home / "data" / "postgres").exists()


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (["sync"], {}, NO_SOURCE),
        (["worker"], {}, NO_SOURCE),
        (["sync", "github"], JIRA, "there is no source 'github'; configured: jira"),
        (["sync"], {"REMIT_JIRA_URL": "http://127.0.0.1:1"}, "the Jira source needs REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN beside REMIT_JIRA_URL; docs/sources.md tells of other accounts and of apps"),  # noqa: E501
        (["who", "A-1"], {"REMIT_REDIS_URL": "redis://:hush@127.0.0.1:x"}, "REMIT_REDIS_URL is not a URL; write redis://user:password@host:port/0"),
        (["model", "export"], {}, "there is no model yet; write one with the organisation and `remit model apply` it"),
        (["serve", "--port", "0", "--host", "192.0.2.1"], {}, "cannot listen on 192.0.2.1:0 (Cannot assign requested address); choose another --host or --port"),  # noqa: E501
    ],
    ids=lambda told: " ".join(told) if isinstance(told, list) else "",
)  # fmt: skip
async def test_once_the_database_is_there(
    shell: Shell, arguments: list[str], variables: dict[str, str], sentence: str
) -> None:
    assert await shell.having(**variables).remit(*arguments) == failed(sentence)


async def test_wrong_settings_are_all_named_and_none_of_their_values_shown(bare_shell: Shell) -> None:
    wrong = {"REMIT_AUTH": "hush", "REMIT_POLL_SECONDS": "hush", "REMIT_UNKNOWN_AFTER": "hush", "REMIT_LOG": "hush"}
    told = await bare_shell.having(**wrong).remit("who", "A-1")
    assert (told.code, told.out) == (1, "")
    assert {line.partition(":")[0].strip() for line in told.err.splitlines()[1:]} == set(wrong)
    assert "hush" not in told.err


async def test_a_database_that_is_gone_is_named_without_its_password(bare_shell: Shell) -> None:
    told = await bare_shell.having(REMIT_DATABASE_URL="postgresql://remit:hush@127.0.0.1:1/x").remit("serve")
    assert (told.code, told.out, told.err.count("\n")) == (1, "", 1)
    assert told.err.startswith("remit: the database postgresql")
    assert "hush" not in told.err


async def test_a_database_without_the_schema_says_what_to_run(shell: Shell, postgres_url: str) -> None:
    told = await shell.having(REMIT_DATABASE_URL=postgres_url).remit("serve", "--port", "0")
    assert told == failed(f"the database schema is at nothing, this needs {newest()}; run `remit migrate`")


async def test_a_settings_file_that_is_no_text_is_named(bare_shell: Shell) -> None:
    (bare_shell.home / ".env").write_bytes(b"\xff\xfe")
    assert await bare_shell.remit("who", "A-1") == failed(".env cannot be read: it is not UTF-8 text")


async def test_what_nobody_foresaw_is_one_sentence_unless_the_trace_is_asked_for(bare_shell: Shell) -> None:
    program = f"from remit.entrypoints.cli.main import ROOMS; ROOMS['who'] = ('nowhere', '')\n{PROGRAM}"
    short = await bare_shell.remit("who", "A-1", program=program)
    whole = await bare_shell.having(REMIT_TRACEBACK="1").remit("who", "A-1", program=program)
    assert (short.code, short.err.count("\n")) == (1, 1)
    assert short.err.startswith("remit: this should not have happened (ModuleNotFoundError: ")
    assert whole.err.startswith("Traceback")
