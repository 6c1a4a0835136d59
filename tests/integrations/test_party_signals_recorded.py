"""Recorded issues with histories tell of people, teams and functions what a calculation that shares no code tells."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from remit.domain.load import Signal, Window
from remit.domain.parties import Party, PartyKind
from remit.usecases.ask_party_signals import OF_PEOPLE, party_signals
from remit.usecases.ask_touched import touched
from remit.usecases.snapshot import Moment, snapshot
from support.plain_signals import instant, plain_issue, plain_signals
from support.recorded_issues import Raw, a_recorded_desk, histories, known_statuses, statuses

ACCOUNTS = {
    "ana": ("1b88b8a70b5632c7e509ab4f", "9b25a45bab2b191f3bd5e43a"),
    "bo": ("32a7550a8a1c4a638996e77e",),
    "cy": ("ad4fa356fd8dd542d955091e",),
    "dee": ("d775c8d58659752f3571bb8d",),
}  # fmt: skip
AREAS = ("ee", "ee-story", "ee-task", "k5")
MODEL = f"""
version: 1
organisation: {{key: org, name: Org, stage: scale_up, timezone: UTC}}
people:
  - {{key: ana, name: Ana, function: product_management, identities: {{jira: [{", ".join(ACCOUNTS["ana"])}]}}}}
  - {{key: bo, name: Bo, function: product_operations, identities: {{jira: [{", ".join(ACCOUNTS["bo"])}]}}}}
  - {{key: cy, name: Cy, function: product_operations, identities: {{jira: [{", ".join(ACCOUNTS["cy"])}]}}}}
  - {{key: dee, name: Dee, function: product_management, identities: {{jira: [{", ".join(ACCOUNTS["dee"])}]}}}}
teams:
  - {{key: crew, name: Crew, members: [bo, cy]}}
areas:
  - {{key: ee, name: EE, kind: product, parent: org, jira: [{{project: EE}}]}}
  - {{key: ee-story, name: Stories, kind: team, parent: ee, jira: [{{project: EE, type: 故事}}]}}
  - {{key: ee-task, name: Tasks, kind: team, parent: ee, jira: [{{project: EE, type: 任务}}]}}
  - {{key: k5, name: K5, kind: product, parent: org, jira: [{{project: K5}}]}}
assignments:
  - {{area: ee-story, responsibility: all, function: product_management, owner: ana}}
  - {{area: k5, responsibility: all, function: product_management, owner: dee}}
  - {{area: k5, responsibility: documentation, function: product_operations, owner: bo}}
  - {{area: ee-task, responsibility: all, function: product_operations, owner: crew}}
"""
ACCOUNTABLE = {
    Party(PartyKind.PERSON, "ana"): {"ee-story"},
    Party(PartyKind.PERSON, "bo"): {"ee-task", "k5"},
    Party(PartyKind.PERSON, "cy"): {"ee-task"},
    Party(PartyKind.TEAM, "crew"): {"ee-task", "k5"},
    Party(PartyKind.FUNCTION, "product_management"): {"ee-story", "k5"},
    Party(PartyKind.FUNCTION, "product_operations"): {"ee-task", "k5"},
}  # by hand
PEOPLE = {party: (party.key,) for party in ACCOUNTABLE if party.kind is PartyKind.PERSON} | {
    Party(PartyKind.TEAM, "crew"): ("bo", "cy"),
    Party(PartyKind.FUNCTION, "product_management"): ("ana", "dee"),
    Party(PartyKind.FUNCTION, "product_operations"): ("bo", "cy"),
}
ENDS = tuple(datetime(2020, 7, 1, tzinfo=UTC) + timedelta(days=35 * step, hours=15) for step in range(12))


def area_of(raw: Raw) -> str:
    if raw["fields"]["project"]["key"] == "K5":
        return "k5"
    return {"故事": "ee-story", "任务": "ee-task"}.get(raw["fields"]["issuetype"]["name"], "ee")


def plain_changes(window: Window) -> list[tuple[str, str, int]]:
    """Of each change that names somebody: the account, the area, and how many fields it changed."""
    return [
        (entry["author"]["accountId"], area_of(raw), len({item["field"].lower() for item in entry["items"]}))
        for raw in histories()
        for entry in raw["changelog"]["histories"]
        if (entry.get("author") or {}).get("accountId") and window.start <= instant(entry["created"]) < window.end
    ]


def plain_authors(window: Window) -> set[str]:
    return {account for account, _, _ in plain_changes(window)}


def plainly_touched(people: Iterable[str], window: Window) -> tuple[float, int]:
    theirs = {account for who in people for account in ACCOUNTS[who]}
    found = [(area, fields) for account, area, fields in plain_changes(window) if account in theirs]
    return float(len({area for area, _ in found})), sum(fields for _, fields in found)


def read(signals: Iterable[Signal]) -> Mapping[str, tuple[float | None, int]]:
    """Without what only the present tells, and without feedback, of which there is none."""
    left_out = ("stale_items", "feedback_arrivals", "feedback_untriaged", "oldest_feedback_untriaged")
    return {
        one.name: (one.value, one.sample_size)
        for one in signals
        if one.name not in (*left_out, "feedback_within_target")
    }


async def test_33_issues_tell_of_everybody_what_the_records_of_their_areas_do_at_many_times() -> None:
    desk = await a_recorded_desk(MODEL, histories(), known_statuses())
    plain = {area: [plain_issue(raw, statuses()) for raw in histories() if area_of(raw) == area] for area in AREAS}
    assert sum(map(len, plain.values())) == 33
    samples, places, silent = 0, set(), 0
    for end in ENDS:
        snap = await snapshot(desk, Moment(end))
        for days in (28, 90):
            found = await party_signals(desk, snap, ACCOUNTABLE, days=days)
            window = found[Party(PartyKind.PERSON, "ana")][0].window
            steps = await touched(desk, snap, ACCOUNTABLE, window)
            for party, areas in ACCOUNTABLE.items():
                expected = plain_signals([one for area in areas for one in plain[area]], window.start, window.end)
                expected.pop("stale_items")
                if party.kind is PartyKind.PERSON:
                    expected = {name: told for name, told in expected.items() if name in OF_PEOPLE}
                assert read(found[party]) == expected
                samples += expected["open_items"][1]
                value, traces = plainly_touched(PEOPLE[party], window)
                if steps[party].value is None:
                    silent += 1
                    assert plain_authors(window) == set()
                else:
                    assert (steps[party].value, steps[party].sample_size) == (value, traces)
                    places.add(value)
    assert samples > 100
    assert {0.0, 1.0, 2.0} <= places
    assert 0 < silent < 12 * 2 * len(ACCOUNTABLE)
