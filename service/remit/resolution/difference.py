"""What is otherwise in one model than in another? Cells, and the gaps that open and close between them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from remit.domain.differences import CellChange, CellState, Difference
from remit.domain.gaps import Gap
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.resolution.findings import Findings
from remit.resolution.gaps import by_depth, gaps
from remit.resolution.verdicts import Cells, Verdict

Changed = tuple[tuple[ResponsibilityKey, CellState | None, CellState | None], ...]


def difference(before: Findings, after: Findings) -> Difference:
    """Of a model with itself: nothing. The other way round: the same, opened for closed and before for after."""
    return Difference(
        cells=_cells(before, after),
        opened=(*_grown(before, after), *_more(before.elsewhere, after.elsewhere)),
        closed=(*_grown(after, before), *_more(after.elsewhere, before.elsewhere)),
    )


def _cells(before: Findings, after: Findings) -> tuple[CellChange, ...]:
    """From the root of the second model down."""
    rows = list(dict.fromkeys((*before.model.responsibilities, *after.model.responsibilities)))
    compared: dict[tuple[int, int], Changed] = {}  # quiet areas share their cells
    changes: list[CellChange] = []
    for area in _areas(before, after):
        was, now = before.cells.get(area, {}), after.cells.get(area, {})
        pair = id(before.cells.get(area)), id(after.cells.get(area))
        if pair not in compared:
            compared[pair] = _changed(rows, was, now)
        changes += [CellChange(area, responsibility, *states) for responsibility, *states in compared[pair]]
    return tuple(changes)


def _areas(before: Findings, after: Findings) -> Iterable[AreaKey]:
    depths = {key: len(path) for model in (before.model, after.model) for key, path in model.paths.items()}
    return sorted(depths, key=lambda key: (depths[key], key))


def _changed(rows: Iterable[ResponsibilityKey], was: Cells, now: Cells) -> Changed:
    states = ((row, _state(was.get(row)), _state(now.get(row))) for row in rows)
    return tuple(told for told in states if told[1] != told[2])


def _state(told: Verdict | None) -> CellState | None:
    return CellState(told.outcome, told.lead, told.accountable) if told is not None else None


def _grown(before: Findings, after: Findings) -> tuple[Gap, ...]:
    """The gaps of those cells alone that lack something after and did not before."""
    new = {cell: cause for cell, cause in after.ailing.items() if cell not in before.ailing}
    return gaps(after.model, new, by_depth(after.model))


def _more(before: Iterable[Gap], after: Iterable[Gap]) -> Iterable[Gap]:
    """Gaps that are about no cell: new ones whole, larger ones by how much they grew."""
    counts: Mapping[str, int] = {gap.key: gap.count for gap in before}
    for gap in after:
        if gap.key not in counts:
            yield gap
        elif gap.count > counts[gap.key]:
            yield replace(gap, count=gap.count - counts[gap.key])
