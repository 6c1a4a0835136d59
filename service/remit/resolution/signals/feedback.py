"""What is measured of feedback: how much comes in, what nobody looked at, and how soon somebody did."""

import numpy as np

from remit.resolution.signals.base import Readings, Taken, counted, in_days, ratio


def feedback_arrivals(taken: Taken) -> Readings:
    return counted(taken.measured.feedback_arrivals, taken.measured.feedback_arrivals)


def feedback_untriaged(taken: Taken) -> Readings:
    return counted(taken.measured.feedback_untriaged.counts, taken.measured.feedback)


def oldest_feedback_untriaged(taken: Taken) -> Readings:
    ages = taken.measured.feedback_untriaged
    return Readings(np.nan_to_num(in_days(ages.largest()), nan=0.0), ages.counts)


def feedback_within_target(taken: Taken) -> Readings:
    due = taken.measured.feedback_due
    return Readings(ratio(taken.measured.feedback_within, due), due)
