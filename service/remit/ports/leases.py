"""Lets one process at a time synchronise a source."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from remit.domain.ids import SourceName


class Held(Protocol):
    """A lease that is ours."""

    async def still(self) -> None:
        """Raises Broken once it is lost. Cheap enough to be asked before every page."""
        ...


class Leases(Protocol):
    """Lets one process at a time synchronise a source; a lease ends with the process that holds it."""

    def lease(self, source: SourceName) -> AbstractAsyncContextManager[Held | None]:
        """The lease if it was free, until the block ends; else None. Raises Broken when it was lost meanwhile."""
        ...
