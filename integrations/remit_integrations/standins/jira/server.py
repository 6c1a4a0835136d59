"""Runs the stand-in Jira on loopback with recorded issues."""

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from remit.domain.errors import Invalid
from remit.serving import Served, serving
from remit_integrations.standins.jira.app import jira_app
from remit_integrations.standins.jira.recorded import records
from remit_integrations.standins.jira.site import Site


@asynccontextmanager
async def jira_server(site: Site, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Served]:
    """Serve a site; raises Invalid for an address that is not loopback, which no stand-in has business on."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise Invalid(f"a stand-in serves on loopback only, not on {host}")
    async with serving(jira_app(site), host, port) as served:
        yield served


def recorded_site(data: Path) -> Site:
    """A site that holds a file's issues; raises Invalid naming the line of what cannot be read."""
    site = Site()
    site.load(records(data))
    return site
