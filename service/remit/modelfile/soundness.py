"""Every check a whole model has to pass, whichever door its statements came in by."""

from collections.abc import Sequence
from datetime import date

from remit.domain.errors import Problem
from remit.modelfile.checks import Belief, Believed, names, oddities, references, reviews, tree
from remit.modelfile.overlaps import accountables, claims, delegations, twins


def mistakes(model: Believed, changed: Sequence[Belief], today: date) -> list[Problem]:
    """What cannot be; `changed` is what begins to be believed, which must not be overdue already (R51)."""
    found = [*references(model), *names(model), *tree(model), *twins(model), *accountables(model)]
    return [*found, *delegations(model), *reviews(model, changed, today)]


def doubts(model: Believed) -> list[Problem]:
    """What may be meant, but often is not."""
    return [*oddities(model), *claims(model)]
