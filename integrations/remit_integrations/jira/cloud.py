"""How Jira Cloud is asked: pages by tokens, histories and issues by id in bulk."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from datetime import datetime

import structlog
from msgspec import Raw

from remit.domain.errors import Rejected
from remit.domain.records import Loss, Pulled, Reference
from remit_integrations.http import Caller
from remit_integrations.jira import calls, references
from remit_integrations.jira.history import issue_history
from remit_integrations.jira.settings import NAME

log = structlog.get_logger()


class Cloud:
    """Fits `Dialect`."""

    api = calls.API

    def __init__(self, call: Caller) -> None:
        self._call = call

    def references(self) -> AsyncIterator[Sequence[Reference]]:
        return references.references(self._call, NAME)

    async def withheld(self) -> Sequence[str]:
        return await references.withheld(self._call)

    async def count(self, jql: str) -> int | None:
        return await calls.approximate_count(self._call, jql)

    async def oldest(self, jql: str) -> datetime | None:
        return await calls.oldest(self._call, jql)

    async def found(
        self, jql: str, token: str | None, fields: Sequence[str]
    ) -> AsyncGenerator[tuple[Sequence[Raw], str | None], None]:
        """Tokens die after a week: the search then begins anew."""
        begun, seen = token, {token} if token is not None else set[str]()
        while True:
            try:
                found = await calls.search(self._call, jql, token, fields)
            except Rejected as refused:
                if token is None or token != begun or refused.facts.get("status") != 400:
                    raise
                log.warning("jira.token_refused", source=NAME)
                token = begun = None
                continue
            token = found.next_page_token or None
            if token is not None:
                calls.fresh(token, seen)
            yield found.issues or (), token
            if token is None:
                return

    async def ids(self, jql: str) -> AsyncGenerator[Sequence[str], None]:
        async for batch in calls.ids(self._call, jql):
            yield batch

    async def histories(self, issues: Sequence[Pulled]) -> AsyncIterator[Sequence[bytes]]:
        async for page in calls.changelogs(self._call, {pulled.item.id for pulled in issues}):
            yield [bytes(raw) for raw in page]

    def history(self, raw: bytes) -> tuple[str, list[bytes]]:
        return issue_history(raw)

    async def by_id(self, ids: Sequence[str], fields: Sequence[str]) -> tuple[Sequence[Raw], Mapping[str, Loss]]:
        """What is not shown is deleted or hidden: the Cloud does not tell the two apart."""
        told, absent = await calls.by_id(self._call, ids, fields)
        return told, dict.fromkeys(sorted(absent), Loss.NOT_VISIBLE)

    async def within(self, ids: Sequence[str], restriction: str) -> frozenset[str]:
        inside: frozenset[str] = frozenset()
        for start in range(0, len(ids), calls.RECONCILED):
            inside |= await calls.within(self._call, ids[start : start + calls.RECONCILED], restriction)
        return inside
