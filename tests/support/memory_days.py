"""A `DayStore` in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from remit.domain.days import AreaDay, KeptDay, PersonDay
from remit.domain.ids import OwnerKey
from remit.domain.load import Reading
from remit.ports.days import AreaTold, PersonTold, Place


@dataclass(frozen=True, slots=True)
class Page:
    """All that is kept of a day."""

    kept: KeptDay
    names: tuple[str, ...]
    areas: Mapping[Place, AreaDay]
    people: Mapping[OwnerKey, PersonDay]

    def told(self, place: Place, names: Sequence[str]) -> AreaTold | None:
        found = self.areas.get(place) or self.areas.get((place[0], False))
        if found is None:
            return None
        by_name: dict[str, Reading] = dict(zip(self.names, found.readings, strict=True))
        return self.kept, tuple(map(by_name.get, names))


class MemoryDays:
    def __init__(self) -> None:
        self._pages: dict[date, Page] = {}

    async def kept(self, since: date) -> Mapping[date, KeptDay]:
        return {day: page.kept for day, page in sorted(self._pages.items()) if day >= since}

    async def latest(self) -> KeptDay | None:
        return self._pages[max(self._pages)].kept if self._pages else None

    async def keep(
        self, kept: KeptDay, names: Sequence[str], areas: Sequence[AreaDay], people: Sequence[PersonDay]
    ) -> None:
        by_place = {(one.area, one.with_below): one for one in areas}
        self._pages[kept.day] = Page(kept, tuple(names), by_place, {one.person: one for one in people})

    async def of_areas(
        self, places: Collection[Place], names: Sequence[str], first: date, last: date
    ) -> Mapping[Place, tuple[AreaTold, ...]]:
        pages = [page for day, page in sorted(self._pages.items()) if first <= day <= last]
        return {
            place: tuple(told for page in pages if (told := page.told(place, names)) is not None) for place in places
        }

    async def of_people(
        self, people: Collection[OwnerKey], first: date, last: date
    ) -> Mapping[OwnerKey, tuple[PersonTold, ...]]:
        pages = [page for day, page in sorted(self._pages.items()) if first <= day <= last]
        return {
            person: tuple((page.kept, page.people[person]) for page in pages if person in page.people)
            for person in people
        }

    async def forget(self, before: date) -> date | None:
        day = min((day for day in self._pages if day < before), default=None)
        if day is not None:
            del self._pages[day]
        return day
