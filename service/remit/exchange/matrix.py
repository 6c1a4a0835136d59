"""The cells of a matrix while its file is read, and what is wrong with them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from remit.domain.catalogue import Letter
from remit.domain.errors import Problem
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.exchange.known import Known
from remit.exchange.letters import letter_of
from remit.exchange.reading import Cell, Said


class Matrix:
    """What is not right is told and left out, and the rest is read all the same."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.cells: dict[Cell, Said] = {}
        self.problems: list[Problem] = []

    def wrong(self, code: str, message: str, where: str, line: int) -> None:
        self.problems.append(Problem(code, message, where, line))

    def state(
        self,
        area: AreaKey,
        responsibility: ResponsibilityKey,
        owners: Mapping[OwnerKey, Letter],
        function: FunctionKey | None,
        line: int,
    ) -> None:
        """Owners with letters, for a function or else each for his or her own."""
        groups: dict[FunctionKey, dict[OwnerKey, Letter]] = defaultdict(dict)
        for owner, letter in owners.items():
            held_for = function if function is not None else self.known.function_of(owner)
            if held_for is None:
                message = f"{owner} has no function in the model; give it one, or add a column `function` as the third"
                self.wrong("NO_FUNCTION", message, f"{area}, {responsibility}", line)
            else:
                groups[held_for][owner] = letter
        for held_for, group in groups.items():
            cell = Cell(area, responsibility, held_for)
            if cell in self.cells:
                message = f"line {self.cells[cell].line} says who holds this for {held_for}; keep one of the rows"
                self.wrong("DUPLICATE_ROW", message, f"{area}, {responsibility}", line)
            else:
                self.cells[cell] = Said(group, line)

    def letter(self, told: str, where: str, line: int) -> Letter | None:
        """The letter of a cell that holds nothing else; None where it is empty."""
        if not told:
            return None
        letter = letter_of(told)
        if letter is None:
            self.wrong("UNKNOWN_LETTER", f"there is no letter {told!r}; write A, R, C, I or A/R", where, line)
        return letter

    def owners(self, told: str, where: str, line: int) -> dict[OwnerKey, Letter]:
        """The owners of a cell such as `A:ana R:omar,rae`, each with the strongest letter given."""
        found: dict[OwnerKey, Letter] = {}
        for word in _BESIDE.sub(r"\1", told).split():
            letters, colon, names = word.partition(":")
            if not colon or not names:
                message = f"{word!r} is no letter with owners; write for example A:ana R:omar,rae"
                self.wrong("WRONG_CELL", message, where, line)
                continue
            letter = self.letter(letters, where, line)
            for name in filter(None, names.split(",")):
                owner = self.known.owner(name)
                if owner is None:
                    self.problems.append(self.known.unknown("owner", name, where, line))
                elif letter is not None:
                    found[owner] = min(letter, found.get(owner, letter), key=lambda one: one.rank)
        return found

    def two_accountables(self) -> Iterator[Problem]:
        """One responsibility of an area has one accountable (R27); of `all`, each function has its own."""
        claiming: dict[tuple[str, ...], dict[OwnerKey, int]] = defaultdict(dict)
        for cell, said in self.cells.items():
            place = (cell.area, cell.responsibility, *((cell.function,) if cell.responsibility == ALL else ()))
            for owner, letter in said.owners.items():
                if letter is Letter.ACCOUNTABLE:
                    claiming[place][owner] = said.line
        for place, owners in claiming.items():
            if len(owners) > 1:
                message = f"{' and '.join(owners)} cannot both be accountable; leave one A (R27)"
                yield Problem("TWO_ACCOUNTABLES", message, ", ".join(place), max(owners.values()))


_BESIDE = re.compile(r"\s*([:,/])\s*")
"""Spaces beside what binds letters and owners together do not part them."""
