"""Do thresholds make sense? Of signals there are, and watched no later than they are too much."""

from collections.abc import Iterator

from remit.domain.errors import Problem
from remit.domain.model import of_type
from remit.domain.workload import Limits, Worse
from remit.modelfile.checks import Believed


def thresholds(model: Believed) -> Iterator[Problem]:
    """A signal that does not exist, or `watch` on the bad side of `overloaded`."""
    for fact in of_type(model.facts, Limits):
        worse = model.worse.get(fact.body.signal)
        if worse is None:
            message = (
                f"there is no signal {fact.body.signal!r}; docs/signals.md and thresholds.yaml name those there are"
            )
            yield model.problem("UNKNOWN_KEY", message, fact)
        elif not _in_order(fact.body, worse):
            most, side = ("most", "high") if worse is Worse.HIGH else ("least", "low")
            message = f"`watch` must be at {most} `overloaded`: of {fact.body.signal}, {side} is the bad end"
            yield model.problem("THRESHOLD", message, fact)


def _in_order(limits: Limits, worse: Worse) -> bool:
    if limits.watch is None or limits.overloaded is None:
        return True
    return limits.watch <= limits.overloaded if worse is Worse.HIGH else limits.watch >= limits.overloaded
