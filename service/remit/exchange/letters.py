"""The letters of a matrix: how they are written, and what assignments in one cell come to (R24 to R27)."""

from collections.abc import Iterable, Mapping

from remit.domain.catalogue import Letter, Split
from remit.domain.facts import Fact
from remit.domain.ids import ALL, FunctionKey, OwnerKey
from remit.domain.policy import Assignment, Inheritance
from remit.exchange.reading import Cell

Row = Fact[Assignment]

WRITTEN: Mapping[Letter, str] = {letter: letter.value[0].upper() for letter in Letter}
_READ = {written: letter for letter, written in WRITTEN.items()}


def letter_of(told: str) -> Letter | None:
    """The letter a cell holds, the strongest where it holds several (`A/R`); None where one of them does not exist."""
    found = [_READ.get(one.strip().upper()) for one in told.split("/")]
    return min((one for one in found if one is not None), key=lambda one: one.rank) if None not in found else None


def understood(rows: Iterable[Row], cell: Cell, split: Split | None) -> dict[OwnerKey, Letter]:
    """What each owner of a cell is there, before delegation and activity, if nothing above or below is looked at.

    `split` is in force at the cell. Absent are those with no part: fallbacks (R23), blocks without owner (R25), and
    everybody of a function outside the split (R22). For `all` the function counts as leading.
    """
    taking = [row for row in rows if row.body.owner is not None and row.body.inherit is not Inheritance.FALLBACK]
    leads, support = standing(cell, split)
    if leads:
        return _strongest(_leading(taking))
    return _strongest((row, _lesser(row) or support) for row in taking) if support is not None else {}


def standing(cell: Cell, split: Split | None) -> tuple[bool, Letter | None]:
    """Whether the cell's function leads there, and if it only supports, with which letter."""
    if cell.responsibility == ALL:
        return True, None
    if split is None:
        return False, None
    return split.lead == cell.function, dict(split.support).get(FunctionKey(cell.function))


def claims(row: Row) -> bool:
    """Whether it would make its owner accountable, were its function to lead and nobody else to claim the same."""
    return row.body.owner is not None and row.body.inherit in _DIRECT and _lesser(row) is None


_DIRECT = (Inheritance.INHERIT, Inheritance.BLOCK)


def _leading(rows: list[Row]) -> Iterable[tuple[Row, Letter]]:
    """An APPEND claims only where nothing else does (R24); a single explicit claim wins over the others (R27)."""
    claiming = [row for row in rows if claims(row)] or [row for row in rows if _lesser(row) is None]
    explicit = {row.body.owner for row in claiming if row.body.letter is Letter.ACCOUNTABLE}
    owners = explicit or {row.body.owner for row in claiming}
    for row in rows:
        accountable = row in claiming and owners == {row.body.owner}
        yield row, _lesser(row) or (Letter.ACCOUNTABLE if accountable else Letter.RESPONSIBLE)


def _lesser(row: Row) -> Letter | None:
    """The stated letter, if it is below accountable."""
    return row.body.letter if row.body.letter is not Letter.ACCOUNTABLE else None


def _strongest(told: Iterable[tuple[Row, Letter]]) -> dict[OwnerKey, Letter]:
    found: dict[OwnerKey, Letter] = {}
    for row, letter in told:
        if (owner := row.body.owner) is not None and (owner not in found or letter.rank < found[owner].rank):
            found[owner] = letter
    return found
