"""Apply a model file, or only say what that would change; and write the model out again."""

import asyncio

from remit.domain.facts import Facts
from remit.modelfile.read import read_what_can_be
from remit.modelfile.write import write
from remit.ports import Head
from remit.usecases.desk import Desk
from remit.usecases.plan_model import Prepared, prepared, record, require_version
from remit.usecases.snapshot import facts_of


async def prepare(desk: Desk, text: str, expected_version: str | None = None) -> Prepared:
    """Read and check a file against what is believed, in a thread: a large one takes seconds.

    Raises Invalid with every mistake and its line, and Stale when the model is not at the version expected.
    """
    head = await desk.models.head()
    facts = await facts_of(desk, head)
    return await asyncio.to_thread(_prepare, desk, text, head, facts, expected_version)


def _prepare(desk: Desk, text: str, head: Head, facts: Facts, expected_version: str | None) -> Prepared:
    require_version(facts, expected_version)
    declared, unread = read_what_can_be(text)
    return prepared(desk, declared, head, facts.declared, unread=unread)


async def apply(desk: Desk, text: str, *, actor: str, reason: str, expected_version: str | None = None) -> Prepared:
    """Record what a file changes, wholly or not at all; a file that changes nothing records nothing.

    Raises Invalid with every mistake, and Stale when the model is not at the version expected or somebody else changed
    it meanwhile.
    """
    change = await prepare(desk, text, expected_version)
    await record(desk, change, actor=actor, reason=reason)
    return change


async def version_at(desk: Desk, head: Head) -> str:
    """The version of the model as believed at a head, such as the one that a change was prepared against."""
    return (await facts_of(desk, head)).digest


async def version_in_force(desk: Desk) -> str | None:
    """The version of the model as believed now; None where nothing is declared."""
    facts = await facts_of(desk, await desk.models.head())
    return facts.digest if facts.declared else None


async def export(desk: Desk) -> str:
    """The model as a file: every row with its window."""
    text, _ = await export_at(desk)
    return text


async def export_at(desk: Desk) -> tuple[str, str]:
    """The same, and the version of the model it was written from."""
    facts = await facts_of(desk, await desk.models.head())
    return await asyncio.to_thread(write, facts.declared, desk.clock()), facts.digest
