"""Which of many facts hold at the same time, and which lead back to themselves: in time linear in their number."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from remit.domain.facts import AnyBody, Fact
from remit.domain.intervals import Interval

Node = TypeVar("Node", bound=Hashable)
_EVER = datetime.min.replace(tzinfo=UTC)


def overlapping(
    facts: Sequence[Fact[AnyBody]], apart: Callable[[Fact[AnyBody]], Hashable] = lambda fact: fact.key
) -> Iterator[tuple[Fact[AnyBody], Fact[AnyBody]]]:
    """Each fact that begins while another one holds already, behind that one; `apart` is what must differ.

    Sweeps by start, and remembers the fact that holds longest and the longest of those apart from it.
    """
    longest: Fact[AnyBody] | None = None
    second: Fact[AnyBody] | None = None
    for fact in sorted(facts, key=lambda f: (f.valid.start or _EVER, f.key)) if len(facts) > 1 else facts:
        earlier = longest if longest is None or apart(longest) != apart(fact) else second
        if earlier is not None and earlier.valid.overlaps(fact.valid):
            yield earlier, fact
        if longest is None or _ends_later(fact, longest):
            if longest is not None and apart(longest) != apart(fact):
                second = longest
            longest = fact
        elif apart(longest) != apart(fact) and (second is None or _ends_later(fact, second)):
            second = fact


def starts(facts: Sequence[Fact[AnyBody]]) -> list[datetime | None]:
    """Every instant at which one of the facts begins, None standing for "since ever": each state shows at one."""
    return sorted({fact.valid.start for fact in facts}, key=lambda start: start or _EVER)


def holds_at(valid: Interval, instant: datetime | None) -> bool:
    """Whether it holds at the instant; None asks for the beginning of time."""
    return valid.start is None if instant is None else valid.contains(instant)


def in_cycles(onward: Mapping[Node, set[Node]]) -> set[Node]:
    """Those whose way onward can be endless: they stand in a cycle or lead into one."""
    before: dict[Node, list[Node]] = defaultdict(list)
    ways = {node: len(targets & onward.keys()) for node, targets in onward.items()}
    for node, targets in onward.items():
        for target in targets & onward.keys():
            before[target].append(node)
    ended = [node for node, count in ways.items() if count == 0]
    for node in ended:  # grows while it is walked
        for earlier in before[node]:
            ways[earlier] -= 1
            if ways[earlier] == 0:
                ended.append(earlier)
    return onward.keys() - set(ended)


def _ends_later(one: Fact[AnyBody], other: Fact[AnyBody]) -> bool:
    end, last = one.valid.end, other.valid.end
    return last is not None and (end is None or end > last)
