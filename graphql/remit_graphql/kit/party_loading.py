"""What is asked of many people, teams and functions in one request, asked once."""

from collections.abc import Awaitable, Callable, Sequence

from strawberry.dataloader import DataLoader

from remit.domain.load import Signal, Window
from remit.domain.model import grouped
from remit.domain.parties import Party
from remit.domain.totals import GroupLoad
from remit.usecases.ask_load import Survey
from remit.usecases.ask_party_signals import party_signals
from remit.usecases.ask_totals import group_loads
from remit.usecases.ask_touched import touched
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment
from remit_graphql.kit.limits import MOST_WINDOWS, require
from remit_graphql.kit.world import World

TOO_MANY_WINDOWS = f"ask for signals in at most {MOST_WINDOWS} windows at once"


class PartyLoading:
    """Loaders of one request; None for whom the model of the moment does not have."""

    def __init__(
        self,
        desk: Desk,
        world: Callable[[Moment], Awaitable[World]],
        survey: Callable[[Moment, int], Awaitable[Survey]],
    ) -> None:
        self._desk, self._world, self._survey = desk, world, survey
        self.loads: DataLoader[tuple[Moment, int, Party], GroupLoad | None] = DataLoader(self._load_loads)
        self.signals: DataLoader[tuple[Moment, int, Party], tuple[Signal, ...] | None] = DataLoader(self._load_signals)
        self.touched: DataLoader[tuple[Moment, Window, Party], Signal | None] = DataLoader(self._load_touched)

    async def _load_loads(self, asked: list[tuple[Moment, int, Party]]) -> Sequence[GroupLoad | None]:
        spans = grouped(((moment, days), party) for moment, days, party in asked)
        found = {}
        for (moment, days), parties in spans.items():
            survey, snap = await self._survey(moment, days), (await self._world(moment)).snap
            found[moment, days] = await group_loads(self._desk, snap, survey, parties)
        return [found[moment, days].get(party) for moment, days, party in asked]

    async def _load_signals(self, asked: list[tuple[Moment, int, Party]]) -> Sequence[tuple[Signal, ...] | None]:
        spans = grouped(((moment, days), party) for moment, days, party in asked)
        require(len(spans) <= MOST_WINDOWS, TOO_MANY_WINDOWS)
        found = {}
        for (moment, days), parties in spans.items():
            snap = (await self._world(moment)).snap
            found[moment, days] = await party_signals(self._desk, snap, parties, days=days)
        return [found[moment, days].get(party) for moment, days, party in asked]

    async def _load_touched(self, asked: list[tuple[Moment, Window, Party]]) -> Sequence[Signal | None]:
        spans = grouped(((moment, window), party) for moment, window, party in asked)
        require(len(spans) <= MOST_WINDOWS, TOO_MANY_WINDOWS)
        found = {}
        for (moment, window), parties in spans.items():
            snap = (await self._world(moment)).snap
            found[moment, window] = await touched(self._desk, snap, parties, window)
        return [found[moment, window].get(party) for moment, window, party in asked]
