"""Reads a RACI matrix in CSV, in either of the layouts people keep (docs/exchange.md)."""

from collections.abc import Iterator, Sequence

from remit.domain.catalogue import Letter
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.model import Model
from remit.exchange.known import Known
from remit.exchange.matrix import Matrix
from remit.exchange.reading import Reading, refuse
from remit.exchange.table import Record, records

_WITH_FUNCTION = 3


def read_raci(text: str, model: Model) -> Reading:
    """What the matrix says; raises Invalid with every mistake and its line."""
    layout = _Layout(Matrix(Known(model)))
    header, *rows = records(text) or [Record(1, {}, 0)]
    layout.read(header, rows)
    refuse([*layout.matrix.problems, *layout.matrix.two_accountables()])
    return Reading(layout.matrix.cells)


class _Layout:
    """How rows and columns make cells."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.known = matrix.known
        self._rows: dict[tuple[str, ...], int] = {}

    def read(self, header: Record, rows: Sequence[Record]) -> None:
        names = _without_empty_end(header, rows)
        folded = [name.casefold() for name in names]
        if folded[:1] != ["area"]:
            message = "the first column must be headed `area`, then `responsibility` and owners, or responsibilities"
            self.matrix.wrong("MISSING_COLUMN", message, "", header.line)
            return
        for row in rows:
            if max(row.written) >= len(names):
                message = f"{row.width} fields, but {len(names)} headings; quote a field that holds separators"
                self.matrix.wrong("TOO_MANY_FIELDS", message, row.field(0), row.line)
        if folded[1:2] == ["responsibility"]:
            self._long(header.line, names, rows, _WITH_FUNCTION if folded[2:3] == ["function"] else 2)
        else:
            self._wide(header.line, names, rows)

    def _long(self, line: int, names: Sequence[str], rows: Sequence[Record], first: int) -> None:
        """A row for each area and responsibility, a column for each owner from `first` on."""
        columns = {index: OwnerKey(key) for index, key in self._columns(line, names, first, "owner")}
        if rows and len(names) == first:
            message = "no column names an owner; add one for each, headed by key or e-mail address"
            self.matrix.wrong("MISSING_COLUMN", message, "", line)
        for row in rows:
            area, responsibility = self._named("area", row, 0), self._named("responsibility", row, 1)
            functions = [self._named("function", row, 2)] if first == _WITH_FUNCTION and row.field(2) else []
            owners: dict[OwnerKey, Letter] = {}
            for index in sorted(row.written.keys() & columns.keys()):
                letter = self.matrix.letter(row.field(index), f"{row.field(0)}, {names[index]}", row.line)
                if letter is not None:
                    owners[columns[index]] = letter
            if self._first(row, first) and area and responsibility and None not in functions:
                function = FunctionKey(functions[0]) if functions and functions[0] else None
                cell = AreaKey(area), ResponsibilityKey(responsibility)
                self.matrix.state(*cell, owners, function, row.line)

    def _wide(self, line: int, names: Sequence[str], rows: Sequence[Record]) -> None:
        """A row for each area, a column for each responsibility; a cell holds letters with owners."""
        columns = [(i, ResponsibilityKey(key)) for i, key in self._columns(line, names, 1, "responsibility")]
        if len(names) == 1:
            message = "no column names a responsibility; add `responsibility` and owners, or responsibilities"
            self.matrix.wrong("MISSING_COLUMN", message, "", line)
        for row in rows:
            area = self._named("area", row, 0)
            new = self._first(row, 1)
            for index, responsibility in columns:
                owners = self.matrix.owners(row.field(index), f"{row.field(0)}, {names[index]}", row.line)
                if area and new:
                    self.matrix.state(AreaKey(area), responsibility, owners, None, row.line)

    def _columns(self, line: int, names: Sequence[str], first: int, what: str) -> Iterator[tuple[int, str]]:
        """The columns from `first` on with the key of what heads them, each key once."""
        found: dict[str, int] = {}
        for index, name in list(enumerate(names))[first:]:
            key = self.known.find(what, name)
            where = f"column {index + 1}"
            if not name:
                self.matrix.wrong("MISSING_COLUMN", "this column has no heading; give it one or remove it", where, line)
            elif key is None:
                self.matrix.problems.append(self.known.unknown(what, name, where, line))
            elif key in found:
                message = f"{name!r} is what column {found[key] + 1} is about; keep one of them"
                self.matrix.wrong("DUPLICATE_COLUMN", message, where, line)
            else:
                found[key] = index
                yield index, key

    def _named(self, what: str, row: Record, index: int) -> str | None:
        """The key of the `area`, `responsibility` or `function` that a field names."""
        told = row.field(index)
        key = self.known.find(what, told)
        if not told:
            self.matrix.wrong("MISSING_VALUE", f"the {what} is missing", row.field(0), row.line)
        elif key is None:
            self.matrix.problems.append(self.known.unknown(what, told, "", row.line))
        return key

    def _first(self, row: Record, names: int) -> bool:
        """Whether no row before this one is about the same, by its first fields."""
        about = tuple(row.field(index) for index in range(names))
        before = self._rows.setdefault(about, row.line)
        if before != row.line:
            message = f"line {before} is about the same; keep one of the rows"
            self.matrix.wrong("DUPLICATE_ROW", message, ", ".join(filter(None, about)), row.line)
        return before == row.line


def _without_empty_end(header: Record, rows: Sequence[Record]) -> tuple[str, ...]:
    """The headings; programs that keep tables add empty columns behind the last, which say nothing."""
    last = max([*header.written, *(max(row.written) for row in rows if row.width <= header.width)], default=-1)
    return tuple(header.field(index) for index in range(last + 1))
