"""Changes made to a small model without a store: what is believed after them, or what was wrong with each."""

from collections.abc import Iterator
from datetime import UTC, datetime

from remit.changing.planning import Planned, plan_changes
from remit.domain.changes import Change
from remit.domain.errors import Invalid
from remit.domain.facts import Body, Fact, FactKind, Facts
from remit.domain.intervals import Interval
from remit.modelfile.write import statement
from remit.usecases.shipped import shipped_catalogue
from support.model_files import after

JUNE, JULY, AUGUST, SEPTEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (6, 7, 8, 9))
MODEL = """\
version: 1
organisation: {key: acme, name: Acme, stage: scale_up}
people:
  - {key: ana, name: Ana, function: product_management, email: ana@acme.example, skills: {innovation: 2}}
  - {key: omar, name: Omar, function: product_operations}
  - {key: pat, name: Pat}
teams:
  - {key: desk, name: Desk, members: [ana, omar]}
areas:
  - {key: payments, name: Payments, kind: product, parent: acme, stage: enterprise, jira: [{project: PAY}]}
  - {key: checkout, name: Checkout, kind: team, parent: payments}
rules:
  - {area: payments, responsibility: innovation, lead: product_operations, reason: trial}
  - {key: the-line, area: checkout, responsibility: leadership, lead: product_management}
assignments:
  - {area: payments, responsibility: all, function: product_management, owner: ana, letter: accountable}
  - {key: ops, area: payments, responsibility: all, function: product_operations, owner: omar}
  - {area: payments, responsibility: coordination, function: product_operations, owner: omar, from: 2026-09-01}
agreements:
  - {area: payments, responsibility: leadership, lead: product_management, review: 2027-03-01, note: for now}
delegations:
  - {from_person: ana, to_person: omar, area: payments, from: 2026-08-01, to: 2026-10-01}
"""
"""Applied in June, since ever: Ana manages payments, Omar runs its operations and stands in for Ana in August."""


def a_model(text: str = MODEL) -> Facts:
    return Facts(shipped_catalogue(), after(text, now=JUNE))


def planned(*changes: Change, facts: Facts | None = None, now: datetime = JULY) -> Planned:
    return plan_changes(facts if facts is not None else a_model(), changes, now)


def changed(*changes: Change, facts: Facts | None = None, now: datetime = JULY) -> Facts:
    """What is believed after the changes; made in July unless told otherwise."""
    facts = facts if facts is not None else a_model()
    return Facts(facts.catalogue, planned(*changes, facts=facts, now=now).plan.result)


def mistakes(*changes: Change, facts: Facts | None = None, now: datetime = JULY) -> list[str]:
    """`changes[0].owner UNKNOWN_KEY`, each; nothing when the changes can be made."""
    try:
        planned(*changes, facts=facts, now=now)
    except Invalid as refused:
        return [f"{problem.where} {problem.code}" for problem in refused.problems]
    return []


def row(facts: Facts, kind: FactKind, key: str, *fields: str) -> list[str]:
    """Each window of a row, oldest first, with these fields of the file: `07-01.. lead=product_operations`."""
    return [
        " ".join([window(fact.valid), *(f"{field}={statement(fact.body).get(field)}" for field in fields)])
        for fact in _windows(facts, kind, key)
    ]


def rows(facts: Facts, kind: FactKind) -> dict[str, list[str]]:
    """Every row of a kind, with its windows."""
    keys = sorted({fact.key for fact in facts.declared if fact.kind is kind})
    return {key: row(facts, kind, key) for key in keys}


def window(valid: Interval) -> str:
    start, end = (bound.strftime("%m-%d") if bound else "" for bound in (valid.start, valid.end))
    return f"{start}..{end}"


def _windows(facts: Facts, kind: FactKind, key: str) -> Iterator[Fact[Body]]:
    found = [fact for fact in facts.declared if (fact.kind, fact.key) == (kind, key)]
    yield from sorted(found, key=lambda fact: (fact.valid.start is not None, fact.valid.start))
