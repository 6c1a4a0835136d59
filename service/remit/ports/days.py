"""Keeps what was told of each day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from remit.domain.days import AreaDay, KeptDay, PersonDay
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Reading

Place = tuple[AreaKey, bool]
"""An area, and whether with everything below it."""
AreaTold = tuple[KeptDay, tuple[Reading | None, ...]]
"""A day, and of each name asked for what it came to; None for a signal that there was not yet."""
PersonTold = tuple[KeptDay, PersonDay]


class DayStore(Protocol):
    """One measurement of each day: the last one. Days that were never measured are absent everywhere."""

    async def kept(self, since: date) -> Mapping[date, KeptDay]:
        """The days from that one on."""
        ...

    async def latest(self) -> KeptDay | None:
        """The last day there is."""
        ...

    async def keep(
        self, kept: KeptDay, names: Sequence[str], areas: Sequence[AreaDay], people: Sequence[PersonDay]
    ) -> None:
        """Write a day, wholly or not at all, in place of what was kept of it. Readings are in the order of `names`."""
        ...

    async def of_areas(
        self, places: Collection[Place], names: Sequence[str], first: date, last: date
    ) -> Mapping[Place, tuple[AreaTold, ...]]:
        """Of each place the days on which it was there, first to last, each with these signals in this order.

        One statement, however many places.
        """
        ...

    async def of_people(
        self, people: Collection[OwnerKey], first: date, last: date
    ) -> Mapping[OwnerKey, tuple[PersonTold, ...]]:
        """Of each person the days on which they were there, first to last. One statement, however many people."""
        ...

    async def forget(self, before: date) -> date | None:
        """Drop the first of the days before that one, and say which; None when there is none."""
        ...
