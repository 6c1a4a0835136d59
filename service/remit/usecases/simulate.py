"""What would a change of the model come to? The same checks as making it, and nothing written."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from remit.changing.planning import plan_changes
from remit.domain.changes import Change
from remit.domain.differences import Difference
from remit.domain.errors import Problem
from remit.domain.facts import Facts
from remit.domain.gaps import Coverage
from remit.domain.model import model_at
from remit.resolution.coverage import coverage
from remit.resolution.difference import difference
from remit.resolution.findings import Findings, with_records
from remit.resolution.selectors_lint import epics_of
from remit.usecases.ask_gaps import feedback_in_use, findings
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, Snapshot, snapshot


@dataclass(frozen=True, slots=True)
class Simulation:
    """The world as it is and as it would be, and what is otherwise; coverage of the organisation in both."""

    before: Snapshot
    after: Snapshot
    difference: Difference
    coverage_before: Coverage | None
    coverage_after: Coverage | None
    warnings: tuple[Problem, ...]


async def simulate(desk: Desk, changes: Sequence[Change], as_of: datetime | None = None) -> Simulation:
    """Both worlds at `as_of` (None: now), whatever the changes say of time. Raises Invalid as making them would."""
    before = await snapshot(desk, Moment(as_of))
    # In threads, as each step takes a large organisation the better part of a second.
    after, warnings = await asyncio.to_thread(_changed, before, changes)
    epics = epics_of(before.model) | epics_of(after.model)
    tallies, accounts = await desk.mirror.tallies(epics), await desk.mirror.accounts()
    said = await feedback_in_use(desk, before, before.model, after.model)
    was, would_be = [
        with_records(await findings(desk, world), tallies, accounts, feedback=said) for world in (before, after)
    ]
    told = await asyncio.to_thread(difference, was, would_be)
    return Simulation(before, after, told, _whole(was), _whole(would_be), warnings)


def _changed(before: Snapshot, changes: Sequence[Change]) -> tuple[Snapshot, tuple[Problem, ...]]:
    """The same moment with the changes made, as of now."""
    planned = plan_changes(before.facts, changes, before.now)
    facts = Facts(before.facts.catalogue, planned.plan.result)
    return replace(before, facts=facts, model=model_at(facts, before.as_of)), planned.warnings


def _whole(found: Findings) -> Coverage | None:
    root = found.model.root
    return coverage(found.model, found.cells, [root])[0] if root is not None else None
