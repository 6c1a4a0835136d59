"""What a plan changes, as lines a person reads: + begins, - ends, ~ differs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from remit.domain.facts import Body, Fact
from remit.domain.intervals import Interval, instant_text
from remit.modelfile.plan import Plan
from remit.modelfile.write import statement


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
            yield from (f"~ {kind} {key}: {_difference(before[-1], fact)}" for fact in told)
        elif after:
            last = max((fact.valid.end for fact in after if fact.valid.end is not None), default=None)
            yield f"- {kind} {key} ends{f' at {instant_text(last)}' if last is not None else ''}"
        else:
            yield f"- {kind} {key} is withdrawn before it begins"


def _difference(before: Fact[Body], after: Fact[Body]) -> str:
    was, now = statement(before.body), statement(after.body)
    told = [f"{name} {_said(was, name)} -> {_said(now, name)}" for name in {**was, **now} if _differs(was, now, name)]
    if not told:
        return f"holds over {after.valid} instead of {before.valid}"
    return ", ".join(told) + _when(after.valid)


def _differs(was: Mapping[str, object], now: Mapping[str, object], name: str) -> bool:
    return (name in was, was.get(name)) != (name in now, now.get(name))


def _said(row: Mapping[str, object], name: str) -> str:
    return word(row[name]) if name in row else "nothing"


def _told(body: Body) -> str:
    """What a new row says, in the words of the file, without its key."""
    told = [f"{name}: {word(value)}" for name, value in statement(body).items() if name != "key"]
    return f" ({', '.join(told)})" if told else ""


def word(value: object) -> str:
    """A value as the file has it, without quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {word(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(word(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


def _when(valid: Interval) -> str:
    start = f" from {instant_text(valid.start)}" if valid.start is not None else ""
    return f"{start}{f' to {instant_text(valid.end)}' if valid.end is not None else ''}"
