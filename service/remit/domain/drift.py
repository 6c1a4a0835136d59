"""Work that is done by another function than declared: how much of it, by whom, and how sure that is."""

from dataclasses import dataclass

from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey, SourceName
from remit.domain.load import Window


@dataclass(frozen=True, slots=True)
class FunctionShare:
    """The part of one function: as declared, and of the traces that were left.

    `low` and `high` bound the 95 % Wilson interval of what was observed.
    """

    function: FunctionKey
    declared: float
    observed: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Traces:
    """How many traces of one kind somebody left in one area. `person` and `function` are None where not known,
    `account` where nobody is named, as of one that was deleted.
    """

    area: AreaKey
    source: SourceName
    account: str | None
    trace: str
    count: int
    person: OwnerKey | None
    function: FunctionKey | None


@dataclass(frozen=True, slots=True)
class Drift:
    """A responsibility whose work is done by another function than declared, in an area and below as far as the same is
    declared there.

    `shares` has every function that holds or does a part, the one farthest from what is declared first. `sample` counts
    their traces, `unattributed` those of accounts of nobody, of people without a function and of whoever is not named,
    which are no part of it, `elsewhere` those of functions that hold nothing of what leaves traces. `evidence` has all
    of them, most first.
    """

    area: AreaKey
    responsibility: ResponsibilityKey
    shares: tuple[FunctionShare, ...]
    sample: int
    unattributed: int
    elsewhere: int
    evidence: tuple[Traces, ...]
    window: Window

    @property
    def key(self) -> str:
        """Names it among those of its model."""
        return f"{self.area}\t{self.responsibility}"

    @property
    def sentence(self) -> str:
        """What is otherwise than declared, how sure that is, and what to do."""
        first = self.shares[0]
        observed, low, high = (round(100 * share) for share in (first.observed, first.low, first.high))
        return (
            f"{first.function} left {observed} % of the {self.sample} traces of {self.responsibility} at {self.area} "
            f"and below (95 % interval {low} to {high} %), and {round(100 * first.declared)} % is declared: let a rule "
            "there say what is done, or let the others do it."
        )
