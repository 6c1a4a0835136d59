"""Models already built in this process."""

from collections import OrderedDict
from datetime import datetime
from typing import TypeVar

from remit.domain.facts import Facts
from remit.domain.model import Model, model_at, segment_of

Key = TypeVar("Key")
Value = TypeVar("Value")


class Shelf:
    """A few models, the longest unused leave first; named by content, so that they never grow wrong."""

    def __init__(self, size: int = 8) -> None:
        self._size = size
        self._facts: OrderedDict[str, Facts] = OrderedDict()
        self._models: OrderedDict[tuple[str, str], Model] = OrderedDict()

    def facts(self, name: str) -> Facts | None:
        """Those kept under that name, or None."""
        if name in self._facts:
            self._facts.move_to_end(name)
        return self._facts.get(name)

    def keep(self, name: str, facts: Facts) -> Facts:
        self._facts[name] = facts
        _trim(self._facts, self._size)
        return facts

    def model(self, facts: Facts, instant: datetime) -> Model:
        """The model of these facts at this instant, built once per stretch of time."""
        key = facts.digest, segment_of(facts, instant)
        if key not in self._models:
            self._models[key] = model_at(facts, instant)
            _trim(self._models, self._size)
        self._models.move_to_end(key)
        return self._models[key]


def _trim(shelf: OrderedDict[Key, Value], size: int) -> None:
    while len(shelf) > size:
        shelf.popitem(last=False)
