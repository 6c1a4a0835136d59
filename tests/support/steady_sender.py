"""Sends requests at a steady rate from a process of its own, whatever the answers take, and tells what each took."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from support.processes import a_line, a_python

CONNECTIONS = 32
RUN = "from support.steady_sender import main; main()"


class Request(msgspec.Struct, frozen=True):
    """What is to be sent: its name, and every byte of it."""

    id: str
    sent: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """When a request was due, in seconds since 1970, how long after that its answer was whole, and the status."""

    due: float
    took_s: float
    status: int


def delivery(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of a POST."""
    address = urlsplit(url)
    lines = [f"POST {address.path} HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def sent_steadily(url: str, requests: Sequence[Request], per_second: float, at: Path) -> Mapping[str, Answered]:
    """Send them from a process of its own; `at` is a file to hand them over in. An answer that is late delays none."""
    await asyncio.to_thread(at.write_bytes, msgspec.msgpack.encode(requests))
    tests = str(Path(__file__).parents[1])
    async with a_python(RUN, url, at, str(per_second), env={"PYTHONPATH": tests}) as process:
        assert await a_line(process) == "sent"
    told = msgspec.json.decode(await asyncio.to_thread(at.read_bytes), type=dict[str, tuple[float, float, int]])
    return {id_: Answered(*one) for id_, one in told.items()}


def main() -> None:
    """The sending process: its arguments are the address, the file and the rate."""
    url, at, per_second = sys.argv[1:]
    requests = msgspec.msgpack.decode(Path(at).read_bytes(), type=list[Request])
    answered = asyncio.run(_all(url, requests, float(per_second)))
    Path(at).write_bytes(msgspec.json.encode(answered))
    sys.stdout.write("sent\n")


async def _all(url: str, requests: Sequence[Request], per_second: float) -> Mapping[str, tuple[float, float, int]]:
    answered: dict[str, tuple[float, float, int]] = {}
    async with _connections(url) as free:
        begins = time.time() + 0.2

        async def send(number: int, request: Request) -> None:
            due = begins + number / per_second
            await asyncio.sleep(due - time.time())
            reader, writer = connection = await free.get()
            writer.write(request.sent)
            head = await reader.readuntil(b"\r\n\r\n")
            answered[request.id] = (due, time.time() - due, int(head.split(b" ", 2)[1]))
            free.put_nowait(connection)

        await asyncio.gather(*(send(number, one) for number, one in enumerate(requests)))
    return answered


@asynccontextmanager
async def _connections(
    url: str,
) -> AsyncIterator["asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]"]:
    """Kept alive, opened beforehand, used in turn: one that rests for five seconds is closed. Answers have no body."""
    address = urlsplit(url)
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(address.hostname, address.port))
    yield free
    while not free.empty():
        _, writer = free.get_nowait()
        writer.close()
