"""Looks for gaps in a few declared facts, and tells them in words short enough for a table."""

from datetime import UTC, date, datetime

from remit.domain.facts import Body, Fact, Facts
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey
from remit.domain.model import model_at
from remit.resolution.findings import Findings, find, gaps_within
from remit.usecases.shipped import shipped_catalogue
from support.models import NOON, with_people

ONE = "innovation"
"""A responsibility that product management leads; the others are left out of tables."""


def findings(*facts: Fact[Body], instant: datetime = NOON, today: date | None = None) -> Findings:
    """Of these facts; without an area of their own they have LINE, and every owner named is an active person."""
    told = Facts(shipped_catalogue(), with_people(facts))
    return find(model_at(told, instant), told, instant, today or instant.astimezone(UTC).date())


def gaps_of(found: Findings, *kinds: GapKind, under: str | None = None, of: str | None = ONE) -> list[Gap]:
    """Of these kinds, or all; those about one responsibility alone, unless `of` is None."""
    wanted = gaps_within(found, kinds or tuple(GapKind), AreaKey(under) if under is not None else None)
    return [gap for gap in wanted if of is None or gap.responsibility == of]


def brief(gap: Gap) -> str:
    """`UNOWNED payments 3`, with the owner where there is one."""
    owner = f" {gap.owner.key}" if gap.owner is not None else ""
    return f"{gap.kind} {gap.area}{owner} {gap.count}"
