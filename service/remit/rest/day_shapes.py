"""What was kept of days as JSON, shaped like the GraphQL types."""

from typing import Any

from remit.domain.days import KeptDay, LoadPoint, SignalHistory, SignalPoint
from remit.domain.intervals import instant_text

Json = dict[str, Any]


def signal_history(told: SignalHistory) -> Json:
    """`SignalHistory`."""
    return {"name": told.name, "unit": told.unit, "points": [signal_point(one) for one in told.points]}


def signal_point(told: SignalPoint) -> Json:
    """`SignalPoint`."""
    reading = told.reading
    return {
        "day": told.day.isoformat(),
        "value": reading.value if reading is not None else None,
        "sampleSize": reading.sample if reading is not None else None,
    } | _measured(told.kept)


def load_point(told: LoadPoint) -> Json:
    """`LoadPoint`."""
    load = told.load
    return {
        "day": told.day.isoformat(),
        "demandHours": load.demand_hours if load is not None else None,
        "capacityHours": load.capacity_hours if load is not None else None,
        "utilisation": load.utilisation if load is not None else None,
        "operationalShare": load.operational_share if load is not None else None,
        "verdict": load.verdict.value if load is not None else None,
        "breadth": load.breadth if load is not None else None,
    } | _measured(told.kept)


def _measured(kept: KeptDay | None) -> Json:
    if kept is None:
        return {"measuredAt": None, "dataAsOf": None, "degraded": []}
    as_of = instant_text(kept.data_as_of) if kept.data_as_of is not None else None
    return {"measuredAt": instant_text(kept.measured_at), "dataAsOf": as_of, "degraded": list(kept.degraded)}
