"""How a synchronisation goes: a bar on a terminal, lines elsewhere."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from remit.domain.ids import SourceName
from remit_integrations.sync import Synchronised

EVERY_S = 2.0
"""Between two lines where there is no terminal."""


class Shown:
    """A watcher for people; to be used as a context, so that the bar is put away whatever happens."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = _bar(console) if console.is_terminal else None
        self._task: TaskID | None = None
        self._told_at = 0.0

    def __enter__(self) -> "Shown":
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begins(self, source: SourceName, about: int | None) -> None:
        if self._bar is not None:
            self._task = self._bar.add_task(source, total=about)
        else:
            _line(f"{source}: about {about} records to read" if about is not None else f"{source}: reading")

    def goes_on(self, so_far: Synchronised) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=so_far.seen)
        elif time.monotonic() - self._told_at >= EVERY_S:
            self._told_at = time.monotonic()
            _line(f"{so_far.source}: {so_far.seen} read, {so_far.changed} new or changed, {so_far.parked} parked")


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _line(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the command line
