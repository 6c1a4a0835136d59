"""Other processes: what they start, and when they have ended."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def a_python(script: str, *arguments: str | Path, **options: object) -> AsyncIterator[Process]:
    """A Python that runs a script, with pipes; killed at the latest when the block ends."""
    told = [str(argument) for argument in arguments]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *told, stdin=PIPE, stdout=PIPE, stderr=PIPE, **options
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def a_line(process: Process) -> str:
    """The next line a process prints; fails with what it said on stderr when it ends instead."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        _, said = await process.communicate()
        raise AssertionError(said.decode())
    return line.decode().rstrip("\n")


def started_by(pid: int) -> dict[int, str]:
    """Processes below one, with their names."""
    parents: dict[int, tuple[int, str]] = {}
    for told in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = told.read_text().partition("(")[2].rpartition(") ")
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        parents[int(told.parent.name)] = int(rest.split()[1]), name
    found: dict[int, str] = {}
    above = {pid}
    while above:
        below = {child: name for child, (parent, name) in parents.items() if parent in above}
        found |= below
        above = set(below)
    return found


class Watched:
    """Processes to wait for; made while they run, so that a number used again cannot deceive."""

    def __init__(self, pids: Collection[int]) -> None:
        self._descriptors = [os.pidfd_open(pid) for pid in pids]

    async def gone(self) -> None:
        """Returns once all of them have ended."""
        loop = asyncio.get_running_loop()
        for descriptor in self._descriptors:
            ended = asyncio.Event()
            loop.add_reader(descriptor, ended.set)
            await ended.wait()
            loop.remove_reader(descriptor)
            os.close(descriptor)
