"""Selectors that can never decide: another area has the same one, deeper in the tree or just as deep (R28 to R31)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from remit.domain.areas import Area, Selector
from remit.domain.facts import Fact
from remit.domain.model import paths_of
from remit.modelfile.spans import overlapping


def undecided(areas: Sequence[Fact[Area]]) -> Iterator[tuple[Fact[Area], str, str]]:
    """Of each such selector: the area, a code (TIED_SELECTOR or SHADOWED_SELECTOR) and a sentence.

    Only the same criteria with the same values count: whether two others meet depends on the issues.
    """
    depths = {key: len(path) for key, path in paths_of({fact.body.key: fact.body for fact in areas}).items()}
    holders: dict[Selector, list[Fact[Area]]] = defaultdict(list)
    for fact in areas:
        for selector in fact.body.jira:
            holders[selector].append(fact)
    for selector, facts in holders.items():
        by_depth: dict[int, list[Fact[Area]]] = defaultdict(list)
        for fact in facts:
            by_depth[depths[fact.body.key]].append(fact)
        for level in by_depth.values():
            for first, second in overlapping(level):
                message = f"{first.key} is as deep and has the selector {selector} too: a CONFLICT of areas (R30)"
                yield second, "TIED_SELECTOR", message
        deepest = by_depth.pop(max(by_depth))[0]
        for fact in (fact for level in by_depth.values() for fact in level if fact.valid.overlaps(deepest.valid)):
            message = f"{deepest.key} is deeper and has the selector {selector} too, so this one never decides (R31)"
            yield fact, "SHADOWED_SELECTOR", message
