"""A stand-in Jira with recorded issues, and a shell whose settings lead to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice

from remit_integrations.standins.jira.faults import Faults
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from support.asking_commands import Shell


def a_recorded_site(issues: int, faults: Faults | None = None) -> Site:
    """A site with the first so many recorded issues."""
    site = Site() if faults is None else Site(faults=faults)
    site.load(islice(records(default_data()), issues))
    return site


@asynccontextmanager
async def connected(shell: Shell, site: Site) -> AsyncIterator[Shell]:
    """Serves the site while the block lasts."""
    async with jira_server(site) as served:
        yield shell.having(REMIT_JIRA_URL=served.url, REMIT_JIRA_EMAIL=site.email, REMIT_JIRA_TOKEN=site.token)
