"""What does a change of the model come to for people? Every cell it made another, and who is informed of that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from remit.domain.catalogue import Letter, Split
from remit.domain.differences import CellChange
from remit.domain.events import Shift
from remit.domain.ids import AreaKey
from remit.domain.model import Model
from remit.domain.people import OwnerRef
from remit.resolution.difference import difference
from remit.resolution.findings import Findings
from remit.resolution.ownership import resolve
from remit.resolution.verdicts import verdicts

Key = TypeVar("Key")


def consequence(before: Model, after: Model) -> tuple[Shift, ...]:
    """Of a model and itself: nothing. From the root of the second model down."""
    models = before, after
    informing = tuple(model for model in models if _informs(model))
    areas = _touched(before, after)
    cells = difference(*(Findings(model, verdicts(model, areas), {}, ()) for model in models)).cells
    return tuple(
        Shift(cell.area, cell.responsibility, _within(models, cell.area), cell.before, cell.after, told)
        for cell in cells
        for told in (_informed(informing, cell),)
    )


_EVERYWHERE = ("areas", "functions", "responsibilities", "people", "teams", "stage_rules", "profiles", "delegations")
_HERE_AND_BELOW = ("rules", "agreements", "assignments")


def _touched(before: Model, after: Model) -> Sequence[AreaKey] | None:
    """The areas whose cells may differ, parents first; None for all. Most changes touch a few out of thousands.

    What is said in an area reaches itself and what is below; rules on issues make no cell of an area (R12).
    """
    if any(getattr(before, part) != getattr(after, part) for part in _EVERYWHERE):
        return None
    said = {area for part in _HERE_AND_BELOW for area, _ in _differing(getattr(before, part), getattr(after, part))}
    below = {key for area in said for key in after.under(area)}
    return sorted(below, key=lambda key: len(after.paths[key]))


def _differing(before: Mapping[Key, object], after: Mapping[Key, object]) -> Iterable[Key]:
    return (key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _within(models: Iterable[Model], area: AreaKey) -> tuple[AreaKey, ...]:
    """An area that moved is in those above it now, and in those it was below."""
    return tuple(dict.fromkeys(key for model in reversed([*models]) for key in model.paths.get(area, ())))


def _informed(informing: Iterable[Model], cell: CellChange) -> tuple[OwnerRef, ...]:
    states = (cell.before, cell.after)
    owners = {state.accountable for state in states if state is not None and state.accountable is not None}
    for model in informing:
        held = resolve(model, cell.area, cell.responsibility).holders
        owners |= {holder.owner for holder in held if holder.letter is Letter.INFORMED}
    return tuple(sorted(owners))


def _informs(model: Model) -> bool:
    """Whether anybody could hold anything as informed; most models say so nowhere, which saves resolving every cell."""
    assigned = (fact.body.letter for facts in model.assignments.values() for fact in facts)
    return Letter.INFORMED in assigned or any(
        letter is Letter.INFORMED for split in _splits(model) for _, letter in split.support
    )


def _splits(model: Model) -> Iterable[Split]:
    yield from (one.split for one in model.responsibilities.values())
    for fact in (*model.rules.values(), *model.stage_rules.values()):
        if fact.body.split is not None:
            yield fact.body.split
    for row in model.profiles.values():
        yield row.split
        if row.unstaffed is not None:
            yield row.unstaffed
