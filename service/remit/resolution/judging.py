"""What does a number say against its threshold, without going to and fro at the edge?"""

from remit.domain.load import Threshold, Verdict
from remit.domain.workload import Worse

_RANKS = {Verdict.UNKNOWN: 0, Verdict.OK: 0, Verdict.WATCH: 1, Verdict.OVERLOADED: 2}


def judged(
    value: float | None, threshold: Threshold, worse: Worse = Worse.HIGH, before: Verdict = Verdict.UNKNOWN
) -> Verdict:
    """A verdict rises as soon as the threshold is reached, and falls when the number is 10 % better than that.

    UNKNOWN where there is no number, or nothing to hold it against. `before` is the verdict of the window before.
    """
    if value is None or (threshold.watch is None and threshold.overloaded is None):
        return Verdict.UNKNOWN
    for verdict, limit in ((Verdict.OVERLOADED, threshold.overloaded), (Verdict.WATCH, threshold.watch)):
        if limit is not None and _reaches(value, limit, worse, held=_RANKS[before] >= _RANKS[verdict]):
            return verdict
    return Verdict.OK


def deciding(threshold: Threshold, verdict: Verdict) -> float | None:
    """The limit that a verdict was told by: of what is below all of them, the first that would be reached."""
    if verdict is Verdict.OVERLOADED or threshold.watch is None:
        return threshold.overloaded
    return threshold.watch


def _reaches(value: float, limit: float, worse: Worse, *, held: bool) -> bool:
    if worse is Worse.LOW:
        return value <= limit or (held and 10 * value < 11 * limit)
    return value >= limit or (held and 10 * value > 9 * limit)
