"""What the commands say of themselves, and how wrong usage ends."""

import pytest
from typer.testing import CliRunner

from remit.entrypoints.cli.main import ROOMS, app, loaded
from support.asking_commands import PROGRAM, Shell

COMMANDS = [
    *([name] for name in ROOMS),
    *(["model", name] for name in ("plan", "apply", "export")),
    *(["token", name] for name in ("create", "list", "revoke")),
    *(["standin", name] for name in ("jira", "helpdesk")),
]
TELL_MODULES = f"""
import atexit, sys
heavy = {{"strawberry", "graphql", "fastapi", "uvicorn", "alembic"}}
atexit.register(lambda: print("imported:", *sorted(heavy & set(sys.modules)), file=sys.stderr))
{PROGRAM}
"""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_tells_what_it_does(command: list[str]) -> None:
    told = CliRunner().invoke(app, [*command, "--help"], prog_name="remit")
    assert (told.exit_code, told.stderr) == (0, "")
    assert f"remit {' '.join(command)}" in " ".join(told.stdout.split())


@pytest.mark.parametrize("name", ROOMS)
def test_the_list_of_commands_says_what_each_command_says_of_itself(name: str) -> None:
    assert loaded(name).help.partition("\n")[0].startswith(ROOMS[name][1])


def test_the_list_has_every_command() -> None:
    told = CliRunner().invoke(app, ["-h"])
    assert told.exit_code == 0
    assert [name for name in ROOMS if f" {name} " not in told.stdout] == []


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["who"], ["who", "A-1", "--nonsense"], ["serve", "--port", "99999"], ["token", "create", "x", "--scope", "all"]],  # noqa: E501
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    told = CliRunner().invoke(app, arguments)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "Usage: " in told.stderr


async def test_listing_the_commands_imports_none_of_them(bare_shell: Shell) -> None:
    told = await bare_shell.remit("--help", program=TELL_MODULES)
    assert (told.code, told.err) == (0, "imported:\n")


async def test_who_imports_no_server_and_no_migration(shell: Shell) -> None:
    told = await shell.remit("who", "NO-1", program=TELL_MODULES)
    assert (told.code, told.err) == (0, "imported:\n")


async def test_letters_that_the_encoding_of_the_output_lacks_do_no_harm(bare_shell: Shell) -> None:
    told = await bare_shell.having(PYTHONIOENCODING="ascii").remit("doctor")
    assert "? settings: every REMIT_ variable is known" in told.out
    assert "UnicodeEncodeError" not in told.err
