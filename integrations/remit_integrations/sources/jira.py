"""Jira as a source of backlog items and their history."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from remit_integrations.http import calling
from remit_integrations.jira import account, deliveries
from remit_integrations.jira.cloud import CloudFeed
from remit_integrations.jira.settings import NAME, JiraSettings
from remit_integrations.source import ALONE, Feed, Shared, Source, SourceKind
from remit_integrations.waits import Patience


def jira(settings: JiraSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """A site of Jira; raises Invalid when the account is missing, or is none of the kinds there are."""
    names, auth = f"{account.ADDRESS}, {account.checked(settings)}", account.authorisation(settings, shared, patience)
    paces = shared.paces
    pace = paces.of(settings.url, per_second=settings.requests_per_second) if paces is not None else None

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        async with calling(
            settings.url,
            what="Jira",
            settings=names,
            address=account.ADDRESS,
            auth=auth,
            patience=patience,
            pace=pace,
        ) as call:
            yield CloudFeed(call, settings)

    return Source(NAME, "jira", opened, settings.team_field, deliveries.reading(settings))


SOURCE = SourceKind("jira", JiraSettings, lambda settings, shared: jira(cast("JiraSettings", settings), shared=shared))
