"""What is asked of the records behind many numbers in one request, asked once."""

from collections.abc import Awaitable, Callable, Sequence

from strawberry.dataloader import DataLoader

from remit.domain.model import grouped
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment
from remit.usecases.trace_signals import TracedPage, TraceQuestion, trace_signals
from remit_graphql.kit.limits import MOST_TRACES, require
from remit_graphql.kit.world import World


class TraceLoading:
    """Loaders of one request."""

    def __init__(self, desk: Desk, world: Callable[[Moment], Awaitable[World]]) -> None:
        self._desk, self._world = desk, world
        self.records: DataLoader[tuple[Moment, TraceQuestion], TracedPage] = DataLoader(self._load_records)

    async def _load_records(self, asked: list[tuple[Moment, TraceQuestion]]) -> Sequence[TracedPage]:
        require(len(asked) <= MOST_TRACES, f"ask for the records of at most {MOST_TRACES} numbers at once")
        found = {
            moment: await trace_signals(self._desk, (await self._world(moment)).snap, questions)
            for moment, questions in grouped(asked).items()
        }
        return [found[moment][question] for moment, question in asked]
