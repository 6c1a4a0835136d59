"""Prism, a proxy that refuses what a vendor's OpenAPI document does not allow, as a child of this process."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

PRISM = "@stoplight/prism-cli@5.14"
CHECKOUT = Path(__file__).parents[2]
STARTED_WITHIN_S = 180

OF_ANOTHER_DOCUMENT = "get /rest/agile/1.0/board "
"""Boards are of Jira Software, which the vendor describes in a document of its own; the client does without them."""


class Refusal(Exception):
    """What the gate found, in a sentence."""


def refused(answer: httpx.Response, mistake: str) -> None:
    """Prism answers what it refuses with a problem of its own; the stand-in knows no problem+json."""
    if answer.status_code < 400 or "problem+json" not in answer.headers.get("content-type", ""):
        raise Refusal(f"it does not see {mistake}: {answer.status_code} {answer.text[:200]}")


class Proxy:
    """Prism under way: where it listens, and what it has complained of."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.said: list[str] = []

    def complaints(self) -> list[str]:
        return [
            line
            for line in self.said
            if re.search(r"\b(error|warning)\b", line.partition("›")[2]) and OF_ANOTHER_DOCUMENT not in line
        ]


@asynccontextmanager
async def prism(spec: Path, upstream: str) -> AsyncIterator[Proxy]:
    """Prism as a child of this process, ended with the block. npx keeps it below .tools."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *("npx", "--yes", PRISM, "proxy", "--errors", "--host", "127.0.0.1", "--port", str(port), str(spec), upstream),
        env={**os.environ, "npm_config_cache": str(CHECKOUT / ".tools" / "npm"), "NO_COLOR": "1", "FORCE_COLOR": "0"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    proxy = Proxy(f"http://127.0.0.1:{port}")
    reading = asyncio.ensure_future(read(process, proxy))
    try:
        await until(lambda: any("listening" in line for line in proxy.said), reading, proxy)
        yield proxy
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
        await reading


async def read(process: asyncio.subprocess.Process, proxy: Proxy) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        proxy.said.append(line.decode(errors="replace").rstrip())


async def until(ready: Callable[[], bool], reading: "asyncio.Future[None]", proxy: Proxy) -> None:
    for _ in range(STARTED_WITHIN_S * 10):
        if ready():
            return
        if reading.done():
            raise Refusal("prism did not start: " + " ".join(proxy.said[-5:]))
        await asyncio.wait([reading], timeout=0.1)
    raise Refusal(f"prism did not start within {STARTED_WITHIN_S} s")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
