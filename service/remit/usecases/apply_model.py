"""Apply a model file, or only say what that would change; and write the model out again."""

from dataclasses import dataclass

from remit.domain.errors import Invalid, Problem
from remit.domain.facts import Facts
from remit.modelfile.checks import believed, names, oddities, references, reviews, tree
from remit.modelfile.overlaps import accountables, claims, delegations, twins
from remit.modelfile.plan import Plan, plan
from remit.modelfile.read import read
from remit.modelfile.show import shown
from remit.modelfile.write import write
from remit.ports import Head, Recording
from remit.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a file would change: `lines` for people, `warnings` that do not stand in the way."""

    plan: Plan
    head: Head
    lines: tuple[str, ...]
    warnings: tuple[Problem, ...]


async def prepare(desk: Desk, text: str) -> Prepared:
    """Read and check a file against what is believed; raises Invalid with every mistake and its line."""
    declared = read(text)
    head = await desk.models.head()
    now = desk.clock()
    planned = plan(declared, await desk.models.facts(head), now)
    model = believed(planned.result, desk.catalogue, planned.line_of)
    errors = [*planned.problems, *references(model), *names(model), *tree(model), *twins(model), *accountables(model)]
    errors += [*delegations(model), *reviews(model, planned.opens, now.date())]
    if errors:
        ordered = sorted(set(errors), key=lambda problem: (problem.line or 0, problem.where, problem.message))
        raise Invalid("the model file is not right; nothing was applied", ordered)
    return Prepared(planned, head, shown(planned), (*oddities(model), *claims(model)))


async def apply(desk: Desk, text: str, *, actor: str, reason: str) -> Prepared:
    """Record what a file changes, wholly or not at all; a file that changes nothing records nothing.

    Raises Invalid with every mistake, and Stale when somebody else changed the model meanwhile.
    """
    prepared = await prepare(desk, text)
    planned = prepared.plan
    if not planned.is_empty:
        digest = Facts(desk.catalogue, planned.result).digest
        await desk.models.record(Recording(actor, reason, planned.opens, planned.closes, digest, prepared.head))
    return prepared


async def export(desk: Desk) -> str:
    """The model as a file: everything that holds now or later."""
    head = await desk.models.head()
    return write(await desk.models.facts(head), desk.clock())
