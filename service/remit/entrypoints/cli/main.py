"""`remit`: its commands, and how each failure is told: one sentence on stderr, exit code 1; wrong usage is 2."""

import asyncio
import os
import sys
from types import TracebackType

import typer

from remit.domain.errors import Invalid, RemitError
from remit.entrypoints.cli import answers, demo, doctor, model, run, standin, tokens

app = typer.Typer(
    help="Who is responsible for what, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (answers, run, demo, doctor):
    room.register(app)
app.add_typer(model.app, name="model")
app.add_typer(standin.app, name="standin")
app.add_typer(tokens.app, name="token")


def main() -> None:
    """The entry point of the `remit` program."""
    sys.excepthook = _told
    try:
        typer.main.get_command(app)(prog_name="remit")
    except RemitError as error:
        complain(error)
        raise SystemExit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


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
