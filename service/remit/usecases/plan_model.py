"""What statements would change: planned against what is believed, checked as a whole, and recorded when asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from remit.domain.errors import Invalid, Problem, Stale, in_order
from remit.domain.facts import Body, Fact, Facts
from remit.modelfile.checks import believed
from remit.modelfile.plan import Plan, plan
from remit.modelfile.read import NOTHING_UNREAD, Declaration, Unread
from remit.modelfile.rows import is_text
from remit.modelfile.show import shown
from remit.modelfile.soundness import doubts, mistakes
from remit.ports import Head, Recording, Request
from remit.usecases.desk import Desk

LONGEST_REASON = 5000


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would change: `lines` for people, `warnings` that do not stand in the way, the `version` after it (R49)."""

    plan: Plan
    head: Head
    lines: tuple[str, ...]
    warnings: tuple[Problem, ...]
    version: str


def prepared(
    desk: Desk,
    declared: Iterable[Declaration],
    head: Head,
    facts: Sequence[Fact[Body]],
    what: str = "the model file",
    unread: Unread = NOTHING_UNREAD,
) -> Prepared:
    """The change from `facts`, believed at `head`, to what is declared; raises Invalid with every mistake, those of
    rows that are `unread` among them.
    """
    now = desk.clock()
    planned = plan(declared, facts, now)
    model = believed(planned.result, desk.catalogue, planned.line_of, unread.keys)
    errors = [*unread.problems, *planned.problems, *mistakes(model, planned.opens, now)]
    if errors:
        raise Invalid(f"{what} is not right; nothing was applied", in_order(errors))
    version = Facts(desk.catalogue, planned.result).digest
    return Prepared(planned, head, shown(planned), tuple(doubts(model)), version)


def require_version(facts: Facts, expected: str | None) -> None:
    """Raises Stale unless the model is at the version that a change was made up for; None is content with any."""
    if expected is not None and expected != facts.digest:
        message = f"the model is at version {facts.digest}, not {expected}; look at what has changed and repeat"
        raise Stale(message, version=facts.digest)


async def record(desk: Desk, change: Prepared, *, actor: str, reason: str, request: Request | None = None) -> Head:
    """Record a change, wholly or not at all, and its request with it; returns what is the newest change then.

    None records nothing, but keeps its request. Raises Stale when somebody else changed the model meanwhile, and
    Invalid for an actor or a reason that cannot be recorded.
    """
    if not actor.strip() or not is_text(actor):
        raise Invalid("say who changes the model; every change is recorded with its actor")
    if not is_text(reason) or len(reason) > LONGEST_REASON:
        raise Invalid(f"a reason has at most {LONGEST_REASON} characters, without NUL")
    planned = change.plan
    if not planned.is_empty:
        recording = Recording(actor, reason, planned.opens, planned.closes, change.version, change.head, request)
        return await desk.models.record(recording)
    if request is not None:
        await desk.models.keep(request, change.head)
    return change.head
