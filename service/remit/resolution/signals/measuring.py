"""What signals are made of: counts and sorted samples of the records of many groups over one window.

Every part is a count or a sample, so that what a group comes to follows from its parts: `exchanged` takes the records
of one area out of it and puts others in, without looking at the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from remit.domain.courses import CODES, NEVER, Courses, micros
from remit.domain.evidence import Phase
from remit.domain.load import Window
from remit.resolution.signals.grouping import Groups
from remit.resolution.signals.samples import Altered, Beside, Bools, Ints, Sampled, Samples

UNDER_WAY, DONE = CODES[Phase.UNDER_WAY], CODES[Phase.DONE]


@dataclass(frozen=True, slots=True)
class Terms:
    """What records are held against. All are ours, and may be set otherwise."""

    triage_target: timedelta = timedelta(days=7)
    feedback_target: timedelta = timedelta(hours=48)
    stale_after: timedelta = timedelta(days=30)
    trailing: timedelta = timedelta(days=90)
    """How far back ages are compared with the cycle times of what was completed."""


class Columns:
    """Courses as arrays, with what depends on no window."""

    def __init__(self, courses: Courses) -> None:
        self.areas = courses.areas
        self.area: Ints = np.array(courses.area, dtype=np.int64)
        self.is_feedback: Bools = np.array(courses.is_feedback, dtype=np.bool_)
        self.created: Ints = np.array(courses.created, dtype=np.int64)
        self.updated: Ints = np.array(courses.updated, dtype=np.int64)
        self.touched: Ints = np.array(courses.touched, dtype=np.int64)
        self.gone: Ints = np.array(courses.gone, dtype=np.int64)
        self.has_history: Bools = np.array(courses.has_history, dtype=np.bool_)
        self.is_dated: Bools = np.array(courses.is_dated, dtype=np.bool_)
        self.step_at: Ints = np.array(courses.step_at, dtype=np.int64)
        self.step_phase = np.array(courses.step_phase, dtype=np.int8)
        self.bounds: Ints = np.concatenate(([0], np.array(courses.ends, dtype=np.int64)))

    @cached_property
    def started(self) -> Ints:
        """When each was first under way; `NEVER` for none."""
        owner = np.repeat(np.arange(len(self.area)), np.diff(self.bounds))
        begins = np.flatnonzero(self.step_phase == UNDER_WAY)
        started = np.full(len(self.area), NEVER, dtype=np.int64)
        np.minimum.at(started, owner[begins], self.step_at[begins])
        return started

    def at(self, instant: int) -> tuple[Ints, Ints, Bools]:
        """Of each course at an instant: its phase, since when, and whether that is known."""
        before = np.concatenate(([0], np.cumsum(self.step_at < instant)))[self.bounds]
        taken = np.diff(before)
        has_steps = taken > 0
        last = self.bounds[:-1] + taken - 1
        phase = np.full(len(self.area), CODES[Phase.NEW], dtype=np.int64)
        since = self.created.copy()
        phase[has_steps] = self.step_phase[last[has_steps]]
        since[has_steps] = self.step_at[last[has_steps]]
        is_known = self.is_dated | (taken < np.diff(self.bounds))
        return phase, since, is_known


@dataclass(frozen=True, eq=False)
class Measured:
    """Of each group, over `[start, end)`: how many records, and the sorted stretches of time, in microseconds."""

    records: Ints
    """Issues that were there at the end."""
    open_items: Ints
    wip: Ints
    arrivals: Ints
    completions: Ints
    stale: Ints
    with_history: Ints
    """Issues of which a source told at least one change."""
    doubtful: Ints
    """Issues that seem untriaged, though something untold has happened to them."""
    feedback: Ints
    """Pieces of feedback that were there at the end."""
    feedback_arrivals: Ints
    feedback_due: Ints
    """Came in the window, and was looked at or should have been by now."""
    feedback_within: Ints
    cycle_times: Sampled
    trailing_cycle_times: Sampled
    ages: Sampled
    untriaged: Sampled
    feedback_untriaged: Sampled

    def group(self, index: int) -> "Measured":
        """One group as if it were the only one."""
        return Measured(**{one.name: _group(getattr(self, one.name), index) for one in fields(self)})

    def exchanged(self, old: "Measured", new: "Measured") -> "Measured":
        """Of a single group: with the records measured in `new` in place of those in `old`, which are among its own."""
        parts = (
            (one.name, getattr(self, one.name), getattr(old, one.name), getattr(new, one.name)) for one in fields(self)
        )
        return Measured(**{name: _exchanged(whole, out, put) for name, whole, out, put in parts})


@dataclass(frozen=True, slots=True)
class Stretches:
    """Some of the courses, and how long each of these lasted, in microseconds; of the others that means nothing."""

    which: Bools
    lasting: Ints


@dataclass(frozen=True, eq=False)
class Chosen:
    """Of the courses those that each part of `Measured` is taken over, by the same names; and what else tells of them.

    `idle` is how long each was not updated, `waits` how long nobody looked at it, both up to the window's end;
    `done_at` since when it is done, `NEVER` where it is not or where that is not known.
    """

    records: Bools
    open_items: Bools
    wip: Bools
    arrivals: Bools
    completions: Bools
    stale: Bools
    with_history: Bools
    doubtful: Bools
    feedback: Bools
    feedback_arrivals: Bools
    feedback_due: Bools
    feedback_within: Bools
    cycle_times: Stretches
    trailing_cycle_times: Stretches
    ages: Stretches
    untriaged: Stretches
    feedback_untriaged: Stretches
    idle: Ints
    waits: Ints
    done_at: Ints


def joined(parts: Sequence[Measured]) -> Measured:
    """Groups measured one by one, as groups beside each other."""
    return Measured(**{one.name: _joined([getattr(part, one.name) for part in parts]) for one in fields(Measured)})


def measure(columns: Columns, groups: Groups, window: Window, terms: Terms, *, is_present: bool) -> Measured:
    """Every group at once. `is_present`: nothing happened after the window's end; else staleness is not counted.

    A record that is gone by the window's end is not counted at all.
    """
    return counted(columns, groups, choose(columns, window, terms, is_present=is_present))


def counted(columns: Columns, groups: Groups, chosen: Chosen) -> Measured:
    """What was chosen of the columns, in every group."""

    def taken(part: Bools | Stretches) -> Ints | Samples:
        if isinstance(part, Stretches):
            return groups.samples(columns.area, part.which, part.lasting)
        return groups.count(columns.area, part)

    parts: dict[str, Any] = {one.name: taken(getattr(chosen, one.name)) for one in fields(Measured)}
    return Measured(**parts)


def choose(columns: Columns, window: Window, terms: Terms, *, is_present: bool) -> Chosen:
    """Which records make what is measured over a window: here alone it is said what counts as what."""
    start, end = micros(window.start), micros(window.end)
    phase, since, is_known = columns.at(end)
    there = (columns.created < end) & (columns.gone >= end)
    issues, feedback = there & ~columns.is_feedback, there & columns.is_feedback
    open_, done = issues & (phase != DONE), issues & (phase == DONE) & is_known
    wip, completed = open_ & (phase == UNDER_WAY), done & (since >= start)
    begun = columns.started <= since
    untouched = columns.touched >= end
    age, idle = end - columns.created, end - columns.updated
    untriaged = open_ & untouched & (columns.created < end - _us(terms.triage_target))
    new = feedback & (columns.created >= start)
    target = _us(terms.feedback_target)
    waits = np.minimum(columns.touched, end) - columns.created
    due = new & (~untouched | (waits >= target))
    unseen = feedback & untouched & (phase != DONE) & (columns.created < end - target)
    lasted = since - columns.started
    return Chosen(
        records=issues,
        open_items=open_,
        wip=wip,
        arrivals=issues & (columns.created >= start),
        completions=completed,
        stale=open_ & (idle > _us(terms.stale_after)) & is_present,
        with_history=issues & columns.has_history,
        doubtful=untriaged & ~columns.has_history & (columns.updated > columns.created),
        feedback=feedback,
        feedback_arrivals=new,
        feedback_due=due,
        feedback_within=due & ~untouched & (waits <= target),
        cycle_times=Stretches(completed & begun, lasted),
        trailing_cycle_times=Stretches(done & begun & (since >= end - _us(terms.trailing)), lasted),
        ages=Stretches(wip & is_known, end - columns.started),
        untriaged=Stretches(untriaged, age),
        feedback_untriaged=Stretches(unseen, age),
        idle=idle,
        waits=waits,
        done_at=np.where((phase == DONE) & is_known, since, NEVER),
    )


def _us(stretch: timedelta) -> int:
    return stretch // timedelta(microseconds=1)


def _group(part: Any, index: int) -> Any:
    """A count or a sample of one group, of the kind that it is."""
    return part.group(index) if isinstance(part, Samples) else part[index : index + 1]


def _exchanged(whole: Any, out: Any, put: Any) -> Any:
    """Three of one kind to another of it."""
    return whole.exchanged(out, put) if isinstance(whole, Altered) else whole - out + put


def _joined(parts: Sequence[Any]) -> Any:
    return Beside(tuple(parts)) if isinstance(parts[0], Altered) else np.concatenate(parts)
