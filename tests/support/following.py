"""A desk whose looks are counted: three people in two places, and a source that has just been read."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from remit.domain.ids import SourceName
from remit.ports import Basis, SourceState
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from support.desks import JIRA, NOW, AClock, a_desk, an_issue, pulled
from support.memory_evidence import MemoryEvidence
from support.memory_mirror import MemoryMirror

MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
people:
  - {key: ana, name: Ana, function: product_management, capacity_hours: 40}
  - {key: pat, name: Pat, function: product_operations, capacity_hours: 10}
  - {key: zoe, name: Zoe, function: product_operations}
areas:
  - {key: billing, name: Billing, kind: team, parent: acme, jira: [{project: BILL}]}
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, jira: [{project: SHOP, component: Checkout}]}
assignments:
  - {area: billing, responsibility: all, function: product_operations, owner: zoe}
  - {area: shop, responsibility: all, function: product_management, owner: ana}
  - {area: checkout, responsibility: all, function: product_operations, owner: pat}
"""
"""A product of Ana's with a team whose operations are Pat's, and another team, run by Zoe, who tells no hours."""


class WatchedMirror(MemoryMirror):
    """Counts how often somebody looked how the sources are doing, which fails with `trouble` while there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.trouble: Exception | None = None
        self._more = asyncio.Condition()

    async def sources(self, known_at: datetime | None = None) -> tuple[SourceState, ...]:
        async with self._more:
            self.looks += 1
            self._more.notify_all()
        if self.trouble is not None:
            raise self.trouble
        return await super().sources(known_at)

    async def looked(self, times: int) -> None:
        """Once so many more looks have begun: all but the last of them are over."""
        wanted = self.looks + times
        async with asyncio.timeout(60), self._more:
            await self._more.wait_for(lambda: self.looks >= wanted)


class WatchedEvidence(MemoryEvidence):
    """Counts how often loads were worked out: what records rest on is asked for each time."""

    evaluations = 0

    async def basis(self) -> Mapping[SourceName, Basis]:
        self.evaluations += 1
        return await super().basis()


@dataclass
class Followed:
    """The desk, its clock, and what is watched; its records are ours to add to."""

    desk: Desk
    clock: AClock
    mirror: WatchedMirror
    evidence: WatchedEvidence
    _taken: int = field(default=0)

    async def came(self, count: int = 1, component: str = "Checkout", project: str = "SHOP") -> None:
        """So many issues have just come."""
        numbers = range(self._taken, self._taken + count)
        self._taken += count
        at = self.clock() - timedelta(minutes=1)
        issues = [an_issue(f"{project}-{one}", created=at, components=(component,)) for one in numbers]
        await take_records(self.desk, JIRA, Page(tuple(pulled(issue) for issue in issues)))
        await self.read()

    async def read(self) -> None:
        """The source has just been read completely."""
        await self.mirror.succeeded(JIRA, self.clock(), b"a cursor")


async def followed(model: str = MODEL, issues: int = 40) -> Followed:
    """Forty issues came to the checkout three days ago. Its source is to be read every fifteen minutes."""
    clock, mirror = AClock(NOW - timedelta(days=3)), WatchedMirror()
    evidence = WatchedEvidence(mirror)
    desk = replace(await a_desk(model=model, mirror=mirror, clock=clock), evidence=evidence)
    found = Followed(desk, clock, mirror, evidence)
    await found.came(issues)
    clock.now = NOW
    await found.read()
    return found
