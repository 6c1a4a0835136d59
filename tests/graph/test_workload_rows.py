"""What is said of load is read in the graph as it is declared: thresholds, absences and preferences, at any moment."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.viewer import Scope, Viewer
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_http import ask, asking, refusal
from support.counting import count_statements
from support.desks import A_MODEL, a_desk

MODEL = (
    A_MODEL
    + """
thresholds:
  - {signal: wip, watch: 40, overloaded: 80, reason: our own counts}
  - {signal: wip, area: checkout, watch: 4, from: 2026-11-01, to: 2027-01-01}
  - {signal: utilisation, person: pat, watch: 0.5, overloaded: 0.6}
absences:
  - {person: pat, from: 2026-11-01, to: 2026-11-15, reason: away}
  - {person: pat, key: course, share: 0.5, from: 2026-11-20, to: 2026-12-01, reason: a course}
  - {person: ana, from: 2026-12-24, to: 2027-01-01}
preferences:
  - {person: ana, responsibility: innovation, wish: like, reason: she began it}
  - {person: pat, responsibility: coordination, wish: avoid}
"""
)
VALID = "valid { from to }"
THRESHOLDS = f"""query($signal: String, $area: String, $person: String, $first: Int, $after: String, $asOf: DateTime) {{
  thresholds(signal: $signal, area: $area, person: $person, first: $first, after: $after, asOf: $asOf) {{
    totalCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{
      row signal worse watch overloaded area {{ key }} person {{ key }} source reason {VALID} }} }} }} }}"""
ABSENCES = f"row person {{ key }} share reason {VALID}"
PREFERENCES = f"row person {{ key }} responsibility {{ key }} wish reason {VALID}"
EVER = {"from": None, "to": None}
COURSE = {
    "row": "course", "person": {"key": "pat"}, "share": 0.5, "reason": "a course",
    "valid": {"from": "2026-11-20T00:00:00Z", "to": "2026-12-01T00:00:00Z"},
}  # fmt: skip
CHRISTMAS = {
    "row": "ana", "person": {"key": "ana"}, "share": 1.0, "reason": "",
    "valid": {"from": "2026-12-24T00:00:00Z", "to": "2027-01-01T00:00:00Z"},
}  # fmt: skip
AWAY = {
    "row": "pat", "person": {"key": "pat"}, "share": 1.0, "reason": "away",
    "valid": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-15T00:00:00Z"},
}  # fmt: skip
LIKES = {
    "row": "ana/innovation", "person": {"key": "ana"}, "responsibility": {"key": "innovation"}, "wish": "LIKE",
    "reason": "she began it", "valid": EVER,
}  # fmt: skip
AVOIDS = {
    "row": "pat/coordination", "person": {"key": "pat"}, "responsibility": {"key": "coordination"}, "wish": "AVOID",
    "reason": "", "valid": EVER,
}  # fmt: skip


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(await a_desk(model=MODEL), viewer=Viewer("ci", Scope.WRITE)) as client:
        yield client


def nodes(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in told["edges"]]


async def test_thresholds_of_a_signal_are_what_ships_and_then_what_is_said_instead(graph: httpx.AsyncClient) -> None:
    told = nodes((await ask(graph, THRESHOLDS, signal="wip"))["thresholds"])
    shared = {"signal": "wip", "worse": "HIGH", "person": None}
    assert told == [
        {**shared, "row": None, "watch": None, "overloaded": None, "area": None, "reason": "", "valid": EVER,
         "source": "default, ours: assumption (it grows with the area)"},
        {**shared, "row": "wip/-/-", "watch": 40.0, "overloaded": 80.0, "area": None, "reason": "our own counts",
         "source": "the organisation: our own counts", "valid": EVER},
        {**shared, "row": "wip/checkout/-", "watch": 4.0, "overloaded": None, "area": {"key": "checkout"}, "reason": "",
         "source": "area checkout", "valid": {"from": "2026-11-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}},
    ]  # fmt: skip


async def test_every_signal_has_a_threshold_that_ships_in_pages_that_fit_together(graph: httpx.AsyncClient) -> None:
    whole = (await ask(graph, THRESHOLDS))["thresholds"]
    first = (await ask(graph, THRESHOLDS, first=20))["thresholds"]
    rest = (await ask(graph, THRESHOLDS, after=first["pageInfo"]["endCursor"]))["thresholds"]
    assert nodes(first) + nodes(rest) == nodes(whole)
    assert (whole["totalCount"], len([one for one in nodes(whole) if one["row"] is None])) == (26, 23)


async def test_a_verdict_names_the_threshold_as_the_list_does(graph: httpx.AsyncClient) -> None:
    asked = '{ area(key: "checkout") { signals(names: ["wip"]) { threshold thresholdSource } } }'
    (signal,) = (await ask(graph, asked))["area"]["signals"]
    (row,) = nodes((await ask(graph, THRESHOLDS, area="checkout"))["thresholds"])
    assert (signal["threshold"], signal["thresholdSource"]) == (row["watch"], row["source"])


async def test_thresholds_are_those_of_the_moment_asked(graph: httpx.AsyncClient) -> None:
    before = (await ask(graph, THRESHOLDS, signal="wip", asOf="2026-10-01T00:00:00Z"))["thresholds"]
    assert [one["row"] for one in nodes(before)] == [None, "wip/-/-"]
    (of_pat,) = nodes((await ask(graph, THRESHOLDS, person="pat"))["thresholds"])
    assert (of_pat["row"], of_pat["person"]) == ("utilisation/-/pat", {"key": "pat"})


async def test_absences_are_those_that_are_not_over(graph: httpx.AsyncClient) -> None:
    asked = f"query($asOf: DateTime) {{ absences(asOf: $asOf) {{ totalCount edges {{ node {{ {ABSENCES} }} }} }} }}"
    now = (await ask(graph, asked))["absences"]
    then = (await ask(graph, asked, asOf="2026-11-10T00:00:00Z"))["absences"]
    assert (now["totalCount"], nodes(now)) == (2, [COURSE, CHRISTMAS])
    assert nodes(then) == [AWAY, COURSE, CHRISTMAS]


async def test_a_person_tells_absences_and_preferences(graph: httpx.AsyncClient) -> None:
    asked = f"absences {{ edges {{ node {{ {ABSENCES} }} }} }} preferences {{ edges {{ node {{ {PREFERENCES} }} }} }}"
    told = (await ask(graph, f"{{ people {{ edges {{ node {{ key {asked} }} }} }} }}"))["people"]
    assert [(one["key"], nodes(one["absences"]), nodes(one["preferences"])) for one in nodes(told)] == [
        ("ana", [CHRISTMAS], [LIKES]), ("pat", [COURSE], [AVOIDS]),
    ]  # fmt: skip
    every = f"{{ preferences {{ edges {{ node {{ {PREFERENCES} }} }} }} }}"
    assert nodes((await ask(graph, every))["preferences"]) == [LIKES, AVOIDS]


async def test_a_row_is_ended_by_the_key_it_is_listed_with(graph: httpx.AsyncClient) -> None:
    for kind, key in (("THRESHOLD", "wip/checkout/-"), ("ABSENCE", "course"), ("PREFERENCE", "ana/innovation")):
        document = f'mutation {{ endRow(input: {{kind: {kind}, key: "{key}"}}) {{ changed errors {{ code }} }} }}'
        assert (await ask(graph, document))["endRow"] == {"changed": True, "errors": []}
    asked = "{ absences { edges { node { row } } } preferences { edges { node { row } } } }"
    told = await ask(graph, asked)
    assert [one["row"] for kind in ("absences", "preferences") for one in nodes(told[kind])] == [
        "ana", "pat/coordination",
    ]  # fmt: skip
    assert len(nodes((await ask(graph, THRESHOLDS, signal="wip"))["thresholds"])) == 2


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ('thresholds(signal: "mood")', "there is no signal 'mood'; docs/signals.md lists them"),
        ('thresholds(area: "nowhere")', "there is no area 'nowhere' at this instant"),
        ('thresholds(person: "nobody")', "there is no person 'nobody' at this instant"),
        ('absences(person: "nobody")', "there is no person 'nobody' at this instant"),
        ('preferences(person: "desk")', "there is no person 'desk' at this instant"),
    ],
)
async def test_what_is_not_there_is_not_found(graph: httpx.AsyncClient, asked: str, sentence: str) -> None:
    assert await refusal(graph, f"{{ {asked} {{ totalCount }} }}") == ("NOT_FOUND", sentence)


async def test_asking_for_them_of_everybody_takes_no_more_statements_than_of_one(engine: AsyncEngine) -> None:
    desk = await a_desk(model=MODEL, models=PostgresModels(engine), mirror=PostgresMirror(engine))
    rows = "absences { totalCount } preferences { totalCount }"
    async with asking(desk) as client:
        with count_statements(engine) as of_one:
            await ask(client, f'{{ person(key: "ana") {{ {rows} }} }}')
        with count_statements(engine) as of_all:
            await ask(client, f"{{ people {{ edges {{ node {{ {rows} }} }} }} }}")
    assert len(of_all) <= len(of_one)
