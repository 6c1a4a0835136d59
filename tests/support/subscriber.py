"""A subscriber of changes on loopback: it answers as written down, and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Receive, Scope, Send

from remit.serving import serving
from remit.storage.deliveries import PostgresDeliveries
from remit.storage.outbox import PostgresOutbox
from remit.usecases.desk import Desk
from remit_integrations.outgoing import Outgoing
from remit_integrations.outward import handing_over


@dataclass(frozen=True)
class Got:
    """A request: its headers by lower-case name, and its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> Any:
        return orjson.loads(self.body)

    @property
    def change(self) -> int:
        return int(self.told["data"]["change"]["id"])


@dataclass
class Subscribed:
    """Answers with each of `answers` once, then with 204; with None it never answers."""

    answers: Iterator[int | None] = field(default_factory=lambda: iter(()))
    headers: Sequence[tuple[bytes, bytes]] = ()
    got: list[Got] = field(default_factory=list)
    url: str = ""
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        async with self._more:
            self.got.append(Got(scope["path"], headers, body))
            self._more.notify_all()
        status = next(self.answers, 204)
        if status is None:
            await receive()  # until it hangs up
            return
        await send({"type": "http.response.start", "status": status, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": b"a secret of theirs"})

    async def received(self, number: int) -> list[Got]:
        """Once it was sent that many requests: all of them."""
        async with asyncio.timeout(60), self._more:
            await self._more.wait_for(lambda: len(self.got) >= number)
        return self.got


@asynccontextmanager
async def a_subscriber(*answers: int | None, headers: Sequence[tuple[bytes, bytes]] = ()) -> AsyncIterator[Subscribed]:
    app = Subscribed(iter(answers), headers)
    async with serving(app, "127.0.0.1", 0) as served:
        app.url = f"{served.url}/hook"
        yield app


def telling(desk: Desk, engine: AsyncEngine, stop: asyncio.Event, *, allow_private: bool = True) -> Outgoing:
    """A worker that is not to wait."""
    client = partial(handing_over, allow_private=allow_private)
    return Outgoing(desk, PostgresOutbox(engine), PostgresDeliveries(engine), client, stop, every_s=0.01)


@asynccontextmanager
async def told(desk: Desk, engine: AsyncEngine, workers: int = 1, *, allow_private: bool = True) -> AsyncIterator[None]:
    """Workers tell subscribers of changes until the block ends; what is under way is ended well."""
    stop = asyncio.Event()
    running = [
        asyncio.create_task(telling(desk, engine, stop, allow_private=allow_private).run()) for _ in range(workers)
    ]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*running)
