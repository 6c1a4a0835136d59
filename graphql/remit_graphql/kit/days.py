"""Loaders of what was kept of days: however many areas or people a page has, they are asked about together."""

from collections.abc import Mapping, Sequence

from strawberry.dataloader import DataLoader

from remit.domain.days import LoadPoint, SignalHistory
from remit.domain.ids import OwnerKey
from remit.domain.model import grouped
from remit.usecases.ask_days import Days, load_histories, signal_histories
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit_graphql.kit.limits import MOST_POINTS, MOST_WINDOWS, require

Names = tuple[str, ...]
SignalsAsked = tuple[tuple[Names, Days], Question]
LoadAsked = tuple[Days, OwnerKey]


class DayLoaders:
    """Those of one request."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.signals: DataLoader[SignalsAsked, tuple[SignalHistory, ...]] = DataLoader(self._load_signals)
        self.loads: DataLoader[LoadAsked, tuple[LoadPoint, ...]] = DataLoader(self._load_loads)

    async def _load_signals(self, asked: list[SignalsAsked]) -> Sequence[tuple[SignalHistory, ...]]:
        _require_few(grouped(asked), sum(len(names) * len(days) for (names, days), _ in asked))
        found = {
            (names, days): await signal_histories(self._desk, questions, names, days)
            for (names, days), questions in grouped(asked).items()
        }
        return [found[span][question] for span, question in asked]

    async def _load_loads(self, asked: list[LoadAsked]) -> Sequence[tuple[LoadPoint, ...]]:
        _require_few(grouped(asked), sum(len(days) for days, _ in asked))
        found = {days: await load_histories(self._desk, people, days) for days, people in grouped(asked).items()}
        return [found[days][person] for days, person in asked]


def _require_few(groups: Mapping[object, object], points: int) -> None:
    require(len(groups) <= MOST_WINDOWS, f"ask for the days before in at most {MOST_WINDOWS} ways at once")
    require(
        points <= MOST_POINTS, f"that would be {points} points, more than {MOST_POINTS}; ask for fewer days or names"
    )
