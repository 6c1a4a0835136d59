"""A server that answers, byte by byte, what a test writes down."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Wire:
    """Where it listens, and every request's head so far. The last answer is repeated; b"" closes without a word."""

    url: str = ""
    heads: list[str] = field(default_factory=list)


@asynccontextmanager
async def answering_bytes(*answers: bytes, silent: bool = False) -> AsyncIterator[Wire]:
    """`silent` takes requests and never answers, until the block ends."""
    wire, over, waiting = Wire(), asyncio.Event(), list(answers)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            wire.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            if silent:
                await over.wait()
            else:
                writer.write(waiting.pop(0) if len(waiting) > 1 else waiting[0])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        over.set()
        server.close()


def answer(body: bytes, status: str = "200 OK", kind: str = "application/json", **headers: str) -> bytes:
    """A whole answer; `headers` with underscores for dashes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
