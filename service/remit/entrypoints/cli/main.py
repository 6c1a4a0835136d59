"""`remit`: its commands, and how each failure is told: one sentence on stderr, exit code 1; wrong usage is 2."""

import os
import sys
from asyncio import CancelledError
from importlib import import_module
from io import TextIOWrapper
from types import TracebackType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from remit.domain.errors import Invalid, RemitError
from remit.entrypoints.cli.signals import unwind_on_sigterm

ROOMS = {
    "who": ("answers", "Who is responsible for an issue or in an area, and why."),
    "load": ("load", "How loaded people are, the most loaded first."),
    "signals": ("area_signals", "What is measured in an area, and which records are behind a number."),
    "drift": ("drift", "Where the work is done by another function than declared."),
    "advice": ("advice", "What could move to the other function, and what that would come to."),
    "gaps": ("gaps", "Where the model does not hold, and what to do about it."),
    "history": ("history", "What happened to an area, a person or a responsibility, and by whom and why."),
    "up": ("run", "Everything in one process group: embedded servers, migrations, the API and the workers."),
    "serve": ("run", "The API alone; any number of them may run."),
    "worker": ("run", "The integration workers; any number may run, a lease keeps one synchronisation per source."),
    "migrate": ("migrate", "Bring the database to the schema this version needs."),
    "sync": ("sync", "One synchronisation now, with a progress bar on a terminal and lines elsewhere."),
    "model": ("model", "The responsibility model as code."),
    "token": ("tokens", "API tokens: printed once, stored hashed."),
    "webhook": ("webhooks", "Subscribers that are told of changes, each request signed."),
    "credential": ("credentials", "What is kept to enter sources."),
    "inbox": ("inbox", "Deliveries and records that could not be applied or read."),
    "doctor": ("doctor", "Check configuration, database, Redis, each source's credentials and clock; say what to do."),
    "demo": (
        "demo",
        "Recorded Jira, drawn tickets, full sync, three answered questions, feedback, loads, drift, advice, the API.",
    ),
    "standin": ("standin", "Stand-in servers on loopback, for the demo and for tests."),
}  # fmt: skip
"""Of each command: the module it is in, imported only when it is called, and its line in the list of commands."""


class Rooms(TyperGroup):
    """Lists every command and imports only the one that is called: to import them all costs a second."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(ROOMS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return TyperCommand(cmd_name, help=ROOMS[cmd_name][1]) if cmd_name in ROOMS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name is not None else command, rest


def loaded(name: str) -> Any:
    """A command, or the group of that name."""
    room = typer.main.get_group(import_module(f"remit.entrypoints.cli.{ROOMS[name][0]}").app)
    return room.commands.get(name, room)


app = typer.Typer(
    cls=Rooms,
    help="Who is responsible for what, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def remit() -> None:
    """Who is responsible for what, and why."""


def main() -> None:
    """The entry point of the `remit` program."""
    sys.excepthook = _told
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # names have letters that a terminal's encoding may lack
    unwind_on_sigterm()
    try:
        typer.main.get_command(app)(prog_name="remit")
    except RemitError as error:
        complain(error)
        raise SystemExit(1) from None
    except (KeyboardInterrupt, CancelledError):
        raise SystemExit(130) from None


def complain(error: RemitError) -> None:
    """The sentence, and for invalid input every mistake on a line of its own."""
    print(f"remit: {error.message}", file=sys.stderr)  # noqa: T201 - this is the command line
    for problem in error.problems if isinstance(error, Invalid) else ():
        print(f"  {problem}", file=sys.stderr)  # noqa: T201 - this is the command line


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody foresaw: one sentence; the whole trace for those who ask for it."""
    if os.environ.get("REMIT_TRACEBACK"):
        sys.__excepthook__(kind, error, trace)
        return
    line = (
        f"remit: this should not have happened ({kind.__name__}: {error}); repeat with REMIT_TRACEBACK=1 and report it"
    )
    print(line, file=sys.stderr)  # noqa: T201 - this is the command line
