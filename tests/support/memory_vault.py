"""A vault in memory."""

import asyncio

from remit.domain.ids import SourceName
from remit.ports import Renewal


class MemoryVault:
    """Keeps secrets as they are, until it cannot, as a database can go."""

    def __init__(self) -> None:
        self.secrets: dict[SourceName, bytes] = {}
        self.trouble: Exception | None = None
        """What is raised in place of keeping a secret."""
        self._one_at_a_time = asyncio.Lock()

    async def held(self, source: SourceName) -> bytes | None:
        return self.secrets.get(source)

    async def renew(self, source: SourceName, stale: bytes | None, renewal: Renewal) -> bytes:
        async with self._one_at_a_time:
            held = self.secrets.get(source)
            if held is not None and held != stale:
                return held
            renewed = await renewal(held)
            if self.trouble is not None:
                raise self.trouble
            self.secrets[source] = renewed
            return renewed
