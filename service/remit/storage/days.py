"""What was told of each day, in PostgreSQL: a row for each area and person, written in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.types import Text

from remit.domain.days import AreaDay, KeptDay, PersonDay
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Reading, Verdict
from remit.ports.days import AreaTold, PersonTold, Place
from remit.storage.bulk import Merge
from remit.storage.engine import reading, writing
from remit.storage.tables import area_day, kept_day, person_day

AREAS, PEOPLE = Merge(area_day), Merge(person_day)
SEPARATOR = " "
"""Stands in no name. The names of a day come as one text with each of its rows, and values are picked here: picked by
name in the statement, 50 areas over 90 days took 3.8 s instead of 0.5 (measured 2026-11)."""


class PostgresDays:
    """A `DayStore` in PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def kept(self, since: date) -> Mapping[date, KeptDay]:
        async with reading(self._engine) as connection:
            rows = await connection.execute(_KEPT, {"since": since})
            return {row.day: _kept(row) for row in rows}

    async def latest(self) -> KeptDay | None:
        async with reading(self._engine) as connection:
            row = (await connection.execute(_LATEST)).one_or_none()
        return _kept(row) if row is not None else None

    async def keep(
        self, kept: KeptDay, names: Sequence[str], areas: Sequence[AreaDay], people: Sequence[PersonDay]
    ) -> None:
        async with writing(self._engine) as connection:
            await _claim(connection, kept, names)  # first: another who writes the same day waits here
            for emptying in _EMPTY:
                await connection.execute(emptying, {"day": kept.day})
            await AREAS.write(connection, [_area_row(kept.day, one) for one in areas])
            await PEOPLE.write(connection, [_person_row(kept.day, one) for one in people])

    async def of_areas(
        self, places: Collection[Place], names: Sequence[str], first: date, last: date
    ) -> Mapping[Place, tuple[AreaTold, ...]]:
        asked = {
            "areas": sorted({area for area, _ in places}),
            "below": any(with_below for _, with_below in places),
            "first": first,
            "last": last,
        }
        found: dict[Place, dict[date, Row[Any]]] = defaultdict(dict)
        async with reading(self._engine) as connection:
            for row in await connection.execute(_OF_AREAS, asked):
                found[AreaKey(row.area), row.with_below][row.day] = row
        pages = _Pages(names)
        return {(area, below): tuple(map(pages.told, _chosen(found, area, below))) for area, below in places}

    async def of_people(
        self, people: Collection[OwnerKey], first: date, last: date
    ) -> Mapping[OwnerKey, tuple[PersonTold, ...]]:
        asked = {"people": sorted(people), "first": first, "last": last}
        found: dict[OwnerKey, list[PersonTold]] = {person: [] for person in people}
        days: dict[date, KeptDay] = {}
        async with reading(self._engine) as connection:
            for row in await connection.execute(_OF_PEOPLE, asked):
                found[OwnerKey(row.person)].append((_day_of(row, days), _person(row)))
        return {person: tuple(told) for person, told in found.items()}

    async def forget(self, before: date) -> date | None:
        async with writing(self._engine) as connection:
            day: date | None = (await connection.execute(_FORGET, {"before": before})).scalar_one_or_none()
            if day is not None:
                for emptying in _EMPTY:
                    await connection.execute(emptying, {"day": day})
        return day


async def _claim(connection: AsyncConnection, kept: KeptDay, names: Sequence[str]) -> None:
    told = {
        "ended_at": kept.ended_at,
        "measured_at": kept.measured_at,
        "data_as_of": kept.data_as_of,
        "degraded": list(kept.degraded),
        "signals": list(names),
    }
    noting = insert(kept_day).values(day=kept.day, **told)
    await connection.execute(noting.on_conflict_do_update(index_elements=["day"], set_=told))


def _area_row(day: date, told: AreaDay) -> tuple[Any, ...]:
    values, samples = [one.value for one in told.readings], [one.sample for one in told.readings]
    return told.area, told.with_below, day, values, samples


def _person_row(day: date, told: PersonDay) -> tuple[Any, ...]:
    numbers = told.demand_hours, told.capacity_hours, told.utilisation, told.operational_share
    return told.person, day, *numbers, told.verdict.value, told.breadth


def _chosen(found: Mapping[Place, Mapping[date, Row[Any]]], area: AreaKey, with_below: bool) -> Iterator[Row[Any]]:
    """Where nothing was below an area on a day, what it came to alone is all."""
    alone = found.get((area, False), {})
    chosen = {**alone, **found.get((area, True), {})} if with_below else alone
    return (chosen[day] for day in sorted(chosen))


class _Pages:
    """Finds the names asked for among those of each day, once for all rows of the day."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._days: dict[date, tuple[KeptDay, tuple[int | None, ...]]] = {}

    def told(self, row: Row[Any]) -> AreaTold:
        """A signal that there was not yet is None."""
        if row.day not in self._days:
            places = {name: place for place, name in enumerate(row.signals.split(SEPARATOR))}
            self._days[row.day] = _kept(row), tuple(map(places.get, self._names))
        kept, places_of = self._days[row.day]
        values, samples = row.value, row.sample
        return kept, tuple(Reading(values[at], samples[at]) if at is not None else None for at in places_of)


def _person(row: Row[Any]) -> PersonDay:
    return PersonDay(
        OwnerKey(row.person),
        row.demand_hours,
        row.capacity_hours,
        row.utilisation,
        row.operational_share,
        Verdict(row.verdict),
        row.breadth,
    )


def _day_of(row: Row[Any], days: dict[date, KeptDay]) -> KeptDay:
    """One for all rows of a day."""
    if row.day not in days:
        days[row.day] = _kept(row)
    return days[row.day]


def _kept(row: Row[Any]) -> KeptDay:
    return KeptDay(row.day, row.ended_at, row.measured_at, row.data_as_of, tuple(row.degraded))


_KEPT = text("SELECT * FROM kept_day WHERE day >= :since ORDER BY day")
_LATEST = text("SELECT * FROM kept_day ORDER BY day DESC LIMIT 1")
_SPAN = (bindparam("first", type_=Date), bindparam("last", type_=Date))
_OF_AREAS = text("""
SELECT told.*, kept.ended_at, kept.measured_at, kept.data_as_of, kept.degraded,
  array_to_string(kept.signals, :separator) AS signals
FROM area_day AS told
JOIN kept_day AS kept USING (day)
WHERE told.area = ANY (:areas) AND (:below OR NOT told.with_below) AND told.day BETWEEN :first AND :last
""").bindparams(bindparam("areas", type_=ARRAY(Text)), bindparam("separator", SEPARATOR, type_=Text), *_SPAN)
_OF_PEOPLE = text("""
SELECT told.*, kept.ended_at, kept.measured_at, kept.data_as_of, kept.degraded
FROM person_day AS told
JOIN kept_day AS kept USING (day)
WHERE told.person = ANY (:people) AND told.day BETWEEN :first AND :last
ORDER BY told.day
""").bindparams(bindparam("people", type_=ARRAY(Text)), *_SPAN)
_FORGET = text("""
DELETE FROM kept_day WHERE day = (SELECT min(day) FROM kept_day WHERE day < :before) RETURNING day
""")
_EMPTY = (text("DELETE FROM area_day WHERE day = :day"), text("DELETE FROM person_day WHERE day = :day"))
