"""What a cell of a file changes: who keeps the part they have, who gets another one, and whose ends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from remit.domain.catalogue import Letter, Split
from remit.domain.errors import Problem
from remit.domain.facts import Fact, natural_key
from remit.domain.ids import ALL, AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Assignment, Inheritance
from remit.exchange.letters import Row, claims, standing, understood
from remit.exchange.reading import Cell, Reading, Said, refuse
from remit.modelfile.read import Declaration

Splits = Callable[[AreaKey, ResponsibilityKey], Split | None]
"""The split in force in an area; None is deliberate non-ownership."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What cells come to: assignments to declare, keys of those to end, and what is odd about them."""

    declared: tuple[Declaration, ...]
    ended: frozenset[str]
    warnings: tuple[Problem, ...]


def settled(model: Model, reading: Reading, splits: Splits) -> Settled:
    """Compare each cell with the assignments that hold now; a part that reads as the file says is left as it is.

    Raises Invalid where a new part would take the key of a row about something else.
    """
    declared: list[Declaration] = []
    ended: set[str] = set()
    warnings: list[Problem] = []
    for cell, said in sorted(reading.cells.items()):
        split = splits(cell.area, cell.responsibility) if cell.responsibility != ALL else None
        rows = [row for row in held(model, cell) if row.body.owner is not None]
        parts = understood(rows, cell, split)
        others = [row for row in rows if row.body.owner not in said.owners and not _last(row)]
        leaving = [row for row in others if said.whole or (claims(row) and _accountable(parts, row))]
        staying = [row for row in others if row not in leaving]
        stated, replaced = _stated(cell, said, staying, [row for row in rows if row.body.owner in said.owners], split)
        declared += stated
        ended |= {row.key for row in (*leaving, *replaced)}
        warnings += _oddities(cell, said, split)
    refuse(_taken(model, declared))
    return Settled(tuple(declared), frozenset(ended - {one.key for one in declared}), tuple(warnings))


def held(model: Model, cell: Cell) -> Sequence[Row]:
    """The assignments of a cell that hold now."""
    rows = model.assignments.get((cell.area, cell.function), ())
    return [row for row in rows if row.body.responsibility == cell.responsibility]


def _stated(
    cell: Cell, said: Said, staying: Sequence[Row], named: Sequence[Row], split: Split | None
) -> tuple[list[Declaration], list[Row]]:
    """The parts that must be stated anew, and the rows they replace; `named` are those of the owners the file names.

    Whether a row without a letter reads as the file says depends on the others of its cell, so the rows that are kept
    are tried together; each round states at least one more owner, or ends.
    """
    taking = {owner: [row for row in named if row.body.owner == owner and not _last(row)] for owner in said.owners}
    kept = {owner: rows for owner, rows in taking.items() if rows}
    while True:
        new = {owner: _row(cell, owner, said, [*taking[owner], *named]) for owner in said.owners if owner not in kept}
        after = understood([*staying, *new.values(), *(row for rows in kept.values() for row in rows)], cell, split)
        wrong = [owner for owner in kept if after.get(owner) is not said.owners[owner]]
        if not wrong:
            break
        kept = {owner: rows for owner, rows in kept.items() if owner not in wrong}
    declared = [Declaration(row.key, row.body, None, None, said.line) for row in new.values()]
    return declared, [row for owner in new for row in taking[owner]]


def _row(cell: Cell, owner: OwnerKey, said: Said, before: Sequence[Row]) -> Row:
    """The letter made explicit, under the key and with the reach of the first row the owner had.

    A part of last resort is one no more (R23), and an addition none that becomes accountable (R24).
    """
    letter = said.owners[owner]
    had = next((row for row in before if row.body.owner == owner), None)
    if had is None:
        body = Assignment(cell.area, cell.responsibility, cell.function, owner, letter)
        return Fact(natural_key(body), body)
    body = replace(had.body, letter=letter)
    if _last(had) or (letter is Letter.ACCOUNTABLE and body.inherit is Inheritance.APPEND):
        body = replace(body, inherit=Inheritance.INHERIT)
    return Fact(had.key, body)


def _taken(model: Model, declared: Sequence[Declaration]) -> Iterator[Problem]:
    """A new part has the key it is recognised by (R1), which a row about something else may bear."""
    bearers = {row.key: row.body for rows in model.assignments.values() for row in rows}
    for one in declared:
        bearer = bearers.get(one.key)
        if bearer is not None and isinstance(one.body, Assignment) and _about(bearer) != _about(one.body):
            message = (
                f"the assignment of {bearer.owner} at {bearer.area} has this key; give it another in the model first"
            )
            yield Problem("KEY_TAKEN", message, one.key, one.line)


def _about(body: Assignment) -> tuple[str | None, ...]:
    return body.area, body.responsibility, body.function, body.owner


def _last(row: Row) -> bool:
    return row.body.inherit is Inheritance.FALLBACK


def _oddities(cell: Cell, said: Said, split: Split | None) -> Iterator[Problem]:
    """Letters that are recorded, and read otherwise."""
    leads, support = standing(cell, split)
    if not leads and support is None:
        message = f"{cell.function} has no part in {cell.responsibility} here, so these letters have no effect (R22)"
        yield Problem("NO_PART", message, str(cell), said.line)
    elif not leads and (claiming := [owner for owner, letter in said.owners.items() if letter is Letter.ACCOUNTABLE]):
        message = (
            f"{cell.function} does not lead here, so {', '.join(claiming)} will be {support}, not accountable (R26)"
        )
        yield Problem("NOT_LEADING", message, str(cell), said.line)


def _accountable(parts: Mapping[OwnerKey, Letter], row: Row) -> bool:
    return row.body.owner is not None and parts.get(row.body.owner) is Letter.ACCOUNTABLE
