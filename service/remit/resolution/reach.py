"""Where may the holders of a cell be others in one model than in another?"""

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from remit.domain.ids import AreaKey
from remit.domain.model import Model

Other = TypeVar("Other", bound=Hashable)


def reached(was: Model, now: Model) -> frozenset[AreaKey]:
    """The areas of a model of which anything differs that is said of them or above, or all where it holds everywhere.

    Never too few: the holders of every other area are those it had.
    """
    if _everywhere(was) != _everywhere(now):
        return frozenset(now.areas)
    changed = frozenset(_changed(was, now))
    return frozenset(area for area, path in now.paths.items() if not changed.isdisjoint(path))


def _changed(was: Model, now: Model) -> Iterator[AreaKey]:
    """Areas of which something else is said, or that are elsewhere in the tree."""
    for area, there in now.areas.items():
        then = was.areas.get(area)
        said = (was.paths[area], then.parent, then.stage) if then is not None else None
        if said != (now.paths[area], there.parent, there.stage):
            yield area
    yield from _differing(was.rules, now.rules)
    yield from _differing(was.agreements, now.agreements)
    yield from _differing(was.assignments, now.assignments)


def _differing(
    was: Mapping[tuple[AreaKey, Other], object], now: Mapping[tuple[AreaKey, Other], object]
) -> set[AreaKey]:
    return {key[0] for key in was.keys() | now.keys() if was.get(key) != now.get(key)}


def _everywhere(model: Model) -> object:
    """What may decide about any area: the catalogue, and who is there, who stands in and who is active."""
    return (
        list(model.responsibilities.items()),
        model.profiles,
        model.stage_rules,
        {key: person.active for key, person in model.people.items()},
        model.teams,
        model.delegations,
    )
