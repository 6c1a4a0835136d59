"""Is the work done by the functions that are declared to do it?

What a vendor's history tells of counts as work on a responsibility by this table: the name of the changed field in
small letters, or what was done with feedback.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.domain.catalogue import Letter, Split
from remit.domain.drift import Drift, FunctionShare, Traces
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.load import Window
from remit.domain.model import Model
from remit.domain.records import PARENT_FIELDS
from remit.resolution.verdicts import Verdicts
from remit.resolution.wilson import wilson

TRACES: Mapping[ResponsibilityKey, frozenset[str]] = {
    # Left out: `resolution` and `Workflow`, which Jira writes beside a status, and `timeestimate`, which it writes
    # when time is logged.
    ResponsibilityKey("backlog_management"): frozenset(
        {"status", "priority", "rank", "sprint", "labels"}
        | {"story points", "story point estimate", "timeoriginalestimate"}
    ),
    ResponsibilityKey("feedback_analysis"): frozenset(("feedback triaged",)),
    # Left out: `Epic Child`, which Jira writes at the epic beside an `Epic Link` at its issue.
    ResponsibilityKey("roadmap_ownership"): frozenset(("fix version",)) | PARENT_FIELDS,
    ResponsibilityKey("documentation"): frozenset(("description", "remoteissuelink")),
}
LEAST = 20
"""Of fewer traces the 95 % interval of a half reaches farther than 20 points to either side."""
FAR = Fraction(1, 5)

Weights = Mapping[Letter, int]
Shares = Mapping[FunctionKey, Fraction]


@dataclass(frozen=True, slots=True)
class _Pool:
    """An area with what is below it and declares the same: the part of each function, and all traces left there."""

    area: AreaKey
    responsibility: ResponsibilityKey
    declared: Shares
    traces: tuple[Traces, ...]


def drifts(
    model: Model, cells: Verdicts, left: Iterable[Traces], weights: Weights, window: Window, top: AreaKey | None = None
) -> tuple[Drift, ...]:
    """Every drift at `top` and below (None: everywhere), parents first, told at the topmost area at which it shows.

    `cells` are those of the model; `left` are traces of the window.
    """
    areas = model.under(top)
    there: dict[tuple[AreaKey, ResponsibilityKey], list[Traces]] = defaultdict(list)
    named = {trace: responsibility for responsibility, names in TRACES.items() for trace in names}
    for one in left:
        if one.trace in named:
            there[one.area, named[one.trace]].append(one)
    parties = _parties(cells)
    found = [
        drift
        for responsibility in TRACES
        if responsibility in model.responsibilities
        for drift in _of(model, cells, areas, responsibility, there, parties, weights, window)
    ]
    order = {area: place for place, area in enumerate(areas)}
    return tuple(sorted(found, key=lambda drift: order[drift.area]))


def declared(split: Split | None, weights: Weights) -> Shares:
    """The part of each function in the work, by the weight of its letter; empty where nobody is to do any."""
    if split is None:
        return {}
    told = [(split.lead, Letter.ACCOUNTABLE)] if split.lead is not None else []
    letters = [(function, weights.get(letter, 0)) for function, letter in (*told, *split.support)]
    whole = sum(weight for _, weight in letters)
    parts: dict[FunctionKey, Fraction] = defaultdict(Fraction)
    for function, weight in letters:
        if weight:
            parts[function] += Fraction(weight, whole)
    return parts


def _of(
    model: Model,
    cells: Verdicts,
    areas: Sequence[AreaKey],
    responsibility: ResponsibilityKey,
    there: Mapping[tuple[AreaKey, ResponsibilityKey], Sequence[Traces]],
    parties: frozenset[FunctionKey],
    weights: Weights,
    window: Window,
) -> Iterator[Drift]:
    """Those of one responsibility: an area is only looked at by itself where nothing shows above it."""
    splits = {area: declared(cells[area][responsibility].source.split, weights) for area in areas}
    pooled: dict[AreaKey, list[Traces]] = {area: list(there.get((area, responsibility), ())) for area in areas}
    for area in reversed(areas):  # children come before their parents
        above = model.areas[area].parent
        if above in splits and splits[above] == splits[area]:
            pooled[above] += pooled[area]
    told: set[AreaKey] = set()
    for area in areas:
        above = model.areas[area].parent
        if above in told and splits.get(above) == splits[area]:
            told.add(area)
            continue
        found = _found(_Pool(area, responsibility, splits[area], tuple(pooled[area])), parties, window)
        if found is not None:
            told.add(area)
            yield found


def _found(pool: _Pool, parties: frozenset[FunctionKey], window: Window) -> Drift | None:
    """The drift of a pool; None where there is none, where it is too thin to say, or where nothing is declared."""
    counts: Counter[FunctionKey] = Counter()
    unattributed = elsewhere = 0
    for one in pool.traces:
        if one.function is None:
            unattributed += one.count
        elif one.function in parties:
            counts[one.function] += one.count
        else:
            elsewhere += one.count
    sample = counts.total()
    if not pool.declared or sample < LEAST or unattributed > sample:
        return None
    functions = sorted({*pool.declared, *counts})
    differences = {key: Fraction(counts[key], sample) - pool.declared.get(key, 0) for key in functions}
    shares = {key: _share(pool, key, counts[key], sample) for key in functions}
    far = [key for key in functions if abs(differences[key]) >= FAR and _is_outside(shares[key])]
    if not far:
        return None
    order = sorted(functions, key=lambda key: (key not in far, -abs(differences[key]), -differences[key], key))
    evidence = sorted(pool.traces, key=lambda one: (-one.count, one.area, one.source, one.account or "", one.trace))
    told = tuple(shares[key] for key in order)
    return Drift(pool.area, pool.responsibility, told, sample, unattributed, elsewhere, tuple(evidence), window)


def _share(pool: _Pool, function: FunctionKey, count: int, sample: int) -> FunctionShare:
    low, high = wilson(count, sample)
    return FunctionShare(function, float(pool.declared.get(function, 0)), count / sample, low, high, count)


def _is_outside(share: FunctionShare) -> bool:
    return not share.low <= share.declared <= share.high


def _parties(cells: Verdicts) -> frozenset[FunctionKey]:
    """The functions that lead or support something that leaves traces, in whatever area."""
    rows = {id(row): row for row in cells.values()}  # quiet areas share theirs
    splits = (row[key].source.split for row in rows.values() for key in TRACES if key in row)
    return frozenset(function for split in splits if split is not None for function in _named(split))


def _named(split: Split) -> Iterator[FunctionKey]:
    if split.lead is not None:
        yield split.lead
    yield from (function for function, _ in split.support)
