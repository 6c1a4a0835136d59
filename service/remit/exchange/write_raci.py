"""Writes the assignments that hold now as a RACI matrix that, imported, changes nothing."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from remit.domain.catalogue import Letter
from remit.domain.errors import Problem
from remit.domain.facts import Body, Fact, FactKind
from remit.domain.ids import ALL, OwnerKey
from remit.domain.model import Model
from remit.domain.policy import Inheritance
from remit.exchange.left_out import kinds_left_out, left_out
from remit.exchange.letters import WRITTEN, Row, understood
from remit.exchange.reading import Cell
from remit.exchange.settling import Splits

FORM = "csv"


def write_raci(
    model: Model, facts: Sequence[Fact[Body]], now: datetime, splits: Splits
) -> tuple[str, tuple[Problem, ...]]:
    """The matrix in the long layout, areas in the order of the tree; and what it cannot hold.

    A letter is what resolution makes of an assignment in its own cell (R26, R27), not always the one that is stated.
    """
    cells = _cells(model)
    parts: dict[Cell, dict[OwnerKey, Letter]] = {}
    for cell, rows in cells.items():
        split = splits(cell.area, cell.responsibility) if cell.responsibility != ALL else None
        parts[cell] = understood(rows, cell, split)
    owners = {owner: index for index, owner in enumerate(sorted({one for part in parts.values() for one in part}))}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["area", "responsibility", "function", *owners])
    for cell in sorted((cell for cell, part in parts.items() if part), key=_order(model)):
        letters = [""] * len(owners)
        for owner, letter in parts[cell].items():
            letters[owners[owner]] = WRITTEN[letter]
        table.writerow([cell.area, cell.responsibility, cell.function, *letters])
    return text.getvalue(), (*kinds_left_out(FORM, facts, [FactKind.ASSIGNMENT], now), *_lost(cells, parts))


def _cells(model: Model) -> dict[Cell, list[Row]]:
    cells: dict[Cell, list[Row]] = defaultdict(list)
    for rows in model.assignments.values():
        for row in rows:
            cells[Cell(row.body.area, row.body.responsibility, row.body.function)].append(row)
    return cells


class _order:  # noqa: N801 - a key function that remembers the tree
    """Areas as in the tree, `all` before the responsibilities of the catalogue, then by function."""

    def __init__(self, model: Model) -> None:
        self._areas = {key: index for index, key in enumerate(model.under(None))}
        self._responsibilities = {key: index for index, key in enumerate([ALL, *model.responsibilities])}

    def __call__(self, cell: Cell) -> tuple[int, int, str]:
        return self._areas.get(cell.area, -1), self._responsibilities.get(cell.responsibility, -1), cell.function


def _lost(cells: dict[Cell, list[Row]], parts: dict[Cell, dict[OwnerKey, Letter]]) -> Iterator[Problem]:
    rows = [(cell, row) for cell, of_cell in cells.items() for row in of_cell]
    shown = [row for cell, row in rows if row.body.owner in parts[cell] and not _last(row)]
    yield from left_out(FORM, "fallbacks", (row.key for _, row in rows if _last(row)))
    yield from left_out(FORM, "blocks that name nobody", (row.key for _, row in rows if row.body.owner is None))
    without = (row.key for cell, row in rows if row.body.owner not in parts[cell] and row.body.owner and not _last(row))
    yield from left_out(FORM, "assignments of a function that has no part there", without)
    modes = (row.key for row in shown if row.body.inherit is not Inheritance.INHERIT)
    yield from left_out(FORM, "how far an assignment reaches", modes)
    yield from left_out(FORM, "the reason of an assignment", (row.key for row in shown if row.body.reason))


def _last(row: Row) -> bool:
    return row.body.inherit is Inheritance.FALLBACK
