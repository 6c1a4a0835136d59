"""What is asked of many lists of feedback in one request, asked once."""

from collections.abc import Awaitable, Callable, Sequence

from strawberry.dataloader import DataLoader

from remit.usecases.ask_feedback import FeedbackWanted, HeardPage, feedback
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment
from remit_graphql.kit.world import World


class FeedbackLoading:
    """Loaders of one request."""

    def __init__(self, desk: Desk, world: Callable[[Moment], Awaitable[World]]) -> None:
        self._desk, self._world = desk, world
        self.pages: DataLoader[FeedbackWanted, HeardPage] = DataLoader(self._load_pages)

    async def _load_pages(self, asked: list[FeedbackWanted]) -> Sequence[HeardPage]:
        found = await feedback(self._desk, (await self._world(Moment())).snap, asked)
        return [found[one] for one in asked]
