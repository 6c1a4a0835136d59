"""What is measured of a backlog: how much is open, how it flows, how long things take and what nobody looked at."""

import numpy as np

from remit.resolution.signals.base import DAYS_A_WEEK, Readings, Taken, counted, in_days, ratio
from remit.resolution.signals.samples import Bools


def open_items(taken: Taken) -> Readings:
    return counted(taken.measured.open_items, taken.measured.records)


def wip(taken: Taken) -> Readings:
    return counted(taken.measured.wip, taken.measured.records)


def arrivals(taken: Taken) -> Readings:
    return counted(taken.measured.arrivals, taken.measured.arrivals)


def completions(taken: Taken) -> Readings:
    return counted(taken.measured.completions, taken.measured.completions)


def net_growth(taken: Taken) -> Readings:
    came, went = taken.measured.arrivals, taken.measured.completions
    return counted(came - went, came + went)


def service_ratio(taken: Taken) -> Readings:
    came, went = taken.measured.arrivals, taken.measured.completions
    return Readings(ratio(went, came), came)


def throughput(taken: Taken) -> Readings:
    went = taken.measured.completions
    return Readings(went * DAYS_A_WEEK / taken.days, went)


def cycle_time_p50(taken: Taken) -> Readings:
    times = taken.measured.cycle_times
    return Readings(in_days(times.percentile(50)), times.counts)


def cycle_time_p85(taken: Taken) -> Readings:
    times = taken.measured.cycle_times
    return Readings(in_days(times.percentile(85)), times.counts)


def item_age_p85(taken: Taken) -> Readings:
    ages = taken.measured.ages
    return Readings(in_days(ages.percentile(85)), ages.counts)


def age_breaches(taken: Taken) -> Readings:
    """None where something is under way and nothing was completed to compare it with."""
    ages = taken.measured.ages
    limits = taken.measured.trailing_cycle_times.percentile(85)
    breaches = ages.above(limits).astype(np.float64)
    breaches[np.isnan(limits) & (ages.counts > 0)] = np.nan
    return Readings(breaches, ages.counts)


def untriaged(taken: Taken) -> Readings:
    waiting = taken.measured.untriaged.counts.astype(np.float64)
    waiting[_is_untold(taken)] = np.nan
    return Readings(waiting, taken.measured.open_items)


def oldest_untriaged(taken: Taken) -> Readings:
    ages = taken.measured.untriaged
    oldest = np.nan_to_num(in_days(ages.largest()), nan=0.0)
    oldest[_is_untold(taken)] = np.nan
    return Readings(oldest, ages.counts)


def stale_items(taken: Taken) -> Readings:
    values = taken.measured.stale.astype(np.float64)
    if not taken.is_present:
        values[:] = np.nan
    return Readings(values, taken.measured.open_items)


def _is_untold(taken: Taken) -> Bools:
    """Where no history is told at all, and something has happened to what seems untriaged."""
    untold: Bools = (taken.measured.with_history == 0) & (taken.measured.doubtful > 0)
    return untold
