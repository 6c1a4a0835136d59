"""From where on a signal is to be watched and is too much, for an area or a person, and who says so."""

from collections.abc import Iterator

from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Threshold
from remit.domain.model import Model
from remit.domain.workload import Worse


def threshold_of(
    model: Model, signal: str, *, area: AreaKey | None = None, person: OwnerKey | None = None
) -> Threshold:
    """The threshold of a signal of an area, of a person, or with neither of the organisation as a whole.

    What is said of the person, or of the area or the nearest one above it, beats what is said of the organisation, and
    that beats what ships. A row counts as a whole: what it leaves out is never reached. Raises KeyError for a signal
    that has no scale.
    """
    for place in _places(model, area, person):
        if (found := model.limits.get((signal, *place))) is not None:
            return Threshold(found.body.watch, found.body.overloaded, found.body.says)
    scale = model.scales[signal]
    return Threshold(scale.watch, scale.overloaded, scale.says)


def worse_end(model: Model, signal: str) -> Worse:
    """Whether high or low numbers of a signal are the bad ones; raises KeyError for a signal that has no scale."""
    return model.scales[signal].worse


def _places(
    model: Model, area: AreaKey | None, person: OwnerKey | None
) -> Iterator[tuple[AreaKey | None, OwnerKey | None]]:
    """Where limits may be said, the one that wins first."""
    if person is not None:
        yield None, person
    if area is not None:
        yield from ((key, None) for key in model.paths.get(area, ()))
    elif model.root is not None:
        yield model.root, None
    yield None, None
