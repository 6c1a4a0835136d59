"""Jira as a source of backlog items and their history."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import cast

from remit_integrations.http import Caller, calling
from remit_integrations.jira import account, deliveries
from remit_integrations.jira.feed import JiraFeed
from remit_integrations.jira.fields import Discovery
from remit_integrations.jira.proofs import signed_for_app
from remit_integrations.jira.registration import keep_registered
from remit_integrations.jira.settings import NAME, JiraSettings
from remit_integrations.source import ALONE, Feed, Shared, Source, SourceKind
from remit_integrations.waits import Patience


def jira(settings: JiraSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """A site of Jira; raises Invalid when the account is missing, or is none of the kinds there are."""
    names, auth = account.checked(settings), account.authorisation(settings, shared, patience)
    paces, discovery = shared.paces, Discovery()
    pace = paces.of(settings.url, per_second=settings.requests_per_second) if paces is not None else None

    def called() -> AbstractAsyncContextManager[Caller]:
        return calling(
            settings.url,
            what="Jira",
            settings=names,
            address=account.ADDRESS,
            auth=auth,
            patience=patience,
            pace=pace,
        )

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        async with called() as call:
            yield JiraFeed(call, settings, discovery, shared.keeping)

    async def tend() -> None:
        if settings.webhook_url is not None:
            async with called() as call:
                await keep_registered(call, settings.webhook_url, datetime.now(UTC))

    secret = settings.client_secret
    proofs = [signed_for_app(secret.get_secret_value())] if secret is not None else []
    read = deliveries.reading(settings, *proofs)
    return Source(NAME, "jira", opened, settings.team_field, read, tend if settings.webhook_url is not None else None)


SOURCE = SourceKind("jira", JiraSettings, lambda settings, shared: jira(cast("JiraSettings", settings), shared=shared))
