"""The way to servers that subscribers name: one client for one message, to public addresses only."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from remit.domain.errors import Invalid
from remit_integrations.addresses import Resolve, is_address, is_public, resolved

MOST_PORT = 65535
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)


class NotAllowed(httpx.ConnectError):
    """The host has an address that must not be called."""


def require_callable(url: str, *, allow_private: bool = False) -> None:
    """Raises Invalid, saying what is wrong, for an address that could not be called whatever its host turns out to be.

    What the name of the host leads to is looked at in each call.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as wrong:
        raise Invalid(f"the address of a webhook is no URL ({wrong})") from wrong
    if address.scheme not in ("https", "http") or not address.host:
        raise Invalid("the address of a webhook is a URL such as https://example.org/remit")
    if not _may_be_host(address.raw_host.decode("ascii")):
        raise Invalid(f"{address.host!r} cannot be the name of a host; check the spelling of the webhook's address")
    if address.port is not None and not 0 < address.port <= MOST_PORT:
        raise Invalid(f"a port is a number from 1 to {MOST_PORT}, not {address.port}; correct the webhook's address")
    if address.userinfo or address.fragment:
        raise Invalid("the address of a webhook has no user, password or fragment; the signature tells who sent it")
    if allow_private:
        return
    if address.scheme == "http":
        raise Invalid("a webhook is called over https; REMIT_WEBHOOKS_ALLOW_PRIVATE=true allows http")
    if is_address(address.host) and not is_public(address.host):
        raise Invalid(f"{address.host} is not a public address; REMIT_WEBHOOKS_ALLOW_PRIVATE=true allows it")


def _may_be_host(host: str) -> bool:
    return is_address(host) or (len(host) <= 253 and _NAME.fullmatch(host) is not None)


@asynccontextmanager
async def handing_over(*, allow_private: bool = False, resolve: Resolve = resolved) -> AsyncIterator[httpx.AsyncClient]:
    """A client that follows no redirect, keeps no connection and asks no proxy, which would look hosts up by itself.

    Certificate authorities are those of the environment. Unlike the clients of sources it may be cancelled, since
    nobody else waits for its pool.
    """
    limits = httpx.Limits(max_keepalive_connections=0)
    inner = httpx.AsyncHTTPTransport(verify=httpx.create_ssl_context(), trust_env=False, limits=limits)
    async with httpx.AsyncClient(
        transport=Checked(inner, resolve, allow_private=allow_private),
        timeout=httpx.Timeout(connect=10, read=15, write=15, pool=10),
        headers={"Accept": "*/*", "User-Agent": "remit"},
        follow_redirects=False,
        trust_env=False,
    ) as client:
        yield client


class Checked(httpx.AsyncBaseTransport):
    """Calls only hosts all of whose addresses are public, and calls the very address that was looked at.

    A name that is looked up again could lead elsewhere the second time. Certificates are checked for the name.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, resolve: Resolve = resolved, *, allow_private: bool = False
    ) -> None:
        self._inner, self._resolve, self._allow_private = inner, resolve, allow_private

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode()
        try:
            found = await self._resolve(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        except (OSError, UnicodeError) as unknown:
            raise httpx.ConnectError("its host has no address") from unknown
        if not found:
            raise httpx.ConnectError("its host has no address")
        if not self._allow_private and not all(map(is_public, found)):
            raise NotAllowed("its host has an address that is not public")
        request.extensions = {**request.extensions, "sni_hostname": host}
        *others, last = dict.fromkeys(found)
        for address in others:
            try:
                return await self._at(request, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):  # the next of several addresses may answer
                continue
        return await self._at(request, last)

    async def _at(self, request: httpx.Request, address: str) -> httpx.Response:
        to = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,  # among them `Host`, with the name
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._inner.handle_async_request(to)

    async def aclose(self) -> None:
        await self._inner.aclose()
