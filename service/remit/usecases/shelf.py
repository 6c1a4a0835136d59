"""Models already built in this process, and what was found about them."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import TypeVar

from remit.domain.facts import Facts
from remit.domain.model import Model, model_at, segment_of
from remit.resolution.accountability import Accountability
from remit.resolution.findings import Findings
from remit.resolution.holding import Held, Stakes
from remit.resolution.load import Drivers, Earlier
from remit.resolution.standings import Roster
from remit.usecases.books import Book
from remit.usecases.marks import Marks

Key = TypeVar("Key")
Value = TypeVar("Value")
MOST_FINDINGS = 2
"""Those of 10,000 areas hold some 20 MB; a question about an earlier moment should not push out the present."""

Compared = tuple[tuple[Drivers, ...], Earlier]
"""What was counted over the windows before, and what it came to."""


class Shelf:
    """A few models, the longest unused leave first; named by content, so that they never grow wrong."""

    def __init__(self, size: int = 8) -> None:
        self._size = size
        self.marks = Marks()
        self.held: Held | None = None
        self._facts: OrderedDict[str, Facts] = OrderedDict()
        self._models: OrderedDict[tuple[str, str], Model] = OrderedDict()
        self._findings: OrderedDict[Hashable, Findings] = OrderedDict()
        self._stakes: OrderedDict[Hashable, Stakes] = OrderedDict()
        self._accountability: OrderedDict[Hashable, Accountability] = OrderedDict()
        self._rosters: OrderedDict[Hashable, Roster] = OrderedDict()
        self._earlier: OrderedDict[Hashable, Compared] = OrderedDict()
        self._books: OrderedDict[Hashable, Book] = OrderedDict()

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

    def earlier(self, name: Hashable) -> Compared | None:
        """What the windows before came to, as kept under that name, or None."""
        if name in self._earlier:
            self._earlier.move_to_end(name)
        return self._earlier.get(name)

    def keep_earlier(self, name: Hashable, found: Compared) -> None:
        self._earlier[name] = found
        _trim(self._earlier, MOST_FINDINGS)

    def accountability(self, name: Hashable) -> Accountability | None:
        """That kept under that name, or None."""
        if name in self._accountability:
            self._accountability.move_to_end(name)
        return self._accountability.get(name)

    def keep_accountability(self, name: Hashable, found: Accountability) -> Accountability:
        self._accountability[name] = found
        _trim(self._accountability, MOST_FINDINGS)
        return found

    def book(self, name: Hashable) -> Book | None:
        """What was counted of areas in windows of that name, or None."""
        if name in self._books:
            self._books.move_to_end(name)
        return self._books.get(name)

    def keep_book(self, name: Hashable, found: Book) -> Book:
        self._books[name] = found
        _trim(self._books, MOST_FINDINGS)
        return found


def _trim(shelf: OrderedDict[Key, Value], size: int) -> None:
    while len(shelf) > size:
        shelf.popitem(last=False)
