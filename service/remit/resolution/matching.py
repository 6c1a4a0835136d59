"""Which area does an issue belong to? The strongest selector wins, then the deeper area (R28 to R36)."""

from collections.abc import Collection
from dataclasses import dataclass

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.areas import STRENGTH, Selector
from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.domain.records import Criteria

Rank = tuple[int, tuple[bool, ...], int]
"""Criteria counted, which ones (strongest first), and the area's distance from the root; larger wins."""


@dataclass(frozen=True, slots=True)
class Match:
    """The areas of highest rank: none (UNMATCHED), one, or several of equal standing (CONFLICT)."""

    areas: tuple[AreaKey, ...]
    trace: tuple[Candidate, ...]

    @property
    def area(self) -> AreaKey | None:
        return self.areas[0] if len(self.areas) == 1 else None


def holds(selector: Selector, criteria: Criteria) -> bool:
    """Whether every criterion of the selector finds one of its values in what the issue offers."""
    return all(any(value in criteria.get(criterion, ()) for value in values) for criterion, values in selector.criteria)


def match(model: Model, criteria: Criteria) -> Match:
    """The area of an issue with these criteria, and every area that also claimed it."""
    best: dict[AreaKey, tuple[Rank, Selector]] = {}
    for criterion in STRENGTH:
        for value in criteria.get(criterion, ()):
            for area, selector in model.selectors.get((criterion, value), ()):
                rank = (*selector.standing, len(model.paths[area]))
                if (area not in best or best[area][0] < rank) and holds(selector, criteria):
                    best[area] = rank, selector
    if not best:
        return Match((), (_nothing_matches(),))
    ordered = sorted(best.items(), key=lambda entry: entry[0])
    ordered.sort(key=lambda entry: entry[1][0], reverse=True)
    top = ordered[0][1][0]
    winners = tuple(area for area, (rank, _) in ordered if rank == top)
    return Match(winners, tuple(_claim(area, selector, rank == top, winners) for area, (rank, selector) in ordered))


def common_ancestor(model: Model, areas: Collection[AreaKey]) -> AreaKey | None:
    """The nearest area at or above all of these."""
    paths = [model.paths[area] for area in areas]
    return next((key for key in paths[0] if all(key in path for path in paths)), None) if paths else None


def _claim(area: AreaKey, selector: Selector, at_top: bool, winners: tuple[AreaKey, ...]) -> Candidate:
    if at_top and len(winners) == 1:
        verdict, reason = Standing.CHOSEN, Reason.MOST_SPECIFIC
        message = f"The selector {selector} puts the issue in {area}."
    elif at_top:
        verdict, reason = Standing.REJECTED, Reason.TIED
        message = f"The selector {selector} of {area} stands equal among {', '.join(winners)}."
    else:
        verdict, reason = Standing.REJECTED, Reason.LESS_SPECIFIC
        message = f"The selector {selector} of {area} also matches, but {winners[0]} has a more specific one."
    return Candidate(Step.MATCH, Layer.SELECTOR, area, verdict, reason, message, ("Selector", f"{area}/{selector}"))


def _nothing_matches() -> Candidate:
    message = "No area has a selector that this issue matches."
    return Candidate(Step.MATCH, Layer.SELECTOR, "", Standing.SKIPPED, Reason.NO_SELECTOR, message)
