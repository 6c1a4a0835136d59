"""Which area does a piece of feedback belong to? Most criteria win, then the deeper area, as of issues (R29 to R31).

Fields are the sources' own, so that none is stronger than another. One item belongs to one area: where several areas of
equal standing claim it, to none, so that nothing is counted twice.
"""

from remit.domain.areas import FeedbackSelector
from remit.domain.feedback import FeedbackItem, Offers
from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.records import normalised


def feedback_areas(model: Model, item: FeedbackItem) -> tuple[AreaKey, ...]:
    """The areas of highest standing, by key: none, one, or several that stand equal."""
    return areas_of_offers(model, item.source, item.offers)


def areas_of_offers(model: Model, source: SourceName, offers: Offers) -> tuple[AreaKey, ...]:
    """The same of everything of a source that offers this to selectors."""
    offered = {field: frozenset(map(normalised, values)) for field, values in offers}
    best: dict[AreaKey, tuple[int, int]] = {}
    for area, selector in model.feedback_selectors.get(source, ()):
        if _holds(selector, offered):
            standing = len(selector.criteria), len(model.paths[area])
            best[area] = max(best.get(area, standing), standing)
    top = max(best.values(), default=None)
    return tuple(sorted(area for area, standing in best.items() if standing == top))


def _holds(selector: FeedbackSelector, offered: dict[str, frozenset[str]]) -> bool:
    """Whether every criterion finds one of its values."""
    return all(not offered.get(field, frozenset()).isdisjoint(values) for field, values in selector.criteria)
