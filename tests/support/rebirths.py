"""Whole Remits, API and workers in one process, forked from one that imported everything: killed and born again."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from support.nursery import free_port
from support.processes import Watched, a_line, a_python

SCRIPT = """
import ctypes, gc, json, os, signal, sys
import remit.entrypoints.cli.run
import asyncpg, remit_integrations.sources.jira, sqlalchemy.dialects.postgresql.asyncpg
from remit.entrypoints.cli.main import main
from remit.usecases.shipped import shipped_catalogue
from remit_graphql.schema import schema

schema(), shipped_catalogue()

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
"""Each child begins with everything imported, which is most of what a start takes."""


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
    """A Remit with its settings, its port, and the process that is it now; None between two lives."""

    cradle: Cradle
    variables: Mapping[str, str]
    port: int
    log: Path
    pid: int | None = None
    lives: int = 0

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
        except ProcessLookupError:  # it ended by itself, as it may when its database is gone
            return
        await watched.gone()

    async def again(self) -> None:
        """Kill it and start the next; returns before that listens."""
        await self.end()
        await self.begin()


@asynccontextmanager
async def a_cradle(home: Path) -> AsyncIterator[Cradle]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "REMIT_LOG": "json"}
    async with a_python(SCRIPT, cwd=home, env=environment) as process:
        yield Cradle(process, asyncio.Lock())


@asynccontextmanager
async def a_remit(cradle: Cradle, variables: Mapping[str, str], log: Path) -> AsyncIterator[Reborn]:
    """One under way, on a port of its own."""
    reborn = Reborn(cradle, variables, free_port(), log)
    try:
        await reborn.begin()
        yield reborn
    finally:
        await reborn.end()
