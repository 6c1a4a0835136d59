"""Whole Remits, API and workers in one process, forked from one that imported everything: killed and born again."""

import asyncio
import json
import os
import signal
import socket
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from support.processes import Watched, a_line, a_python

SCRIPT = """
import ctypes, gc, json, os, signal, sys
import remit.entrypoints.cli.run
import alembic.command, anyio._backends._asyncio, asyncpg, httpcore, pydantic.v1, sqlalchemy.dialects.postgresql.asyncpg
import uvicorn.lifespan.off, uvicorn.protocols.http.auto, uvicorn.protocols.websockets.auto
import remit_integrations.sources.jira
from remit.entrypoints.api import application
from remit.entrypoints.cli.main import main
from remit.entrypoints.wiring import Remit
from remit.usecases.shipped import shipped_catalogue
from remit_graphql.schema import schema

schema(), shipped_catalogue(), application(Remit(None, (), None, None), auth="off")

def bury(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass

signal.signal(signal.SIGCHLD, bury)
gc.freeze()
for line in sys.stdin:
    told = json.loads(line)
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # it ends with the process that bore it
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.update(told["variables"])
        log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        sys.argv = ["remit", "up", "--port", told["port"]]
        main()
        os._exit(0)
    print(child, flush=True)
"""
"""Each child begins with everything imported and made once, which is most of what a start takes."""


@dataclass(slots=True)
class Cradle:
    """Bears processes, one after another."""

    process: Process
    turn: asyncio.Lock

    async def bear(self, variables: Mapping[str, str], port: int, log: Path) -> int:
        """The id of a new process, which listens when it is ready."""
        assert self.process.stdin is not None
        told = {"variables": dict(variables), "port": str(port), "log": str(log)}
        async with self.turn:
            self.process.stdin.write(json.dumps(told).encode() + b"\n")
            return int(await a_line(self.process))


@dataclass(slots=True)
class Reborn:
    """A Remit with its settings, its port, and the process that is it now; None between two lives.

    `room` keeps the port between two lives: bound and not listened on, nobody else is given it.
    """

    cradle: Cradle
    variables: Mapping[str, str]
    room: socket.socket
    log: Path
    pid: int | None = None
    lives: int = 0

    @property
    def port(self) -> int:
        port: int = self.room.getsockname()[1]
        return port

    @property
    def readings(self) -> int:
        """How many synchronisations it ended well, in all its lives."""
        return self.log.read_text().count('"event": "sync.done"') if self.log.exists() else 0

    async def begin(self) -> None:
        """Start it; returns before it listens."""
        self.pid = await self.cradle.bear(self.variables, self.port, self.log)
        self.lives += 1

    async def end(self) -> None:
        """Kill it without a warning, and wait until it is gone."""
        pid, self.pid = self.pid, None
        if pid is None:
            return
        try:
            watched = Watched([pid])
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:  # it ended by itself
            return
        await watched.gone()

    async def stands(self) -> None:
        """Start it again if it ended by itself, as it may when it finds no database, and as a supervisor would."""
        if self.pid is not None and not _is_there(self.pid):
            await self.begin()

    async def again(self) -> None:
        """Kill it and start the next; returns before that listens."""
        await self.end()
        await self.begin()


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def a_cradle(home: Path) -> AsyncIterator[Cradle]:
    no_authorities = home / "authorities"  # to read those of the world takes longer than a synchronisation
    no_authorities.mkdir()
    told = {"SSL_CERT_DIR": str(no_authorities), "REMIT_LOG": "json"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **told}
    async with a_python(SCRIPT, cwd=home, env=environment) as process:
        yield Cradle(process, asyncio.Lock())


@asynccontextmanager
async def a_remit(cradle: Cradle, variables: Mapping[str, str], log: Path) -> AsyncIterator[Reborn]:
    """One under way, on a port of its own."""
    with socket.socket() as room:
        room.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        room.bind(("127.0.0.1", 0))
        reborn = Reborn(cradle, variables, room, log)
        try:
            await reborn.begin()
            yield reborn
        finally:
            await reborn.end()
