"""What a plan changes, as lines a person reads: + begins, - ends, ~ differs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields

from remit.domain.facts import Body, Fact, canonical
from remit.domain.intervals import Interval, instant_text
from remit.modelfile.plan import Plan


def shown(plan: Plan) -> tuple[str, ...]:
    """One line per row that changes, then the count; a single line when nothing does."""
    if plan.is_empty:
        return ("No changes: the model is what the file says.",)
    lines = list(_lines(plan))
    counts = {mark: sum(line.startswith(mark) for line in lines) for mark in "+~-"}
    return (*lines, f"{counts['+']} to add, {counts['~']} to change, {counts['-']} to end.")


def _lines(plan: Plan) -> Iterator[str]:
    begun: dict[tuple[str, str], list[Fact[Body]]] = defaultdict(list)
    ended: dict[tuple[str, str], list[Fact[Body]]] = defaultdict(list)
    for fact in plan.opens:
        begun[fact.kind, fact.key].append(fact)
    for fact in plan.closes:
        ended[fact.kind, fact.key].append(fact)
    for name in sorted({*begun, *ended}):
        kind, key = name
        before, after = ended.get(name, []), begun.get(name, [])
        told = [fact for fact in after if plan.line_of(fact) is not None]
        if not before:
            yield from (f"+ {kind} {key}{_told(fact.body)}{_when(fact.valid)}" for fact in told)
        elif told:
            yield from (f"~ {kind} {key}: {_difference(before[-1], fact)}{_when(fact.valid)}" for fact in told)
        elif after:
            last = max((fact.valid.end for fact in after if fact.valid.end is not None), default=None)
            yield f"- {kind} {key} ends{f' at {instant_text(last)}' if last is not None else ''}"
        else:
            yield f"- {kind} {key} is withdrawn before it begins"


def _difference(before: Fact[Body], after: Fact[Body]) -> str:
    told = [
        f"{field.name} {_word(getattr(before.body, field.name))} -> {_word(getattr(after.body, field.name))}"
        for field in fields(after.body)
        if getattr(before.body, field.name) != getattr(after.body, field.name)
    ]
    if not told:
        return f"holds over {after.valid} instead of {before.valid}"
    return ", ".join(told)


def _told(body: Body) -> str:
    """What a new row says, without what is empty and without its key."""
    told = [
        f"{field.name}={_word(getattr(body, field.name))}"
        for field in fields(body)
        if field.name != "key" and getattr(body, field.name) not in (None, (), "")
    ]
    return f" ({', '.join(told)})" if told else ""


def _word(value: object) -> str:
    return "nothing" if value in (None, (), "") else canonical(value)


def _when(valid: Interval) -> str:
    start = f" from {instant_text(valid.start)}" if valid.start is not None else ""
    return f"{start}{f' to {instant_text(valid.end)}' if valid.end is not None else ''}"
