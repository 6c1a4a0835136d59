"""An API in a process of its own that is born again, on the same port, as often as it is killed."""

import asyncio
import os
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from support.processes import a_line, a_python

SCRIPT = """
import ctypes, os, signal, sys
import remit.entrypoints.cli.run
from remit.entrypoints.cli.main import main

port, log = sys.argv[1:]
sys.argv = ["remit", "serve", "--port", port]
os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
while True:
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # it ends with the process that bore it
        main()
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
"""
"""Each child begins with everything imported, which is most of what a start takes."""


@dataclass(slots=True)
class Nursery:
    """Where the API listens, and the process that is it now."""

    port: int
    process: Process
    pid: int
    log: Path

    async def kill(self) -> None:
        """End the API without a warning, and wait until the next one answers."""
        os.kill(self.pid, signal.SIGKILL)
        self.pid = int(await a_line(self.process))
        await self.listens()

    async def listens(self) -> None:
        """Returns once somebody accepts connections."""
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.01)  # nobody tells of it
                continue
            writer.close()
            return


def free_port() -> int:
    """One that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def nursery(home: Path, variables: Mapping[str, str]) -> AsyncIterator[Nursery]:
    """`variables` are the API's settings."""
    port, log = free_port(), home / "api.log"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "REMIT_LOG": "json", "REMIT_AUTH": "off", **variables}
    async with a_python(SCRIPT, str(port), log, cwd=home, env=environment) as process:
        born = Nursery(port, process, int(await a_line(process)), log)
        await born.listens()
        yield born
