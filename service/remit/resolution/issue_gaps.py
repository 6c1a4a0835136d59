"""Which open issues belong to no area, or to several, or fall under rules that contradict each other?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from remit.domain.areas import Criterion, Selector
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.records import Criteria, normalised
from remit.domain.tallies import Tally
from remit.resolution.climb import Climbs
from remit.resolution.matching import common_ancestor, match
from remit.resolution.split import decide

Rules = tuple[AreaKey, ResponsibilityKey, tuple[str, ...]]
"""Where rules tie, on what, and their keys."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What issues alike come to: the areas that claim them, and the rules there that tie."""

    areas: tuple[AreaKey, ...]
    tied: tuple[Rules, ...]


def issue_gaps(model: Model, tallies: Iterable[Tally]) -> tuple[Gap, ...]:
    """Open issues that map to several areas, by those areas, that fall under rules of equal standing, by those rules,
    and that map to none, by project; most first.
    """
    areas: Counter[tuple[AreaKey, ...]] = Counter()
    rules: Counter[Rules] = Counter()
    unmatched: dict[str, list[Tally]] = defaultdict(list)
    for tally, place in _placed(model, tallies):
        if not place.areas:
            unmatched[normalised(tally.project)].append(tally)
        elif len(place.areas) > 1:
            areas[tuple(sorted(place.areas))] += tally.count
        for tied in place.tied:
            rules[tied] += tally.count
    near = _near(model)
    found = [_several(model, several, count) for several, count in areas.items()]
    found += [_tied(tied, count) for tied, count in rules.items()]
    found += [_unmatched(model, project, alike, near.get(project, ())) for project, alike in unmatched.items()]
    return tuple(sorted(found, key=lambda gap: (list(GapKind).index(gap.kind), -gap.count, gap.key)))


def _placed(model: Model, tallies: Iterable[Tally]) -> Iterator[tuple[Tally, _Place]]:
    """Each with its place, found once for all that differ only in what nobody asks for, such as most labels."""
    named = _named(model)
    places: dict[frozenset[tuple[Criterion, str]], _Place] = {}
    for tally in tallies:
        criteria = tally.criteria
        asked = frozenset(
            (name, value) for name, values in criteria.items() for value in values if value in named[name]
        )
        if asked not in places:
            places[asked] = _place(model, criteria)
        yield tally, places[asked]


def _named(model: Model) -> Mapping[Criterion, set[str]]:
    """Every value that a selector or a rule asks for."""
    named: dict[Criterion, set[str]] = {criterion: set() for criterion in Criterion}
    predicates = (fact.body.predicate for facts in model.issue_rules.values() for fact in facts)
    selectors: list[Selector | None] = [selector for area in model.areas.values() for selector in area.jira]
    for selector in (*selectors, *predicates):
        for criterion, values in selector.criteria if selector is not None else ():
            named[criterion].update(values)
    return named


def _place(model: Model, criteria: Criteria) -> _Place:
    areas = match(model, criteria).areas
    if len(areas) != 1:
        return _Place(areas, ())
    (area,) = areas
    ruled = {rule.body.responsibility for level in model.paths[area] for rule in model.issue_rule_areas.get(level, ())}
    climbs = Climbs(model, area)
    told = []
    for responsibility in sorted(ruled & model.responsibilities.keys()):
        tied = decide(model, area, responsibility, climbs, criteria).tied
        if tied:
            keys = tuple(sorted(statement.fact.key for statement in tied if statement.fact is not None))
            told.append((AreaKey(tied[0].scope), responsibility, keys))
    return _Place(areas, tuple(told))


def _several(model: Model, areas: tuple[AreaKey, ...], count: int) -> Gap:
    told = f"{_issues(count)} to each of {', '.join(areas)}: let one of their selectors ask for more, or take one away."
    return Gap(GapKind.CONFLICT, common_ancestor(model, areas), None, None, count, told, "issues " + " ".join(areas))


def _tied(rules: Rules, count: int) -> Gap:
    area, responsibility, keys = rules
    whose = "1 open issue falls" if count == 1 else f"{count} open issues fall"
    told = (
        f"{whose} under several rules at {area} for {responsibility} that stand equal ({', '.join(keys)}): "
        "let one of them ask for more, or end all but one."
    )
    return Gap(GapKind.CONFLICT, area, responsibility, None, count, told, "issues " + " ".join(keys))


def _unmatched(model: Model, project: str, alike: Collection[Tally], near: Collection[AreaKey]) -> Gap:
    """`near` are the areas that have a selector for other issues of the project."""
    count = sum(tally.count for tally in alike)
    whose = _issues(count, f" of the project {project}")
    message = f"{whose} to no area{_most(alike)}: give an area a selector for them."
    return Gap(GapKind.UNMATCHED_ISSUES, common_ancestor(model, near), None, None, count, message, project)


def _most(alike: Iterable[Tally]) -> str:
    """The component that most of the issues have, to begin with."""
    components: Counter[str] = Counter()
    for tally in alike:
        for component in tally.components:
            components[component] += tally.count
    if not components:
        return ""
    first = min(components, key=lambda name: (-components[name], name))
    return f" ({components[first]} with the component {first!r})"


def _issues(count: int, of: str = "") -> str:
    return f"1 open issue{of} belongs" if count == 1 else f"{count} open issues{of} belong"


def _near(model: Model) -> Mapping[str, tuple[AreaKey, ...]]:
    """Of each project: the areas whose selectors name it."""
    found: dict[str, dict[AreaKey, None]] = defaultdict(dict)
    for key, area in sorted(model.areas.items()):
        for selector in area.jira:
            for project in dict(selector.criteria).get(Criterion.PROJECT, ()):
                found[project][key] = None
    return {project: tuple(areas) for project, areas in found.items()}
