"""Every check a whole model has to pass, whichever door its statements came in by."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from remit.domain.areas import Area
from remit.domain.errors import Problem
from remit.domain.model import of_type
from remit.modelfile.checks import Belief, Believed, names, oddities, references, reviews, spellings, tree
from remit.modelfile.limits import thresholds
from remit.modelfile.overlaps import accountables, claims, delegations, twins
from remit.modelfile.zones import zone_named


def mistakes(model: Believed, changed: Sequence[Belief], now: datetime) -> list[Problem]:
    """What cannot be; `changed` is what begins to be believed, which must not be overdue already (R51)."""
    today = now.astimezone(_zone(model, now)).date()
    found = [*references(model), *names(model), *tree(model), *twins(model), *accountables(model)]
    found += [*delegations(model), *thresholds(model)]
    return [*found, *reviews(model, changed, today), *spellings(model, changed)]


def _zone(model: Believed, now: datetime) -> ZoneInfo:
    """The organisation's, in which its days begin (R3)."""
    roots = (fact for fact in of_type(model.facts, Area) if fact.body.parent is None and fact.valid.contains(now))
    return zone_named(next((root.body.timezone for root in roots if root.body.timezone), "UTC")) or ZoneInfo("UTC")


def doubts(model: Believed) -> list[Problem]:
    """What may be meant, but often is not."""
    return [*oddities(model), *claims(model)]
