"""HTTP/1.1 over a bare socket: what the fastest client could do, to measure others against."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class PlainConnection:
    """One kept-alive connection; the request is given as bytes, the answer's body comes back as bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def exchange(self, request: bytes) -> bytes:
        """The body of the answer; anything but status 200 with a Content-Length fails."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return await self._reader.readexactly(int(length.partition(b":")[2]))


@asynccontextmanager
async def plain_connection(url: str) -> AsyncIterator[PlainConnection]:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=2**26)
    try:
        yield PlainConnection(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


def post(path: str, body: bytes, *, user: str | None = None) -> bytes:
    """A POST of JSON; `user` is `name:password` for Basic authentication."""
    credentials = f"Authorization: Basic {base64.b64encode(user.encode()).decode()}\r\n" if user is not None else ""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{credentials}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
