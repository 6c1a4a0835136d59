"""Models already built in this process, and what was found about them."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import TypeVar

from remit.domain.facts import Facts
from remit.domain.ids import AreaKey
from remit.domain.model import Model, model_at, segment_of
from remit.resolution.accountability import Accountability
from remit.resolution.findings import Findings
from remit.resolution.holding import Stakes
from remit.resolution.signals.samples import Ints
from remit.resolution.standings import Roster

Key = TypeVar("Key")
Value = TypeVar("Value")
MOST_FINDINGS = 2
"""Those of 10,000 areas hold some 20 MB; a question about an earlier moment should not push out the present."""


class Shelf:
    """A few models, the longest unused leave first; named by content, so that they never grow wrong."""

    def __init__(self, size: int = 8) -> None:
        self._size = size
        self._facts: OrderedDict[str, Facts] = OrderedDict()
        self._models: OrderedDict[tuple[str, str], Model] = OrderedDict()
        self._findings: OrderedDict[Hashable, Findings] = OrderedDict()
        self._stakes: OrderedDict[Hashable, Stakes] = OrderedDict()
        self._accountability: OrderedDict[Hashable, Accountability] = OrderedDict()
        self._rosters: OrderedDict[Hashable, Roster] = OrderedDict()
        self._books: OrderedDict[Hashable, dict[AreaKey, tuple[int, Ints]]] = OrderedDict()

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

    def findings(self, name: Hashable) -> Findings | None:
        """Those kept under that name, or None."""
        if name in self._findings:
            self._findings.move_to_end(name)
        return self._findings.get(name)

    def keep_findings(self, name: Hashable, found: Findings) -> Findings:
        self._findings[name] = found
        _trim(self._findings, MOST_FINDINGS)
        return found

    def stakes(self, name: Hashable) -> Stakes | None:
        """Those kept under that name, or None."""
        if name in self._stakes:
            self._stakes.move_to_end(name)
        return self._stakes.get(name)

    def keep_stakes(self, name: Hashable, found: Stakes) -> Stakes:
        self._stakes[name] = found
        _trim(self._stakes, MOST_FINDINGS)
        return found

    def roster(self, name: Hashable) -> Roster | None:
        """That kept under that name, or None."""
        if name in self._rosters:
            self._rosters.move_to_end(name)
        return self._rosters.get(name)

    def keep_roster(self, name: Hashable, found: Roster) -> Roster:
        self._rosters[name] = found
        _trim(self._rosters, MOST_FINDINGS)
        return found

    def accountability(self, name: Hashable) -> Accountability | None:
        """That kept under that name, or None."""
        if name in self._accountability:
            self._accountability.move_to_end(name)
        return self._accountability.get(name)

    def keep_accountability(self, name: Hashable, found: Accountability) -> Accountability:
        self._accountability[name] = found
        _trim(self._accountability, MOST_FINDINGS)
        return found

    def book(self, name: Hashable) -> dict[AreaKey, tuple[int, Ints]]:
        """What was counted of areas in windows of that name, each beside the watermark it was counted at; to be filled.

        Of 10,000 areas and seven windows it holds some 6 MB.
        """
        book = self._books.setdefault(name, {})
        self._books.move_to_end(name)
        _trim(self._books, MOST_FINDINGS)
        return book


def _trim(shelf: OrderedDict[Key, Value], size: int) -> None:
    while len(shelf) > size:
        shelf.popitem(last=False)
