"""How much of an organisation has somebody accountable? Shares of cells, summed up the tree."""

from collections import Counter
from collections.abc import Iterable, Mapping

from remit.domain.answers import Outcome
from remit.domain.gaps import Coverage, Share
from remit.domain.ids import AreaKey, FunctionKey
from remit.domain.model import Model
from remit.resolution.verdicts import Cells, Verdicts

COVERED = frozenset((Outcome.OWNED, Outcome.INHERITED, Outcome.DELEGATED, Outcome.FALLBACK))
"""The outcomes that name somebody accountable (R38)."""
Tally = Counter[tuple[FunctionKey | None, bool]]
"""How many cells each function leads (None: none does), covered or not."""


def coverage(model: Model, cells: Verdicts, asked: Iterable[AreaKey]) -> tuple[Coverage, ...]:
    """Of each area asked, everything below it included, in the order asked.

    A cell wants an owner unless a rule says that nobody shall own it; a blurry one wants one and has none.
    """
    whole: dict[AreaKey, Tally] = {}
    own: dict[int, Tally] = {}  # quiet areas share their cells
    for area in sorted(cells, key=lambda key: -len(model.paths[key])):
        if id(cells[area]) not in own:
            own[id(cells[area])] = _tally(cells[area])
        whole.setdefault(area, Counter()).update(own[id(cells[area])])
        for above in model.paths[area][1:2]:
            whole.setdefault(above, Counter()).update(whole[area])
    return tuple(_coverage(model, area, whole[area]) for area in asked)


def _tally(cells: Cells) -> Tally:
    wanted = (told for told in cells.values() if told.outcome is not Outcome.DELIBERATELY_UNOWNED)
    return Counter((told.lead, told.outcome in COVERED) for told in wanted)


def _coverage(model: Model, area: AreaKey, tally: Tally) -> Coverage:
    functions = {function: _share(tally, function) for function in model.functions}
    led = tuple((function, share) for function, share in functions.items() if share.cells)
    return Coverage(area, Share(tally.total(), sum(_covered(tally).values())), led)


def _share(tally: Tally, function: FunctionKey) -> Share:
    covered = tally[function, True]
    return Share(covered + tally[function, False], covered)


def _covered(tally: Tally) -> Mapping[FunctionKey | None, int]:
    return {function: count for (function, covered), count in tally.items() if covered}
