"""Which open issues belong to no area, or to several, and which accounts to no person?"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from remit.domain.areas import Criterion
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.domain.records import normalised
from remit.domain.tallies import Account, Tally
from remit.resolution.matching import common_ancestor, match


def issue_gaps(model: Model, tallies: Iterable[Tally]) -> tuple[Gap, ...]:
    """Open issues that map to several areas, by those areas, and those that map to none, by project; most first."""
    tied: Counter[tuple[AreaKey, ...]] = Counter()
    unmatched: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        areas = match(model, tally.criteria).areas
        if not areas:
            unmatched[normalised(tally.project)].append(tally)
        elif len(areas) > 1:
            tied[tuple(sorted(areas))] += tally.count
    near = _near(model)
    found = [_conflict(model, areas, count) for areas, count in tied.items()]
    found += [_unmatched(model, project, alike, near.get(project, ())) for project, alike in unmatched.items()]
    return tuple(sorted(found, key=lambda gap: (list(GapKind).index(gap.kind), -gap.count, gap.subject)))


def unmapped(model: Model, accounts: Iterable[Account]) -> tuple[Gap, ...]:
    """Accounts that appear in issues and that no person has; those that appear most first."""
    strangers = [account for account in accounts if (account.source, account.id) not in model.identities]
    return tuple(_stranger(account) for account in sorted(strangers, key=lambda one: (-one.issues, one.source, one.id)))


def _conflict(model: Model, areas: tuple[AreaKey, ...], count: int) -> Gap:
    told = f"{_issues(count)} to each of {', '.join(areas)}: let one of their selectors ask for more, or take one away."
    return Gap(GapKind.CONFLICT, common_ancestor(model, areas), None, None, count, told, "issues " + " ".join(areas))


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


def _stranger(account: Account) -> Gap:
    who = f"{account.id} ({account.name})" if account.name else account.id
    times = [f"is assigned {account.assigned}"] if account.assigned else []
    times += [f"reported {account.reported}"] if account.reported else []
    message = (
        f"The {account.source} account {who} {' and '.join(times)} of the mirrored issues, and no person has it: "
        "add it to somebody's `identities`, or add the person."
    )
    subject = f"{account.source} {account.id}"
    return Gap(GapKind.UNMAPPED_IDENTITY, None, None, None, account.issues, message, subject)
