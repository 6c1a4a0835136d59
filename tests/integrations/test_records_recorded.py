"""The records behind numbers of recorded issues are those of a calculation that shares no code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.resolution.signals.measuring import Columns, Terms
from remit.resolution.signals.tracing import Tracing
from remit.usecases.desk import Desk
from support.plain_signals import PlainIssue, plain_issue, plain_records
from support.recorded_issues import Raw, a_recorded_desk, archive, histories, known_statuses, statuses

DAY = timedelta(days=1)
ENDS = tuple(datetime(*day, tzinfo=UTC) for day in ((2012, 12, 1, 15, 30), (2014, 6, 1), (2018, 3, 31), (2021, 11, 17)))
Roles = Mapping[str, Mapping[str, Sequence[str]]]


def project_of(raw: Raw) -> str:
    return str(raw["fields"]["project"]["key"])


def a_site(raws: Iterable[Raw]) -> tuple[str, Sequence[str]]:
    """A model with an area for each project, and the projects."""
    projects = sorted({project_of(raw) for raw in raws})
    rows = (
        f"  - {{key: {key.lower()}, name: {key}, kind: product, parent: org, jira: [{{project: {key}}}]}}\n"
        for key in projects
    )
    return (
        "version: 1\norganisation: {key: org, name: Org, stage: scale_up, timezone: UTC}\nareas:\n" + "".join(rows),
        projects,
    )


async def traced(desk: Desk, areas: Sequence[str], window: Window) -> Roles:
    """Of each signal that the plain calculation knows which issues count as what, by their ids in order."""
    found = await desk.evidence.named([AreaKey(area) for area in areas], [RecordKind.BACKLOG])
    tracing = Tracing(Columns(found.courses), window, Terms(), is_present=True)
    told: dict[str, dict[str, Sequence[str]]] = {}
    for name in plain_records({}, window.start, window.end):
        records, roles = tracing.of(name), defaultdict[str, list[str]](list)
        for place, role in zip(records.places.tolist(), records.roles, strict=True):
            roles[role.counts_as].append(found.names[place][1])
        told[name] = {counts_as: tuple(sorted(ids)) for counts_as, ids in roles.items()}
    return told


async def compared(
    desk: Desk, projects: Sequence[str], plain: Mapping[str, Mapping[str, PlainIssue]], window: Window
) -> Roles:
    """Of each project and of all together; returns what was told of all."""
    for project in projects:
        expected = plain_records(plain[project], window.start, window.end)
        assert await traced(desk, [project.lower()], window) == expected
    whole = {id_: issue for issues in plain.values() for id_, issue in issues.items()}
    told = await traced(desk, [project.lower() for project in projects], window)
    assert told == plain_records(whole, window.start, window.end)
    return told


def by_project(raws: Iterable[Raw], known: Sequence[Raw] = ()) -> Mapping[str, Mapping[str, PlainIssue]]:
    found: dict[str, dict[str, PlainIssue]] = defaultdict(dict)
    for raw in raws:
        found[project_of(raw)][raw["id"]] = plain_issue(raw, known)
    return found


async def test_which_of_6686_issues_count_as_what_in_every_project_at_many_times() -> None:
    model, projects = a_site(archive())
    desk, plain, stale = await a_recorded_desk(model, archive()), by_project(archive()), 0
    assert sum(map(len, plain.values())) == 6686
    for end in ENDS:
        told = await compared(desk, projects, plain, Window(end - 28 * DAY, end))
        assert len(told["open_items"]["OPEN"]) > 100
        stale += len(told["stale_items"].get("STALE", ()))
    assert stale > 100


async def test_which_issues_with_histories_count_as_what() -> None:
    model, projects = a_site(histories())
    desk = await a_recorded_desk(model, histories(), known_statuses())
    plain, seen = by_project(histories(), statuses()), set[str]()
    for end in (datetime(2020, 7, 1, tzinfo=UTC) + 35 * DAY * step for step in range(12)):
        told = await compared(desk, projects, plain, Window(end - 28 * DAY, end))
        seen |= {role for roles in told.values() for role in roles}
    assert seen >= {"OPEN", "ARRIVAL", "COMPLETION", "IN_PROGRESS", "BREACH", "UNTRIAGED", "SAMPLE"}
