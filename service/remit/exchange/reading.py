"""What a file of another format says of the model: cells of a matrix, and nouns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from remit.domain.catalogue import Letter
from remit.domain.errors import Invalid, Problem
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.modelfile.read import Declaration


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Where owners have letters: an area, a responsibility (or `all`), and the function they hold it for."""

    area: AreaKey
    responsibility: ResponsibilityKey
    function: FunctionKey

    def __str__(self) -> str:
        return f"{self.area}, {self.responsibility}, {self.function}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of one cell. `whole`: nobody else has a part in it; else nobody else claims it."""

    owners: Mapping[OwnerKey, Letter]
    line: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a file says. `nouns` are areas, people and teams, without windows."""

    cells: Mapping[Cell, Said] = field(default_factory=dict)
    nouns: tuple[Declaration, ...] = ()
    warnings: tuple[Problem, ...] = ()


def refuse(problems: Iterable[Problem]) -> None:
    """Raise Invalid with every mistake in the order of the file; none is no reason to."""
    ordered = sorted(set(problems), key=lambda problem: (problem.line or 0, problem.where, problem.message))
    if ordered:
        raise Invalid("the file is not right; nothing was applied", ordered)
