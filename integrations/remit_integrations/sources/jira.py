"""Jira as a source of backlog items and their history."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from remit.domain.errors import Invalid
from remit_integrations.http import Patience, calling
from remit_integrations.jira.cloud import CloudFeed
from remit_integrations.jira.settings import NAME, JiraSettings
from remit_integrations.source import ALONE, Feed, Shared, Source, SourceKind


def jira(settings: JiraSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """A site of Jira Cloud; raises Invalid when the account is missing."""
    if settings.email is None or settings.token is None:
        raise Invalid("the Jira source needs REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN beside REMIT_JIRA_URL")
    auth = (settings.email, settings.token.get_secret_value())

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        names = "REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN"
        async with calling(settings.url, what="Jira", settings=names, auth=auth, patience=patience) as call:
            yield CloudFeed(call, settings)

    return Source(NAME, "jira", opened, settings.team_field)


SOURCE = SourceKind("jira", JiraSettings, lambda settings, shared: jira(cast("JiraSettings", settings), shared=shared))
