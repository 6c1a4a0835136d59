"""What one request works with: one world per moment, and loaders that turn many small questions into one."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from strawberry import Info
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext

from remit.domain.answers import IssueOwnership
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.usecases.ask_ownership import Answers, area_ownership, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, Snapshot, snapshot
from remit_graphql.kit.limits import MOST_ISSUES, require

Asked = tuple[ResponsibilityKey, ...] | None
"""Which responsibilities an issue's answer should have; None for all."""


@dataclass(frozen=True, slots=True)
class IssueQuestion:
    moment: Moment
    asked: Asked
    key: str


class Context(BaseContext):
    """Made per request, so that one request sees one world and nothing is kept between requests."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._worlds: dict[Moment, asyncio.Task[Snapshot]] = {}
        self.cells: DataLoader[tuple[Moment, AreaKey], Answers] = DataLoader(self._load_cells)
        self.issues: DataLoader[IssueQuestion, IssueOwnership] = DataLoader(self._load_issues)

    async def world(self, moment: Moment) -> Snapshot:
        """The world at a moment; read once per request however many fields ask."""
        if moment not in self._worlds:
            self._worlds[moment] = asyncio.create_task(snapshot(self.desk, moment))
        return await asyncio.shield(self._worlds[moment])

    async def _load_cells(self, keys: list[tuple[Moment, AreaKey]]) -> Sequence[Answers]:
        by_moment: dict[Moment, set[AreaKey]] = defaultdict(set)
        for moment, area in keys:
            by_moment[moment].add(area)
        found = {
            moment: await area_ownership(self.desk, await self.world(moment), areas)
            for moment, areas in by_moment.items()
        }
        return [found[moment].get(area, {}) for moment, area in keys]

    async def _load_issues(self, questions: list[IssueQuestion]) -> Sequence[IssueOwnership]:
        groups: dict[tuple[Moment, Asked], list[str]] = defaultdict(list)
        for question in questions:
            groups[question.moment, question.asked].append(question.key)
        require(len(questions) <= MOST_ISSUES, f"ask for at most {MOST_ISSUES} issues at once")
        found = {
            (moment, asked): await issue_ownership(self.desk, await self.world(moment), keys, asked)
            for (moment, asked), keys in groups.items()
        }
        return [found[question.moment, question.asked][question.key] for question in questions]


Asking = Info[Context, None]
"""The `info` argument of a resolver."""


def moment_of(as_of: datetime | None, known_at: datetime | None) -> Moment:
    return Moment(as_of, known_at)
