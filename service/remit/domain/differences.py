"""What a change comes to: the cells that turn out otherwise, and the gaps that open and close."""

from dataclasses import dataclass

from remit.domain.answers import Outcome
from remit.domain.gaps import Gap
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.people import OwnerRef


@dataclass(frozen=True, slots=True)
class CellState:
    """What a cell comes to, as far as a change can be seen in it."""

    outcome: Outcome
    lead: FunctionKey | None
    accountable: OwnerRef | None


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that is not as it was; None where one of the models has no such area or responsibility."""

    area: AreaKey
    responsibility: ResponsibilityKey
    before: CellState | None
    after: CellState | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Between two models. A gap's `count` is by how many cells or issues it grew or shrank, not how large it is."""

    cells: tuple[CellChange, ...]
    opened: tuple[Gap, ...]
    closed: tuple[Gap, ...]
