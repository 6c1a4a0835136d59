"""Which selectors can never decide anything (R28 to R33, R35, R36), and which names are nearly right (R34)?"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping

from remit.domain.areas import Criterion, Selector
from remit.domain.findings import SelectorFault, SelectorFinding
from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.domain.tallies import Vocabulary

Spellings = Mapping[Criterion, Mapping[str, frozenset[str]]]
"""Of each criterion the names in use by what they fold to."""


def lint(model: Model, vocabulary: Vocabulary) -> tuple[SelectorFinding, ...]:
    """Every fault of the areas' selectors and of what issue rules ask for, by area.

    A mirror without a single project says nothing of names, so then only selectors are compared with one another.
    """
    spellings = {criterion: _folded(names) for criterion, names in vocabulary.items()}
    heard = bool(vocabulary[Criterion.PROJECT])
    found: list[SelectorFinding] = []
    for area, selector, whose in _asked(model):
        if heard:
            found.extend(_names(area, selector, whose, vocabulary, spellings))
    for area, known in sorted(model.areas.items()):
        for selector in known.jira:
            found.extend(_rivals(model, area, selector))
    return tuple(sorted(found, key=lambda one: (one.area, one.selector, list(SelectorFault).index(one.fault))))


def epics_of(model: Model) -> frozenset[str]:
    """The keys that selectors and issue rules name as epics: what the mirror is asked about."""
    asked = (dict(selector.criteria).get(Criterion.EPIC, ()) for _, selector, _ in _asked(model))
    return frozenset(key for keys in asked for key in keys)


def _asked(model: Model) -> Iterator[tuple[AreaKey, Selector, str]]:
    """Every predicate on issues there is: the area, what it asks for, and how to call it in a sentence."""
    for area, known in sorted(model.areas.items()):
        for selector in known.jira:
            yield area, selector, f"the selector {selector} of {area}"
    for area, facts in sorted(model.issue_rule_areas.items()):
        for fact in facts:
            if fact.body.predicate is not None:
                yield area, fact.body.predicate, f"the rule at {area} for issues with {fact.body.predicate}"


def _names(
    area: AreaKey, selector: Selector, whose: str, vocabulary: Vocabulary, spellings: Spellings
) -> Iterator[SelectorFinding]:
    """Values that nothing carries, and names in use that are nearly the same."""

    def finding(fault: SelectorFault, message: str) -> SelectorFinding:
        return SelectorFinding(fault, area, str(selector), message[0].upper() + message[1:])

    for criterion, values in selector.criteria:
        known = vocabulary[criterion]
        if criterion is Criterion.TEAM and not known:
            message = f"{whose} never matches: no issue has a team; set REMIT_JIRA_TEAM_FIELD and synchronise in full"
            yield finding(SelectorFault.TEAM_NOT_READ, message)
            continue
        missing = [value for value in values if value not in known]
        told = " or ".join(repr(value) for value in missing)
        if len(missing) == len(values):
            yield finding(SelectorFault.NEVER_MATCHES, f"{whose} never matches: no {criterion} is called {told}")
        elif missing:
            yield finding(SelectorFault.UNKNOWN_VALUE, f"no {criterion} is called {told}, as {whose} asks")
        for value in values:
            for other in sorted(spellings[criterion].get(_fold(value), frozenset()) - set(values)):
                message = (
                    f"{whose} asks for the {criterion} {value!r} and so passes over {other!r}; name both or mend one"
                )
                yield finding(SelectorFault.NEAR_MISS, message)


def _rivals(model: Model, area: AreaKey, selector: Selector) -> Iterator[SelectorFinding]:
    """The deepest other area, if as deep at least, that claims every issue of this selector with equal standing."""
    strongest, values = selector.criteria[0]
    depth = len(model.paths[area])
    rivals = [
        (len(model.paths[other]), other, theirs)
        for other, theirs in model.selectors.get((strongest, values[0]), ())
        if other != area and len(model.paths[other]) >= depth and _takes_all(theirs, selector)
    ]
    if not rivals:
        return
    deepest, other, theirs = max(rivals, key=lambda rival: (rival[0], rival[1]))
    if deepest > depth:
        fault = SelectorFault.SHADOWED
        message = f"{other} is deeper and its selector {theirs} takes every issue of {selector} from {area}"
    else:
        fault = SelectorFault.TIED
        message = f"{other} is as deep as {area} and its selector {theirs} claims every issue of {selector}: a CONFLICT"
    yield SelectorFinding(fault, area, str(selector), f"{message}; remove one, or ask for more", other)


def _takes_all(theirs: Selector, ours: Selector) -> bool:
    """Whether theirs asks the same criteria, and matches whatever ours matches."""
    wider = dict(theirs.criteria)
    return wider.keys() == dict(ours.criteria).keys() and all(
        set(values) <= set(wider[criterion]) for criterion, values in ours.criteria
    )


def _folded(names: frozenset[str]) -> Mapping[str, frozenset[str]]:
    alike: dict[str, set[str]] = defaultdict(set)
    for name in names:
        alike[_fold(name)].add(name)
    return {folded: frozenset(spelt) for folded, spelt in alike.items()}


def _fold(name: str) -> str:
    """What is left of a name without case, spaces and compatible forms of characters."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
