"""What of a model a format cannot hold, told rather than lost in silence."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from remit.domain.errors import Problem
from remit.domain.facts import Body, Fact, FactKind

Belief = Fact[Body]
MOST_NAMED = 3


def left_out(form: str, what: str, keys: Iterable[str]) -> Iterator[Problem]:
    """One warning that names the first of them and how many more there are; none where there are none."""
    told = sorted(set(keys))
    if told:
        yield Problem("LEFT_OUT", f"{form} has no place for {what}: {shortened(told)}")


def shortened(keys: Sequence[str]) -> str:
    """The first of the keys, and how many more there are."""
    more = len(keys) - MOST_NAMED
    return ", ".join(keys[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def kinds_left_out(form: str, facts: Sequence[Belief], held: Sequence[FactKind], now: datetime) -> Iterator[Problem]:
    """A warning for each kind of statement the format does not hold, and one for windows that it does not tell."""
    living = [fact for fact in facts if fact.valid.end is None or fact.valid.end > now]
    for kind in FactKind:
        if kind not in held:
            yield from left_out(
                form, _PLURALS.get(kind, f"{kind}s"), (fact.key for fact in living if fact.kind is kind)
            )
    inside = [fact for fact in living if fact.kind in held]
    yield from left_out(form, "what begins later", (f.key for f in inside if not f.valid.contains(now)))
    ending = (f.key for f in inside if f.valid.contains(now) and f.valid.end is not None)
    yield from left_out(form, "the end of what will end", ending)


_PLURALS = {
    FactKind.AREA: "areas and what is said of them",
    FactKind.PERSON: "people and what is said of them",
    FactKind.TEAM: "teams and their members",
    FactKind.LENS: "lenses",
    FactKind.MINUTES: "minutes per unit",
    FactKind.RESPONSIBILITY: "rows of the catalogue of responsibilities",
}
"""Of kinds whose plural says more than the kind does."""
