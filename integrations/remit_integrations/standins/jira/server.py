"""Runs the stand-in Jira on loopback with recorded issues."""

import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from remit.domain.errors import Invalid
from remit.serving import Served, serving
from remit_integrations.standins.jira.app import jira_app
from remit_integrations.standins.jira.many import cycled
from remit_integrations.standins.jira.recorded import records
from remit_integrations.standins.jira.site import Flavour, Site


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


def recorded_site(data: Path, flavour: Flavour = Flavour.CLOUD, issues: int | None = None) -> Site:
    """A site that holds a file's issues, or so many by cycling them under new ids.

    Raises Invalid naming the line of what cannot be read.
    """
    site = Site(flavour=flavour)
    site.load(records(data) if issues is None else cycled(records(data), issues))
    return site
