"""A stand-in Jira with the issues a test names, and a client of it that does not wait long."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from remit.domain.errors import SourceTrouble
from remit.domain.records import Pulled
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.source import Feed, Source
from remit_integrations.sources.jira import jira
from remit_integrations.standins.jira.faults import Fault
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Flavour, Site
from remit_integrations.sync import Synchronised, synchronise
from remit_integrations.waits import Patience
from support.desks import NOW, AClock

IMPATIENT = Patience(attempts=3, first_s=0.01, longest_s=0.05)
MYSELF = "GET /rest/api/3/myself"
SERVER_INFO = "GET /rest/api/3/serverInfo"
PROJECTS = "GET /rest/api/3/project/search"
STATUSES = "GET /rest/api/3/statuses/search"
USERS = "GET /rest/api/3/users/search"
SEARCH = "POST /rest/api/3/search/jql"
COUNT = "POST /rest/api/3/search/approximate-count"
BY_ID = "POST /rest/api/3/issue/bulkfetch"
CHANGELOGS = "POST /rest/api/3/changelog/bulkfetch"


def components_of(project: str) -> str:
    """The call for a project's components."""
    return f"GET /rest/api/3/project/{project}/component"


def a_record(number: int, of: str = "SHOP", /, **fields: Any) -> dict[str, Any]:
    """A recorded issue, last changed a month ago; `fields` replaces or adds to what it says."""
    said = {
        "summary": f"Issue {number}",
        "project": {"id": f"1{sum(map(ord, of))}", "key": of, "name": of.title()},
        "issuetype": {"id": "1", "name": "Bug"},
        "status": {"id": "3", "name": "Open", "statusCategory": {"key": "new"}},
        "created": (NOW - timedelta(days=60)).isoformat(),
        "updated": (NOW - timedelta(days=30)).isoformat(),
    }
    return {"id": str(10_000 + number), "key": f"{of}-{number}", "fields": said | fields}


def a_change(id_: Any, at: datetime = NOW, **item: Any) -> dict[str, Any]:
    """A history entry with one changed field."""
    changed = {"field": "status", "fieldId": "status", "fromString": "Open", "toString": "Closed"}
    return {"id": id_, "created": at.isoformat(), "items": [changed | item]}


def a_site(*records: dict[str, Any], clock: Callable[[], datetime] | None = None, **settings: Any) -> Site:
    """A site with these issues in its index, whose clock stands still."""
    site = Site(clock=clock or AClock(), **settings)
    site.load(records)
    return site


def many(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [a_record(number, **fields) for number in range(1, count + 1)]


def a_source(url: str, site: Site, **settings: Any) -> Source:
    """The client of a site, with its credentials unless others are given."""
    email = site.email if site.flavour is Flavour.CLOUD else None
    account = {"email": email, "token": SecretStr(site.token)}
    return jira(JiraSettings(url=url, **(account | settings)), IMPATIENT)


@dataclass(frozen=True, slots=True)
class Served:
    """A site under way, and how to read it."""

    site: Site
    url: str

    async def pages(self, cursor: bytes | None = None, **settings: Any) -> list[Page]:
        """One run's pages from the cursor on."""
        async with self.feed(**settings) as feed:
            return [page async for page in feed.pages(cursor)]

    async def until_trouble(self, cursor: bytes | None = None) -> tuple[list[Page], SourceTrouble]:
        """The pages of a run that does not end well, and what ended it."""
        pages: list[Page] = []
        try:
            async with self.feed() as feed, aclosing(feed.pages(cursor)) as coming:
                async for page in coming:
                    pages.append(page)
        except SourceTrouble as trouble:
            return pages, trouble
        raise AssertionError("the run ended well")

    @asynccontextmanager
    async def feed(self, **settings: Any) -> AsyncIterator[Feed]:
        """A greeted feed."""
        async with a_source(self.url, self.site, **settings).open() as feed:
            await feed.greet()
            yield feed

    async def synchronised(self, desk: Desk, *, full: bool = False, **settings: Any) -> Synchronised:
        return await synchronise(desk, a_source(self.url, self.site, **settings), full=full)


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[Served]:
    async with jira_server(site) as server:
        yield Served(site, server.url)


def answering(told: Any, status: int = 200) -> Fault:
    """A call's answer as the test tells it."""
    return Fault(status, body=told if isinstance(told, bytes) else json.dumps(told).encode())


def keys(pages: list[Page]) -> list[str]:
    """The keys of everything that could be read, in order."""
    return [record.item.key for page in pages for record in page.items if isinstance(record, Pulled)]


def at(text: str, zone: str = "UTC") -> datetime:
    """An instant from a local time such as 2026-10-25 02:30."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
