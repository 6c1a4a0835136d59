"""The seam between what is read of Jira and how one kind of it is asked: the Cloud or a Data Center."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Raw

from remit.domain.records import Loss, Pulled, Reference


class Dialect(Protocol):
    """How a site is asked. Searches are JQL sorted by key; issues come as the bytes the site told."""

    api: str
    """Where its API begins, for example /rest/api/3."""

    def references(self) -> AsyncIterator[Sequence[Reference]]:
        """Projects, components, statuses and users; raises Rejected when no project is shown."""
        ...

    async def withheld(self) -> Sequence[str]:
        """The lists the account may not read, of those a run does without."""
        ...

    async def count(self, jql: str) -> int | None:
        """About how many issues a search shows."""
        ...

    async def oldest(self, jql: str) -> datetime | None:
        """When the first of the issues of a search was created; None when there is none, or it does not tell."""
        ...

    def found(
        self, jql: str, token: str | None, fields: Sequence[str]
    ) -> AsyncGenerator[tuple[Sequence[Raw], str | None], None]:
        """A search's pages from a token on, each with the token to go on at after it; None ends it."""
        ...

    def ids(self, jql: str) -> AsyncGenerator[Sequence[str], None]:
        """The ids of everything a search shows."""
        ...

    def histories(self, issues: Sequence[Pulled]) -> AsyncIterator[Sequence[bytes]]:
        """The whole histories of these issues, each as `history` reads it."""
        ...

    def history(self, raw: bytes) -> tuple[str, list[bytes]]:
        """An issue's id and the entries of its history; raises Unreadable."""
        ...

    async def by_id(self, ids: Sequence[str], fields: Sequence[str]) -> tuple[Sequence[Raw], Mapping[str, Loss]]:
        """At most 100 issues as they are, past any index; and those that are not there, or hidden from us."""
        ...

    async def within(self, ids: Sequence[str], restriction: str) -> frozenset[str]:
        """Those of these issues, which exist, that a restriction holds for now."""
        ...
