"""Runs `remit` as a user does, in a process and an environment of its own."""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from support.processes import a_python

PATIENCE_S = 60
PROGRAM = "from remit.entrypoints.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Shell:
    """A directory without a `.env` and an environment that holds nothing of ours but what a test sets."""

    home: Path
    variables: Mapping[str, str]

    def having(self, **variables: str) -> "Shell":
        return Shell(self.home, {**self.variables, **variables})

    async def remit(self, *arguments: str, stdin: str = "", program: str = PROGRAM) -> Ended:
        """Run a command to its end."""
        async with self.remit_running(*arguments, program=program) as process:
            out, err = await process.communicate(stdin.encode())
        return Ended(process.returncode or 0, out.decode(), err.decode())

    @asynccontextmanager
    async def remit_running(self, *arguments: str, program: str = PROGRAM) -> AsyncIterator[Process]:
        """A command while it runs; killed at the end of the block if it still does."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
        environment = {**kept, "HOME": str(self.home), "COLUMNS": "120", **self.variables}
        async with a_python(program, *arguments, cwd=self.home, env=environment) as process:
            yield process


async def heard(process: Process, words: str) -> str:
    """The first line with these words that a running command says on stderr; fails with what it said instead."""
    assert process.stderr is not None
    said: list[str] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            async for line in process.stderr:
                said.append(line.decode())
                if words in said[-1]:
                    return said[-1]
    raise AssertionError(f"it never said {words!r} but: {''.join(said)}")


async def end(process: Process, number: int) -> Ended:
    """Send a signal and wait for what the command makes of it."""
    process.send_signal(number)
    out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())
