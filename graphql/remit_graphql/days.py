"""The days before in the graph: what was measured of each once it had ended, for plots."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from remit.domain import days as domain
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Verdict
from remit.usecases.ask_days import days_back, days_between, names_of
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment
from remit_graphql.kit.context import Asking

WHEN = "When it was measured; null where the day never was, and then so is everything else."
DEGRADED = "Sources in trouble then, or not read since the day had ended: the number is what was known."


@strawberry.type(description="What a signal came to by the end of a day, over the 28 days that end with it.")
class SignalPoint:
    day: date
    value: float | None
    sample_size: int | None
    measured_at: datetime | None = strawberry.field(description=WHEN)
    data_as_of: datetime | None
    degraded: list[str] = strawberry.field(description=DEGRADED)


@strawberry.type(description="A signal over days.")
class SignalHistory:
    name: str
    unit: str
    points: list[SignalPoint] = strawberry.field(description="One for each day, the first first.")


@strawberry.type(description="How loaded somebody was by the end of a day, over the 28 days that end with it.")
class LoadPoint:
    day: date
    demand_hours: float | None
    capacity_hours: float | None
    utilisation: float | None
    operational_share: float | None
    verdict: Verdict | None
    breadth: int | None
    measured_at: datetime | None = strawberry.field(description=WHEN)
    data_as_of: datetime | None
    degraded: list[str] = strawberry.field(description=DEGRADED)


async def signal_history_of(
    info: Asking, key: AreaKey, names: Sequence[str] | None, below: bool, first: date | None, last: date | None
) -> list[SignalHistory]:
    """Those of an area, by name and in the order of the names, or all."""
    wanted = names_of(names)
    days = days_between((await info.context.world(Moment())).snap, first, last)
    found = await info.context.days.signals.load(((wanted, days), Question(key, below)))
    return [
        SignalHistory(name=told.name, unit=told.unit, points=[signal_point(one) for one in told.points])
        for told in found
    ]


async def load_history_of(info: Asking, key: OwnerKey, days: int) -> list[LoadPoint]:
    """That of one person; many of them are told together."""
    wanted = days_back((await info.context.world(Moment())).snap, days)
    return [load_point(one) for one in await info.context.days.loads.load((wanted, key))]


def signal_point(told: domain.SignalPoint) -> SignalPoint:
    reading, kept = told.reading, told.kept
    return SignalPoint(
        day=told.day,
        value=reading.value if reading is not None else None,
        sample_size=reading.sample if reading is not None else None,
        measured_at=kept.measured_at if kept is not None else None,
        data_as_of=kept.data_as_of if kept is not None else None,
        degraded=list(kept.degraded) if kept is not None else [],
    )


def load_point(told: domain.LoadPoint) -> LoadPoint:
    load, kept = told.load, told.kept
    return LoadPoint(
        day=told.day,
        demand_hours=load.demand_hours if load is not None else None,
        capacity_hours=load.capacity_hours if load is not None else None,
        utilisation=load.utilisation if load is not None else None,
        operational_share=load.operational_share if load is not None else None,
        verdict=load.verdict if load is not None else None,
        breadth=load.breadth if load is not None else None,
        measured_at=kept.measured_at if kept is not None else None,
        data_as_of=kept.data_as_of if kept is not None else None,
        degraded=list(kept.degraded) if kept is not None else [],
    )
