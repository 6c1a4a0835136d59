"""Who may ask: API tokens as `Authorization: Bearer`, or nobody is asked on loopback."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from fastapi import HTTPException
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from remit.domain.errors import Invalid
from remit.domain.viewer import STRANGER, Scope, Viewer
from remit.storage import tokens

Guard = Callable[[HTTPConnection], Awaitable[None]]


def guard(mode: str, engine: Callable[[], AsyncEngine]) -> Guard:
    """A dependency that lets only requests with a valid token through, or every one when `mode` is `off`.

    It leaves the viewer in the request's state: the holder of the token, or `anonymous`.
    """

    async def by_token(connection: HTTPConnection) -> None:
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise HTTPException(401, "send a token as `Authorization: Bearer ...`; `remit token create` makes one")
        viewer = await tokens.viewer_of(engine(), token.strip())
        if viewer is None:
            refused = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise HTTPException(401, "this token does not open; it may have been revoked", refused)
        connection.state.viewer = viewer

    async def nobody_asked(connection: HTTPConnection) -> None:
        connection.state.viewer = replace(STRANGER, scope=Scope.ADMIN) if _names_loopback(connection) else STRANGER

    return nobody_asked if mode == "off" else by_token


def _names_loopback(connection: HTTPConnection) -> bool:
    """Whether the request was meant for this machine, and not sent by a page from elsewhere.

    A page in somebody's browser may reach us under a name of its own that it lets point to loopback, or send a form to
    our own; such a one may read, as anybody here may, and not change anything. Browsers tell where a page is from.
    """
    host = connection.headers.get("host", "").strip().lower()
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    origin = connection.headers.get("origin")
    return is_loopback(name) and (origin is None or origin.lower().partition("://")[2] == host)


Admit = Callable[[HTTPConnection, object], Awaitable[Viewer | None]]


def admission(mode: str, engine: Callable[[], AsyncEngine]) -> Admit:
    """Who opened a socket: as for requests, or by `authorization` among the parameters of its first message.

    A browser cannot send headers of its own with a handshake.
    """

    async def by_token(connection: HTTPConnection, told: object) -> Viewer | None:
        parameters = {str(name).lower(): value for name, value in told.items()} if isinstance(told, Mapping) else {}
        asked = connection.headers.get("authorization") or parameters.get("authorization")
        scheme, _, token = asked.partition(" ") if isinstance(asked, str) else ("", "", "")
        return await tokens.viewer_of(engine(), token.strip()) if scheme.lower() == "bearer" and token else None

    async def nobody_asked(connection: HTTPConnection, told: object) -> Viewer | None:
        return STRANGER

    return nobody_asked if mode == "off" else by_token


def require_safe_bind(mode: str, host: str) -> None:
    """Raises Invalid for an address other machines reach while nobody is asked for a token."""
    if mode == "off" and not is_loopback(host):
        raise Invalid(
            f"REMIT_AUTH=off answers anybody, so it is allowed on loopback only, not on {host}; "
            "bind to 127.0.0.1 or use REMIT_AUTH=token"
        )


def is_loopback(host: str) -> bool:
    """Whether an address is one that only this machine reaches."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
