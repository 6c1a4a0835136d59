"""An app that may enter a stand-in site: its authorisation server, and access to it as a process of its own has it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from remit.ports import Vault
from remit_integrations.jira.oauth import Access, App
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.source import Shared, Source
from remit_integrations.sources.jira import jira
from remit_integrations.standins.jira.authorisation import Authority, authorisation_server
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from support.desks import JIRA, AClock
from support.jira_site import IMPATIENT, keys
from support.memory_vault import MemoryVault


@dataclass(frozen=True, slots=True)
class Played:
    """A site, its authorisation server, where they are, and the token to begin with."""

    site: Site
    clock: AClock
    authority: Authority
    url: str
    authorisation_url: str
    first: str
    vault: MemoryVault = field(default_factory=MemoryVault)

    @property
    def renewals(self) -> int:
        return len(self.authority.asked)

    def settings(self, **other: Any) -> JiraSettings:
        app = {
            "url": self.url,
            "client_id": self.authority.client_id,
            "client_secret": SecretStr(self.authority.client_secret),
            "refresh_token": SecretStr(self.first),
            "authorisation_url": self.authorisation_url,
        }
        return JiraSettings(**(app | other))

    def source(self, **other: Any) -> Source:
        """The site as a process reads it."""
        return jira(self.settings(**other), IMPATIENT, Shared(vault=self.vault))

    def access(self, vault: Vault | None = None, clock: Callable[[], datetime] | None = None, **other: Any) -> Access:
        """What a process has of the app's tokens. Its clock is the site's unless it has another."""
        told = self.settings(**other)
        assert told.client_id is not None
        assert told.client_secret is not None
        assert told.refresh_token is not None
        app = App(told.client_id, told.client_secret, told.refresh_token, told.authorisation_url)
        return Access(app, JIRA, vault or self.vault, IMPATIENT, clock or self.clock)


@asynccontextmanager
async def played(*records: dict[str, Any]) -> AsyncIterator[Played]:
    """A site with these issues, behind its gateway."""
    clock = AClock()
    site = Site(clock=clock)
    site.load(records)
    authority = Authority(site)
    async with jira_server(site) as server, authorisation_server(authority) as there:
        gateway = f"{server.url}/ex/jira/{site.cloud_id}"
        yield Played(site, clock, authority, gateway, there.url, authority.consent())


async def read(source: Source) -> list[str]:
    """The keys of a whole reading."""
    async with source.open() as feed:
        await feed.greet()
        return keys([page async for page in feed.pages(None)])
