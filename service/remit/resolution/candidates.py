"""What a declared statement leaves in a trace when it was looked at."""

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.facts import AnyBody, Fact


def of_fact(
    fact: Fact[AnyBody], step: Step, layer: Layer, scope: str, verdict: Standing, reason: Reason, message: str
) -> Candidate:
    """A candidate that names the fact, and tells who recorded it and when."""
    by, at = (fact.recorded.by, fact.recorded.at) if fact.recorded is not None else (None, None)
    return Candidate(step, layer, scope, verdict, reason, message, (fact.kind.title(), fact.key), by, at)


def because(told: str) -> str:
    """The reason somebody gave, as it goes into a sentence; nothing where none was given."""
    return f" («{told}»)" if told else ""
