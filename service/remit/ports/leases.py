"""Lets one process at a time synchronise a source."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from remit.domain.ids import SourceName


class Leases(Protocol):
    """Lets one process at a time synchronise a source; a lease ends with the process that holds it."""

    def lease(self, source: SourceName) -> AbstractAsyncContextManager[bool]:
        """Whether the lease was free; held until the block ends. Raises Broken when it was lost meanwhile."""
        ...
