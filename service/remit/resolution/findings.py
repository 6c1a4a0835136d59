"""Everything that can be found about a whole model in one pass: its cells, and where they lack something."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from remit.domain.drift import Drift
from remit.domain.facts import Facts
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey
from remit.domain.load import Load
from remit.domain.model import Model
from remit.domain.tallies import Account, FeedbackTally, Tally
from remit.resolution.drift_gaps import drifting
from remit.resolution.feedback_gaps import feedback_gaps
from remit.resolution.gaps import Ailing, ailing, gaps, idle_agreements
from remit.resolution.issue_gaps import issue_gaps
from remit.resolution.overload import overloaded
from remit.resolution.strangers import unmapped
from remit.resolution.verdicts import Verdicts, verdicts


@dataclass(frozen=True)
class Findings:
    """`elsewhere` are the gaps that are about no cell: issues, feedback, accounts, agreements that settle nothing."""

    model: Model
    cells: Verdicts
    ailing: Ailing
    elsewhere: tuple[Gap, ...]


def find(model: Model, facts: Facts, instant: datetime, today: date) -> Findings:
    """What a model that holds at `instant` shows by itself; `today` is that day where the organisation is."""
    cells = verdicts(model)
    return Findings(model, cells, ailing(model, facts, cells, instant, today), idle_agreements(model, cells, today))


def with_records(
    found: Findings,
    tallies: Iterable[Tally],
    accounts: Iterable[Account],
    loads: Iterable[Load] = (),
    drifts: Iterable[Drift] = (),
    feedback: Iterable[FeedbackTally] = (),
) -> Findings:
    """The same with what the mirrored records, the loads of people, and the traces of work show besides."""
    others = (
        *issue_gaps(found.model, tallies),
        *feedback_gaps(found.model, feedback),
        *found.elsewhere,
        *unmapped(found.model, accounts),
        *overloaded(found.model, loads),
        *drifting(drifts),
    )
    return replace(found, elsewhere=others)


def gaps_within(found: Findings, kinds: Collection[GapKind], under: AreaKey | None = None) -> tuple[Gap, ...]:
    """The gaps of these kinds in an area and below it, or all of them; by kind, then by place.

    What has no place of its own, such as an account, is only found from the organisation.
    """
    whole = under is None or under == found.model.root
    within = None if whole else found.model.under(under)
    wanted = {cell: cause for cell, cause in found.ailing.items() if cell[0] in kinds}
    inside = frozenset(within or ())
    others = (gap for gap in found.elsewhere if gap.kind in kinds and (whole or gap.area in inside))
    order = list(GapKind)
    return tuple(sorted((*gaps(found.model, wanted, within), *others), key=lambda gap: order.index(gap.kind)))
