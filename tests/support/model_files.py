"""Model files as an apply sees them, without a store: read, planned against what is believed, checked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from remit.domain.errors import Invalid, Problem, in_order
from remit.domain.facts import Body, Fact, Recorded
from remit.modelfile import soundness
from remit.modelfile.checks import believed
from remit.modelfile.plan import Plan, plan
from remit.modelfile.read import read, read_what_can_be
from remit.usecases.shipped import shipped_catalogue

JUNE, JULY, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (6, 7, 8))
HEAD = """\
version: 1
organisation: {key: acme, name: Acme, stage: scale_up}
people:
  - {key: ana, name: Ana}
  - {key: omar, name: Omar}
areas:
  - {key: payments, name: Payments, kind: product, parent: acme}
"""
"""Seven lines; what a test adds begins at line 8."""
NEXT_LINE = HEAD.count("\n") + 1

Beliefs = Sequence[Fact[Body]]


def planned(text: str, before: Beliefs = (), now: datetime = JUNE) -> Plan:
    """What applying the file would change."""
    return plan(read(text), before, now)


def after(text: str, before: Beliefs = (), now: datetime = JUNE) -> tuple[Fact[Body], ...]:
    """What is believed when the file has been applied; new facts are recorded then."""
    recorded = Recorded("ana", now)
    return tuple(
        fact if fact.recorded else replace(fact, recorded=recorded) for fact in planned(text, before, now).result
    )


def mistakes(text: str, before: Beliefs = (), now: datetime = JUNE) -> list[Problem]:
    """Everything that stands in the way of applying the file."""
    try:
        declared, unread = read_what_can_be(text)
    except Invalid as refused:
        return list(refused.problems)
    made = plan(declared, before, now)
    model = believed(made.result, shipped_catalogue(), made.line_of, unread.keys)
    return in_order([*unread.problems, *made.problems, *soundness.mistakes(model, made.opens, now)])


def warnings(text: str, before: Beliefs = (), now: datetime = JUNE) -> list[Problem]:
    """What is told and does not stand in the way."""
    made = planned(text, before, now)
    return soundness.doubts(believed(made.result, shipped_catalogue(), made.line_of))


def told(problems: Sequence[Problem]) -> list[str]:
    """For tables: `8 UNKNOWN_KEY`."""
    return [f"{problem.line} {problem.code}" for problem in problems]
