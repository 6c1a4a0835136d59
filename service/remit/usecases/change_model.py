"""Change the model a few statements at a time, or only say what that would change: one core for every door."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from remit.changing.planning import plan_changes
from remit.domain.changes import Change
from remit.domain.errors import Problem, Stale
from remit.domain.facts import FactKind, Facts, canonical
from remit.modelfile.show import shown
from remit.ports import Head, Request
from remit.usecases.desk import Desk
from remit.usecases.once import earlier, fingerprint, require_key
from remit.usecases.plan_model import Prepared, record, require_version
from remit.usecases.snapshot import facts_of

MOST_TRIES = 10
"""How often a change that does not name a version is prepared anew because somebody else was quicker."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.01, 1.0
"""Of those who were overtaken each waits for a random time, longer each time, so that they do not meet again."""
NOTHING = "No changes: the model says all of this already."


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of it: `version` names the model in force then (R49), `lines` tell the plan, `rows` which rows differ.

    `head` is the change as recorded, or the newest one where nothing was; `is_recorded` is false of a dry run and of
    changes that change nothing. `is_repeated` is true where an earlier request with the same key was answered again.
    The version of a dry run is the one it was planned against: that of a model that never was could not be expected.
    """

    head: Head
    version: str
    lines: tuple[str, ...]
    warnings: tuple[Problem, ...]
    rows: tuple[tuple[FactKind, str], ...]
    is_recorded: bool
    is_repeated: bool = False


async def change_model(
    desk: Desk,
    changes: Sequence[Change],
    *,
    actor: str,
    reason: str,
    expected_version: str | None = None,
    idempotency_key: str | None = None,
    asked: bytes | None = None,
    dry_run: bool = False,
) -> Changed:
    """Make all of the changes in one transaction, or none.

    The same idempotency key of the same actor with the same changes returns the first outcome and changes nothing.
    `asked` tells requests apart by something else than their changes, where these follow from it.
    Raises Invalid with every mistake at its change, Stale when the model is not at `expected_version` (or, without one,
    keeps changing meanwhile), and Conflict for an idempotency key that was used for other changes.
    """
    require_key(idempotency_key)
    key = None if dry_run else idempotency_key
    told = asked if asked is not None else fingerprint(f"{type(one).__name__}{canonical(one)}" for one in changes)
    for tried in range(MOST_TRIES):
        if tried:
            await asyncio.sleep(random.uniform(0, min(FIRST_WAIT_S * 2**tried, LONGEST_WAIT_S)))
        if (first := await first_outcome(desk, actor, key, told)) is not None:
            return first
        try:
            return await _once(desk, changes, actor, reason, expected_version, key, told, dry_run)
        except Stale:
            overtaken_by_itself = await first_outcome(desk, actor, key, told) is not None
            if expected_version is not None and not overtaken_by_itself:
                raise
    raise Stale(f"the model changed {MOST_TRIES} times while this was prepared; try again in a moment")


async def _once(
    desk: Desk,
    changes: Sequence[Change],
    actor: str,
    reason: str,
    expected_version: str | None,
    key: str | None,
    asked: bytes,
    dry_run: bool,
) -> Changed:
    head = await desk.models.head()
    facts = await facts_of(desk, head)
    require_version(facts, expected_version)
    prepared = await asyncio.to_thread(
        _prepared, facts, changes, desk.clock(), actor, head
    )  # seconds for a large model
    outcome = _outcome(prepared)
    if dry_run:
        return replace(outcome, version=facts.digest, is_recorded=False)
    request = Request(actor, key, asked, msgspec.json.encode(outcome)) if key is not None else None
    return replace(outcome, head=await record(desk, prepared, actor=actor, reason=reason, request=request))


def _prepared(facts: Facts, changes: Sequence[Change], now: datetime, actor: str, head: Head) -> Prepared:
    planned = plan_changes(facts, changes, now, actor)
    lines = (NOTHING,) if planned.plan.is_empty else shown(planned.plan)
    version = Facts(facts.catalogue, planned.plan.result).digest
    return Prepared(planned.plan, head, lines, planned.warnings, version)


def _outcome(prepared: Prepared) -> Changed:
    plan = prepared.plan
    rows = sorted({(fact.kind, fact.key) for fact in (*plan.opens, *plan.closes)})
    return Changed(prepared.head, prepared.version, prepared.lines, prepared.warnings, tuple(rows), not plan.is_empty)


async def first_outcome(desk: Desk, actor: str, key: str | None, asked: bytes) -> Changed | None:
    """What the first request with this key was told; None for a new key or none, Conflict if it asked for else."""
    found = await earlier(desk, actor, key, asked)
    return replace(_decoded(found[0].outcome), head=found[1], is_repeated=True) if found is not None else None


_decoded: Callable[[bytes], Changed] = msgspec.json.Decoder(Changed).decode
