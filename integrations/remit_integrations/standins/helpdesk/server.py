"""Runs the stand-in help desk on loopback."""

import ipaddress
import lzma
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import orjson

from remit.domain.errors import Invalid
from remit.serving import Served, serving
from remit_integrations.standins.helpdesk.app import helpdesk_app
from remit_integrations.standins.helpdesk.audits import Json
from remit_integrations.standins.helpdesk.desk import HelpDesk, NoTicket
from remit_integrations.standins.helpdesk.drawn import drawn

SEED = 1
"""Of the tickets that are drawn when no file is given."""


@asynccontextmanager
async def helpdesk_server(desk: HelpDesk, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Served]:
    """Serve a desk; raises Invalid for an address that is not loopback, which no stand-in has business on."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise Invalid(f"a stand-in serves on loopback only, not on {host}")
    async with serving(helpdesk_app(desk), host, port) as served:
        yield served


def recorded_desk(data: Path) -> HelpDesk:
    """A desk that holds a file's tickets; raises Invalid naming the file and what is wrong in it."""
    desk = HelpDesk()
    try:
        desk.load(_records(data))
    except NoTicket as wrong:
        raise Invalid(f"{data.name} holds what is {wrong}") from wrong
    return desk


def drawn_desk(tickets: int, seed: int = SEED) -> HelpDesk:
    """A desk with so many tickets of the last weeks, drawn by chance. The same seed draws the same ones at one time."""
    desk = HelpDesk()
    desk.load(drawn(Random(seed), tickets, desk.clock()))
    return desk


def _records(path: Path) -> Iterator[Json]:
    if not path.is_file():
        raise Invalid(f"there is no file {path}; give --data a file of tickets, JSON lines")
    number = 0
    try:
        with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    yield orjson.loads(line)
    except orjson.JSONDecodeError as wrong:
        raise Invalid(f"{path.name} cannot be read after line {number - 1}: the next is no JSON") from wrong
    except (lzma.LZMAError, EOFError, OSError) as wrong:
        raise Invalid(f"{path.name} cannot be read after line {number}: {wrong}") from wrong
