"""Apply a model file, or only say what that would change; and write the model out again."""

from remit.modelfile.read import read
from remit.modelfile.write import write
from remit.usecases.desk import Desk
from remit.usecases.plan_model import Prepared, prepared, record


async def prepare(desk: Desk, text: str) -> Prepared:
    """Read and check a file against what is believed; raises Invalid with every mistake and its line."""
    declared = read(text)
    head = await desk.models.head()
    return prepared(desk, declared, head, await desk.models.facts(head))


async def apply(desk: Desk, text: str, *, actor: str, reason: str) -> Prepared:
    """Record what a file changes, wholly or not at all; a file that changes nothing records nothing.

    Raises Invalid with every mistake, and Stale when somebody else changed the model meanwhile.
    """
    change = await prepare(desk, text)
    await record(desk, change, actor=actor, reason=reason)
    return change


async def export(desk: Desk) -> str:
    """The model as a file: everything that holds now or later."""
    head = await desk.models.head()
    return write(await desk.models.facts(head), desk.clock())
