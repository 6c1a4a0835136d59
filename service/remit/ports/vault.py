"""Keeps credentials that change by themselves, such as refresh tokens that are good once."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from remit.domain.ids import SourceName

Renewal = Callable[[bytes | None], Awaitable[bytes]]
"""From the secret held now, None when there is none yet, to the one that takes its place."""


class Vault(Protocol):
    """One secret for each source, encrypted at rest."""

    async def held(self, source: SourceName) -> bytes | None:
        """The secret in force; None before the first."""
        ...

    async def renew(self, source: SourceName, stale: bytes | None, renewal: Renewal) -> bytes:
        """Put another secret in the place of a stale one, once however many processes want to, and return it.

        One that was renewed by another process meanwhile is returned as it is. What `renewal` raises leaves everything
        as it was.
        """
        ...
