"""Which addresses lead out into the public internet?"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""All addresses of a host; raises OSError where there is none."""
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""NAT64: the last four bytes are an IPv4 address (RFC 6052)."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """As the system finds them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def is_address(text: str) -> bool:
    """Whether a host is told by its address and not by a name."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_public(text: str) -> bool:
    """Whether an address leads out into the internet, and not to this machine, its network or its cloud's metadata."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(_leads_out(one) for one in (address, *_inside(address)))


def _leads_out(address: Address) -> bool:
    is_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or is_local)


def _inside(address: Address) -> Sequence[Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in TRANSLATED:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.teredo is not None:
        return address.teredo
    return (address.sixtofour,) if address.sixtofour is not None else ()
