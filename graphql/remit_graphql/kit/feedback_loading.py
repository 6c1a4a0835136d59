"""What is asked of many lists of feedback in one request, asked once."""

from collections.abc import Awaitable, Callable, Sequence

from strawberry.dataloader import DataLoader

from remit.usecases.ask_feedback import FeedbackWanted, HeardPage, feedback
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment
from remit_graphql.kit.limits import MOST_FEEDBACK_LISTS, MOST_OF_ALL_FEEDBACK, require
from remit_graphql.kit.world import World

TOO_MANY = "ask for at most {} lists of feedback{} at once"


class FeedbackLoading:
    """Loaders of one request."""

    def __init__(self, desk: Desk, world: Callable[[Moment], Awaitable[World]]) -> None:
        self._desk, self._world = desk, world
        self.pages: DataLoader[FeedbackWanted, HeardPage] = DataLoader(self._load_pages)

    async def _load_pages(self, asked: list[FeedbackWanted]) -> Sequence[HeardPage]:
        everywhere = sum(one.area is None and one.under is None for one in asked)
        require(everywhere <= MOST_OF_ALL_FEEDBACK, TOO_MANY.format(MOST_OF_ALL_FEEDBACK, " from everywhere"))
        require(len(asked) <= MOST_FEEDBACK_LISTS, TOO_MANY.format(MOST_FEEDBACK_LISTS, ""))
        found = await feedback(self._desk, (await self._world(Moment())).snap, asked)
        return [found[one] for one in asked]
