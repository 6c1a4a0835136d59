"""Which feedback belongs to no area, or to several of equal standing, and so counts in the load of none?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from heapq import nsmallest

from remit.domain.feedback import Offers
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.records import normalised
from remit.domain.tallies import FeedbackTally
from remit.resolution.feedback_matching import areas_of_offers
from remit.resolution.matching import common_ancestor

NAMED = 3
"""Offers told in a sentence: enough to begin a selector with."""

Named = Mapping[SourceName, Collection[tuple[str, str]]]


def feedback_gaps(model: Model, tallies: Iterable[FeedbackTally]) -> tuple[Gap, ...]:
    """Feedback of no area by its source, and of several by those areas; most first."""
    unmatched: dict[SourceName, list[FeedbackTally]] = defaultdict(list)
    several: dict[tuple[SourceName, tuple[AreaKey, ...]], list[FeedbackTally]] = defaultdict(list)
    placed: dict[tuple[SourceName, Offers], tuple[AreaKey, ...]] = {}
    named = _named(model)
    for tally in tallies:
        asked = tally.source, _asked(tally.offers, named.get(tally.source, ()))
        if asked not in placed:
            placed[asked] = areas_of_offers(model, *asked)
        areas = placed[asked]
        if not areas:
            unmatched[tally.source].append(tally)
        elif len(areas) > 1:
            several[tally.source, areas].append(tally)
    found = [_unmatched(model, source, alike) for source, alike in unmatched.items()]
    found += [_several(model, source, areas, alike) for (source, areas), alike in several.items()]
    return tuple(sorted(found, key=lambda gap: (-gap.count, gap.key)))


def _named(model: Model) -> Named:
    """Of each source every field and value that a selector asks for."""
    return {
        SourceName(source): {
            (field, value) for _, one in selectors for field, values in one.criteria for value in values
        }
        for source, selectors in model.feedback_selectors.items()
    }


def _asked(offers: Offers, named: Collection[tuple[str, str]]) -> Offers:
    """As much of what is offered as anybody asks for: what differs in the rest is placed together."""
    told = (
        (field, tuple(value for value in values if (field, normalised(value)) in named)) for field, values in offers
    )
    return tuple((field, values) for field, values in told if values)


def _unmatched(model: Model, source: SourceName, alike: Collection[FeedbackTally]) -> Gap:
    """`near` are the areas that have a selector for other feedback of the source."""
    near = tuple(dict.fromkeys(area for area, _ in model.feedback_selectors.get(source, ())))
    count = sum(tally.count for tally in alike)
    message = f"{_pieces(count, source)} to no area{_most(alike)}: give an area a selector for them."
    return Gap(GapKind.UNMATCHED_FEEDBACK, common_ancestor(model, near), None, None, count, message, source)


def _several(model: Model, source: SourceName, areas: tuple[AreaKey, ...], alike: Collection[FeedbackTally]) -> Gap:
    count = sum(tally.count for tally in alike)
    message = (
        f"{_pieces(count, source)} to {', '.join(areas)} alike, and so to none of them{_most(alike)}: "
        "let one of their selectors ask for more, or take one away."
    )
    subject = " ".join((source, *areas))
    return Gap(GapKind.UNMATCHED_FEEDBACK, common_ancestor(model, areas), None, None, count, message, subject)


def _most(alike: Iterable[FeedbackTally]) -> str:
    """What most of it offers to selectors, to begin with."""
    held: Counter[tuple[str, str]] = Counter()
    for tally in alike:
        for field, values in tally.offers:
            for value in values:
                held[field, value] += tally.count
    first = nsmallest(NAMED, held.items(), key=lambda one: (-one[1], one[0]))
    told = ", ".join(f"{count} with {field} {value!r}" for (field, value), count in first)
    return f" ({told})" if told else ""


def _pieces(count: int, source: SourceName) -> str:
    return (
        f"1 piece of feedback of {source} belongs" if count == 1 else f"{count} pieces of feedback of {source} belong"
    )
