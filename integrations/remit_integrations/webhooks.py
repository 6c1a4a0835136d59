"""`POST /webhooks/{source}`: what sources send of their own accord; proved, kept, then acknowledged."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import structlog
from fastapi import APIRouter, HTTPException, Path, Request, Response
from starlette.requests import ClientDisconnect

from remit.domain.arrivals import Arrival
from remit.domain.errors import Forbidden, Invalid
from remit.ports import Inbox
from remit_integrations.gathering import Gathering
from remit_integrations.source import Source

log = structlog.get_logger()

LARGEST_BODY_BYTES = 25 * 1024 * 1024
MOST_HELD_BYTES = 4 * LARGEST_BODY_BYTES
"""Of all deliveries under way: bodies are held before anything is known of their senders."""
UNPROVED = {"WWW-Authenticate": "Signature"}
"""A refusal for lack of a proof has to name a scheme; this one is of no registry, as the vendors' are not."""
WHY = {
    400: "it is signed, and cannot be read",
    401: "it is not signed as the source's settings say",
    404: "no such source is configured, or it takes no deliveries",
    413: "its body is larger than 25 MB",
    503: "it cannot be kept now; send it again",
}


@dataclass(slots=True)
class Room:
    """How many bytes of bodies may be held at once, and how many are."""

    most: int = MOST_HELD_BYTES
    held: int = 0

    @asynccontextmanager
    async def body(self, request: Request) -> AsyncIterator[bytes]:
        """A request's whole body; raises HTTPException as soon as it is too large, whatever its length was said to be.

        What comes after that is not held.
        """
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told[:20]) > LARGEST_BODY_BYTES:
            raise _too_large()
        mine, chunks = 0, list[bytes]()
        try:
            async for chunk in request.stream():
                mine += len(chunk)
                self.held += len(chunk)
                if mine > LARGEST_BODY_BYTES:
                    raise _too_large()
                if self.held > self.most:
                    raise HTTPException(
                        503, "too much is being delivered at once; send it again", {"Retry-After": "10"}
                    )
                chunks.append(chunk)
            whole = b"".join(chunks)
            chunks.clear()
            yield whole
        except ClientDisconnect as gone:
            raise HTTPException(400, "the sender hung up in the midst of the body") from gone
        finally:
            self.held -= mine


def webhook_routes(
    sources: Callable[[], Iterable[Source]], inbox: Callable[[], Inbox], room: Room | None = None
) -> APIRouter:
    """The route; nobody is asked for a token, since each delivery proves itself.

    A sender repeats what is answered with 5xx, and drops what is answered with 4xx. So whatever is our fault is 503.
    """
    routes = APIRouter(tags=["webhooks"])
    gathering = cache(lambda: Gathering(inbox()))
    held = room or Room()

    @routes.post(
        "/webhooks/{source}",
        status_code=204,
        summary="A delivery of a source, signed with the secret it shares with us",
        responses={status: {"description": why} for status, why in WHY.items()},
    )
    async def deliver(request: Request, source: str = Path(max_length=100)) -> Response:
        try:
            async with held.body(request) as body:
                await gathering().keep(_read(sources(), source, dict(request.headers), body))
        except HTTPException as refused:
            log.warning("inbox.refused", source=source, status=refused.status_code, reason=refused.detail)
            raise
        return Response(status_code=204)

    return routes


def _read(sources: Iterable[Source], name: str, headers: dict[str, str], body: bytes) -> Arrival:
    source = next((one for one in sources if one.name == name), None)
    if source is None:
        raise HTTPException(404, f"there is no source {name[:100]!r}; correct the address in the webhook")
    if not source.sends:
        raise HTTPException(404, f"no deliveries are taken for {name}, which is read all the same; remove the webhook")
    if source.read is None:
        raise HTTPException(401, f"{name} has no webhook secret here; set it and give the webhook the same", UNPROVED)
    try:
        return source.read(headers, body)
    except Forbidden as unproved:
        raise HTTPException(401, unproved.message, UNPROVED) from unproved
    except Invalid as unreadable:
        raise HTTPException(400, unreadable.message) from unreadable


def _too_large() -> HTTPException:
    return HTTPException(413, f"a delivery has at most {LARGEST_BODY_BYTES} bytes")
