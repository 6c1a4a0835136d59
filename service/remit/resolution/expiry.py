"""Which assignments ended without anybody following? Those that, renewed, would give a cell its owner again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from remit.domain.answers import Outcome
from remit.domain.catalogue import Letter
from remit.domain.facts import Fact, Facts
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.model import Model, of_type
from remit.domain.policy import Assignment
from remit.resolution.verdicts import Verdicts, verdicts

EXPIRED_WITHIN = timedelta(days=365)
"""An assignment that ended longer ago, in days of UTC, is history: whoever wants its cells owned assigns anew."""
_LEFT_OPEN = (Outcome.UNOWNED, Outcome.FALLBACK)
"""Somebody who inherits, or stands in, has been named on purpose; nobody, or the last resort, has not."""


def lapsed(
    model: Model, facts: Facts, cells: Verdicts, instant: datetime
) -> Mapping[tuple[AreaKey, ResponsibilityKey], Fact[Assignment]]:
    """Of each cell that nobody or only a fallback holds: the ended assignment that would hold it if it were renewed."""
    ended = list(_ended(model, facts, instant))
    if not ended:
        return {}
    assignments = dict(model.assignments)
    for row in ended:
        place = row.body.area, row.body.function
        assignments[place] = (*assignments.get(place, ()), row)
    places = {row.body.area for row in ended}
    below = [area for area in cells if not places.isdisjoint(model.paths[area])]
    renewed = verdicts(replace(model, assignments=assignments), below)
    ours = {id(row) for row in ended}
    return {
        (area, responsibility): told.claims[0]
        for area, row_of_cells in renewed.items()
        for responsibility, told in row_of_cells.items()
        if told.claims and id(told.claims[0]) in ours and cells[area][responsibility].outcome in _LEFT_OPEN
    }


def _ended(model: Model, facts: Facts, instant: datetime) -> Iterator[Fact[Assignment]]:
    """The last to end of each place, responsibility and function, within the stretch, of those that made accountable.

    One of a row that holds again, or will, has not ended.
    """
    rows = of_type(facts.declared, Assignment)
    going_on = {fact.key for fact in rows if fact.valid.end is None or fact.valid.end > instant}
    last: dict[tuple[AreaKey, ResponsibilityKey, FunctionKey], list[tuple[datetime, bool, str, Fact[Assignment]]]]
    last = defaultdict(list)
    for fact in rows:
        body, end = fact.body, fact.valid.end
        claims = body.owner is not None and body.letter in (None, Letter.ACCOUNTABLE)
        lately = end is not None and end <= instant and _day(instant) - _day(end) < EXPIRED_WITHIN
        if claims and lately and end is not None and fact.key not in going_on:
            expressly = body.letter is Letter.ACCOUNTABLE
            last[body.area, body.responsibility, body.function].append((end, expressly, fact.key, fact))
    for (area, _, _), candidates in sorted(last.items()):
        if area in model.areas:
            yield max(candidates, key=lambda candidate: candidate[:3])[3]


def _day(instant: datetime) -> date:
    return instant.astimezone(UTC).date()
