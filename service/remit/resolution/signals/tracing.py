"""Which records make a number: what each counts as, what it adds, and in which order they matter.

Which records count is not said here: these are the very choices that `measure` counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import cast

import numpy as np

from remit.domain.courses import EPOCH, MICROSECOND, NEVER
from remit.domain.load import Reading, Window
from remit.domain.tracing import CountsAs, Part
from remit.resolution.signals.base import DAYS_A_WEEK, MICROSECONDS_A_DAY, Taken
from remit.resolution.signals.catalogue import BY_NAME
from remit.resolution.signals.grouping import groups_of
from remit.resolution.signals.measuring import Chosen, Columns, Measured, Stretches, Terms, choose, counted
from remit.resolution.signals.samples import Bools, Ints
from remit.resolution.signals.windows import length_days

Limit = Callable[[Measured, Terms], float]


@dataclass(frozen=True, slots=True)
class Role:
    """Records that count alike: each adds `adds` to a count. `which` is told of the limit, in microseconds.

    A record has the first role it fits, and one that is `beside` whatever else it has.
    """

    counts_as: CountsAs
    which: Callable[[Chosen, float], Bools]
    adds: int = 1
    is_sample: bool = True
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Making:
    """How records make a number: `lasting` is the stretch of time looked at, `limit` what it is held against."""

    roles: tuple[Role, ...]
    lasting: Callable[[Chosen], Ints] | None = None
    limit: Limit | None = None


def _among(name: str) -> Callable[[Chosen, float], Bools]:
    """Those that are counted under this name."""

    def which(chosen: Chosen, _limit: float) -> Bools:
        part = getattr(chosen, name)
        return part.which if isinstance(part, Stretches) else cast("Bools", part)

    return which


def _lasting(name: str) -> Callable[[Chosen], Ints]:
    return lambda chosen: getattr(chosen, name).lasting


def _rest(name: str) -> Role:
    """Those of the sample that add nothing."""
    return Role(CountsAs.SAMPLE, _among(name), adds=0)


def _too_old(chosen: Chosen, limit: float) -> Bools:
    return chosen.ages.which & (chosen.ages.lasting > limit)


def _young(chosen: Chosen, limit: float) -> Bools:
    return chosen.ages.which & (chosen.ages.lasting <= limit)


def _late(chosen: Chosen, _limit: float) -> Bools:
    return chosen.feedback_due & ~chosen.feedback_within


def _usual_limit(measured: Measured, _terms: Terms) -> float:
    return float(measured.trailing_cycle_times.percentile(85)[0])


_ARRIVALS = Role(CountsAs.ARRIVAL, _among("arrivals"))
_COMPLETIONS = Role(CountsAs.COMPLETION, _among("completions"))
_UNTRIAGED = Role(CountsAs.UNTRIAGED, _among("untriaged"))
_UNSEEN = Role(CountsAs.UNTRIAGED, _among("feedback_untriaged"))
_CYCLES = Making((Role(CountsAs.COMPLETION, _among("cycle_times")),), _lasting("cycle_times"))


def _triage(_measured: Measured, terms: Terms) -> float:
    return terms.triage_target / MICROSECOND


def _staleness(_measured: Measured, terms: Terms) -> float:
    return terms.stale_after / MICROSECOND


def _promptness(_measured: Measured, terms: Terms) -> float:
    return terms.feedback_target / MICROSECOND


MAKINGS: Mapping[str, Making] = {
    "open_items": Making((Role(CountsAs.OPEN, _among("open_items")), _rest("records"))),
    "wip": Making((Role(CountsAs.IN_PROGRESS, _among("wip")), _rest("records"))),
    "arrivals": Making((_ARRIVALS,)),
    "completions": Making((_COMPLETIONS,)),
    "net_growth": Making((_ARRIVALS, Role(CountsAs.COMPLETION, _among("completions"), adds=-1, beside=True))),
    "service_ratio": Making((
        Role(CountsAs.COMPLETION, _among("completions"), is_sample=False),
        Role(CountsAs.ARRIVAL, _among("arrivals"), adds=0, beside=True),
    )),
    "throughput": Making((_COMPLETIONS,)),
    "cycle_time_p50": _CYCLES,
    "cycle_time_p85": _CYCLES,
    "item_age_p85": Making((Role(CountsAs.IN_PROGRESS, _among("ages")),), _lasting("ages")),
    "age_breaches": Making(
        (Role(CountsAs.BREACH, _too_old), Role(CountsAs.WITHIN_LIMIT, _young, adds=0), _rest("ages")),
        _lasting("ages"), _usual_limit,
    ),
    "untriaged": Making((_UNTRIAGED, _rest("open_items")), _lasting("untriaged"), _triage),
    "oldest_untriaged": Making((_UNTRIAGED,), _lasting("untriaged"), _triage),
    "stale_items": Making(
        (Role(CountsAs.STALE, _among("stale")), _rest("open_items")), lambda chosen: chosen.idle, _staleness
    ),
    "feedback_arrivals": Making((Role(CountsAs.ARRIVAL, _among("feedback_arrivals")),)),
    "feedback_untriaged": Making((_UNSEEN, _rest("feedback")), _lasting("feedback_untriaged"), _promptness),
    "oldest_feedback_untriaged": Making((_UNSEEN,), _lasting("feedback_untriaged"), _promptness),
    "feedback_within_target": Making(
        (
            Role(CountsAs.PAST_TARGET, _late, adds=0),
            Role(CountsAs.WITHIN_TARGET, _among("feedback_within")),
        ),
        lambda chosen: chosen.waits, _promptness,
    ),
}  # fmt: skip
"""Of every line of the catalogue. docs/signals.md is its print."""


class Tracing:
    """Records of areas that are counted together over one window, of which every number can be traced."""

    def __init__(self, columns: Columns, window: Window, terms: Terms, *, is_present: bool) -> None:
        """All records of `columns` count. `is_present`: as `measure` has it."""
        self._columns, self._window, self._terms = columns, window, terms
        self._chosen = choose(columns, window, terms, is_present=is_present)
        measured = counted(columns, groups_of(columns.areas, [columns.areas]), self._chosen)
        self._taken = Taken(measured, length_days(window), is_present)

    def of(self, name: str) -> "Traced":
        """The records behind the signal of that name."""
        making = MAKINGS[name]
        limit = making.limit(self._taken.measured, self._terms) if making.limit is not None else np.nan
        lasting = making.lasting(self._chosen) if making.lasting is not None else None
        places, roles = _ordered(making, self._columns, self._chosen, lasting, limit)
        return Traced(
            reading=BY_NAME[name].read(self._taken).of(0),
            limit_days=None if np.isnan(limit) else limit / MICROSECONDS_A_DAY,
            places=places,
            roles=tuple(making.roles[number] for number in roles),
            lasting=lasting,
            adds=_unit(name, self._taken),
            until=self._window.end,
            columns=self._columns,
            done_at=self._chosen.done_at,
        )


@dataclass(frozen=True, eq=False)
class Traced:
    """The records behind one number, by their places among the courses; one is there once in each of its roles.

    `limit_days` is what their stretches of time are held against. `adds` is what one that counts adds to the number;
    None where the number is a stretch of time itself.
    """

    reading: Reading
    limit_days: float | None
    places: Ints
    roles: tuple[Role, ...]
    lasting: Ints | None
    adds: float | None
    until: datetime
    columns: Columns
    done_at: Ints

    def __len__(self) -> int:
        return len(self.places)

    def part(self, number: int) -> Part:
        """What the record of that number in the order has to do with it."""
        role, place = self.roles[number], int(self.places[number])
        lasting = int(self.lasting[place]) if self.lasting is not None else -1
        days = lasting / MICROSECONDS_A_DAY if lasting >= 0 else None  # updated since: how long it lay is untold
        adds = days if self.adds is None else role.adds * self.adds
        return Part(
            counts_as=role.counts_as,
            value=adds if self.reading.value is not None else None,
            days=days,
            decides=number == self._deciding,
            is_sample=role.is_sample,
            created=_instant(self.columns.created[place]),
            started=self._by_then(self.columns.started[place]),
            touched=self._by_then(self.columns.touched[place]),
            done=self._by_then(self.done_at[place]),
        )

    @cached_property
    def _deciding(self) -> int | None:
        """The first record whose stretch of time is the number."""
        if self.adds is not None or self.lasting is None or not len(self):
            return None
        found = np.flatnonzero(self.lasting[self.places] / MICROSECONDS_A_DAY == self.reading.value)
        return int(found[0]) if len(found) else None

    def _by_then(self, at: int) -> datetime | None:
        """Nothing is told that happened after the window."""
        happened = _instant(at) if at != NEVER else None
        return happened if happened is not None and happened < self.until else None


def _ordered(making: Making, columns: Columns, chosen: Chosen, lasting: Ints | None, limit: float) -> tuple[Ints, Ints]:
    """Places of records and the numbers of their roles: role by role, in each the longest first, then the oldest."""
    left = np.ones(len(columns.area), dtype=np.bool_)
    places: list[Ints] = []
    for role in making.roles:
        which = role.which(chosen, limit)
        places.append(np.flatnonzero(which if role.beside else which & left))
        left &= ~which
    place = np.concatenate(places)
    roles = np.repeat(np.arange(len(places)), [len(mine) for mine in places])
    longest = -lasting[place] if lasting is not None else np.zeros(len(place), dtype=np.int64)
    order = np.lexsort((place, columns.created[place], longest, roles))
    return place[order], roles[order]


def _unit(name: str, taken: Taken) -> float | None:
    """What one that is counted adds, so that the values come to the number; None for numbers that are not counted."""
    if name == "throughput":
        return DAYS_A_WEEK / taken.days
    if name == "service_ratio":
        return 1 / max(1, int(taken.measured.arrivals[0]))
    if name == "feedback_within_target":
        return 1 / max(1, int(taken.measured.feedback_due[0]))
    return None if BY_NAME[name].unit == "days" else 1.0


def _instant(at: int) -> datetime:
    return EPOCH + int(at) * MICROSECOND
