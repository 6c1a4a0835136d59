"""Recorded issues give the same counts, percentiles, ages and rates as a calculation that shares no code."""

import json
import lzma
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from remit.domain.courses import Courses
from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.model import Model
from remit.domain.records import BacklogEvent, Pulled, Reference
from remit.resolution.signals.catalogue import SIGNALS
from remit.resolution.signals.grouping import each_alone, with_all_below
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.series import measured_over, series
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from remit_integrations.jira.history import embedded_history, events
from remit_integrations.jira.payloads import IssueReader
from remit_integrations.jira.references import read_as
from remit_integrations.standins.jira.recorded import default_data
from support.desks import JIRA, AClock, a_desk
from support.plain_signals import PlainIssue, plain_issue, plain_signals

PAYLOADS = Path(__file__).parent / "payloads" / "jira"
DAY = timedelta(days=1)
READ_AT = datetime(2026, 11, 23, tzinfo=UTC)
COMPONENTS = ("Runtime", "XML", "Tooling", "Models", "Styling", "Widgets")
ALOY = """
version: 1
organisation: {key: org, name: Org, stage: scale_up, timezone: UTC}
areas:
  - {key: aloy, name: Alloy, kind: product, parent: org, jira: [{project: ALOY}]}
""" + "".join(
    f"  - {{key: {name.lower()}, name: {name}, kind: team, parent: aloy, "
    f"jira: [{{project: ALOY, component: {name}}}]}}\n"
    for name in COMPONENTS
)
Raw = Mapping[str, Any]


def lines(text: str) -> list[Raw]:
    return [json.loads(line) for line in text.split("\n") if line.strip()]  # texts hold other ends of lines


@cache
def alloy() -> Sequence[Raw]:
    """1,499 issues without any history."""
    return lines(lzma.open(default_data(), "rt", encoding="utf-8").read())


@cache
def histories() -> Sequence[Raw]:
    """33 issues with whole histories."""
    return lines(lzma.open(PAYLOADS / "whole-histories.jsonl.xz", "rt", encoding="utf-8").read())


@cache
def statuses() -> Sequence[Raw]:
    return lines((PAYLOADS / "statuses.jsonl").read_text(encoding="utf-8"))


async def taken_in(model: str, told: Iterable[Raw], references: Sequence[Reference] = ()) -> tuple[Model, Courses]:
    """What the product makes of payloads, by its own readers and its own way in."""
    desk, reader = await a_desk(clock=AClock(READ_AT), model=model), IssueReader(JIRA)
    await desk.mirror.refer(JIRA, references)
    bodies = [json.dumps(raw).encode() for raw in told]
    read = [reader.read(body) for body in bodies]
    changes: list[BacklogEvent] = []
    for body in bodies:
        id_, entries = embedded_history(body)
        changes += [event for entry in entries for event in events(JIRA, id_, entry)]
    items = tuple(record for record in read if isinstance(record, Pulled))
    assert len(items) == len(bodies)
    await take_records(desk, JIRA, Page(items, tuple(changes)))
    found = (await snapshot(desk, Moment())).model
    return found, await desk.evidence.courses(sorted(found.areas))


def ours(model: Model, courses: Courses, window: Window, *, below: bool) -> dict[AreaKey, dict[str, Any]]:
    groups = with_all_below(model, courses.areas) if below else each_alone(courses.areas)
    found = series(measured_over(Columns(courses), groups, [window], Terms(), is_present=True))
    told = [kind.name for kind in SIGNALS if kind.about is RecordKind.BACKLOG]
    readings = {area: {name: found[name].now.of(place) for name in told} for place, area in enumerate(courses.areas)}
    return {area: {name: (one.value, one.sample) for name, one in row.items()} for area, row in readings.items()}


def compare(found: Mapping[str, tuple[float | None, int]], plain: Sequence[PlainIssue], window: Window) -> None:
    assert found == plain_signals(plain, window.start, window.end)


def area_of(raw: Raw) -> str:
    """The one team whose component the issue has; where it has several, none is more specific, and it has no area."""
    named = {component["name"] for component in raw["fields"]["components"]} & {*COMPONENTS}
    if len(named) > 1:
        return ""
    return named.pop().lower() if named else "aloy"


ENDS = tuple(
    datetime(*day, tzinfo=UTC)
    for day in ((2012, 9, 1), (2012, 12, 1, 15, 30), (2013, 3, 1), (2014, 6, 1), (2016, 1, 1), (2021, 11, 17))
)


@cache
def plain_alloy() -> Mapping[str, Sequence[PlainIssue]]:
    by_area: dict[str, list[PlainIssue]] = {}
    for raw in alloy():
        by_area.setdefault(area_of(raw), []).append(plain_issue(raw))
    return by_area


async def test_a_backlog_without_histories_in_every_area_and_below_at_many_times() -> None:
    model, courses = await taken_in(ALOY, alloy())
    plain, pairs = plain_alloy(), 0
    for end in ENDS:
        window = Window(end - 28 * DAY, end)
        own, below = (ours(model, courses, window, below=below) for below in (False, True))
        for area in ("aloy", *(name.lower() for name in COMPONENTS)):
            compare(own[AreaKey(area)], plain[area], window)
            pairs += 1
        everything = [issue for area, issues in plain.items() if area for issue in issues]
        compare(below[AreaKey("aloy")], everything, window)
        compare(below[AreaKey("org")], everything, window)
    assert pairs == 42


async def test_issues_with_histories_in_every_project_and_over_windows_of_two_lengths() -> None:
    projects = sorted({raw["fields"]["project"]["key"] for raw in histories()})
    model_text = "version: 1\norganisation: {key: org, name: Org, stage: scale_up, timezone: UTC}\nareas:\n" + "".join(
        f"  - {{key: {key.lower()}, name: {key}, kind: product, parent: org, jira: [{{project: {key}}}]}}\n"
        for key in projects
    )
    known = read_as(JIRA, "status", [json.dumps(status).encode() for status in statuses()])
    model, courses = await taken_in(model_text, histories(), known)
    plain = {
        key: [plain_issue(raw, statuses()) for raw in histories() if raw["fields"]["project"]["key"] == key]
        for key in projects
    }
    samples: list[int] = []
    for end in (datetime(2020, 7, 1, tzinfo=UTC) + 35 * DAY * step for step in range(12)):
        for days in (28, 90):
            window = Window(end - days * DAY, end)
            own, below = (ours(model, courses, window, below=below) for below in (False, True))
            for key in projects:
                compare(own[AreaKey(key.lower())], plain[key], window)
            compare(below[AreaKey("org")], [issue for issues in plain.values() for issue in issues], window)
            told = below[AreaKey("org")]
            samples += [told[name][1] for name in ("cycle_time_p85", "item_age_p85", "completions", "untriaged")]
    assert sum(samples) > 100
