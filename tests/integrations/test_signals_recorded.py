"""Recorded issues give the same counts, percentiles, ages and rates as a calculation that shares no code."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from remit.domain.courses import Courses
from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.model import Model
from remit.domain.records import Reference
from remit.resolution.signals.catalogue import SIGNALS
from remit.resolution.signals.grouping import each_alone, with_all_below
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.series import measured_over, series
from remit.usecases.snapshot import Moment, snapshot
from support.plain_signals import PlainIssue, plain_issue, plain_signals
from support.recorded_issues import Raw, a_recorded_desk, archive, histories, known_statuses, statuses

DAY = timedelta(days=1)
TEAMS = {
    "AC": ("Titanium SDK & CLI", "Studio", "Alloy", "Appcelerator Modules", "Appcelerator CLI", "Documentation"),
    "ALOY": ("Runtime", "XML", "Tooling", "Models", "Styling", "Widgets"),
    "MOD": ("Map", "Facebook", "Admob"),
    "DAEMON": ("appcd", "appcd-core", "appcd-plugin", "androidlib"),
}
"""The components that are teams, in each project."""


def team_of(project: str, component: str) -> str:
    return f"{project}-{component}".lower().replace(" & ", "-").replace(" ", "-")


PLACES = (
    *(project.lower() for project in TEAMS),
    *(team_of(key, one) for key, teams in TEAMS.items() for one in teams),
)
SITE = "version: 1\norganisation: {key: org, name: Org, stage: scale_up, timezone: UTC}\nareas:\n" + "".join(
    f"  - {{key: {key.lower()}, name: {key}, kind: product, parent: org, jira: [{{project: {key}}}]}}\n"
    + "".join(
        f"  - {{key: {team_of(key, one)}, name: {one}, kind: team, parent: {key.lower()}, "
        f"jira: [{{project: {key}, component: {one}}}]}}\n"
        for one in teams
    )
    for key, teams in TEAMS.items()
)


async def taken_in(model: str, told: Iterable[Raw], references: Sequence[Reference] = ()) -> tuple[Model, Courses]:
    """What the product makes of payloads."""
    desk = await a_recorded_desk(model, told, references)
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
    project = raw["fields"]["project"]["key"]
    named = {component["name"] for component in raw["fields"]["components"]} & {*TEAMS[project]}
    if len(named) > 1:
        return ""
    return team_of(project, named.pop()) if named else project.lower()


ENDS = tuple(
    datetime(*day, tzinfo=UTC)
    for day in ((2012, 12, 1, 15, 30), (2014, 6, 1), (2016, 1, 1), (2018, 3, 31, 23, 59), (2021, 11, 17))
)


@cache
def plain_archive() -> Mapping[str, Sequence[PlainIssue]]:
    by_area: dict[str, list[PlainIssue]] = {}
    for raw in archive():
        by_area.setdefault(area_of(raw), []).append(plain_issue(raw))
    return by_area


async def test_6686_issues_without_histories_in_every_area_and_below_at_many_times() -> None:
    model, courses = await taken_in(SITE, archive())
    plain, pairs = plain_archive(), 0
    assert sum(map(len, plain.values())) == 6686
    for end in ENDS:
        window = Window(end - 28 * DAY, end)
        own, below = (ours(model, courses, window, below=below) for below in (False, True))
        for area in PLACES:
            compare(own[AreaKey(area)], plain[area], window)
            pairs += 1
        for project in TEAMS:
            within = [project.lower(), *(team_of(project, one) for one in TEAMS[project])]
            compare(below[AreaKey(project.lower())], [one for area in within for one in plain[area]], window)
        compare(below[AreaKey("org")], [one for area in PLACES for one in plain[area]], window)
        assert all(below[AreaKey("org")][name][1] > 100 for name in ("open_items", "stale_items"))
        assert any(own[AreaKey(area)]["completions"][1] for area in PLACES)
    assert pairs == len(PLACES) * len(ENDS) == 115


async def test_issues_with_histories_in_every_project_and_over_windows_of_two_lengths() -> None:
    projects = sorted({raw["fields"]["project"]["key"] for raw in histories()})
    model_text = "version: 1\norganisation: {key: org, name: Org, stage: scale_up, timezone: UTC}\nareas:\n" + "".join(
        f"  - {{key: {key.lower()}, name: {key}, kind: product, parent: org, jira: [{{project: {key}}}]}}\n"
        for key in projects
    )
    model, courses = await taken_in(model_text, histories(), known_statuses())
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
