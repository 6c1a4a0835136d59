"""Mutations: a payload with what changed or with every error as data, and never anything in part."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from remit.domain.viewer import Scope, Viewer
from remit.usecases.desk import Desk
from support.asking_http import ask, asking, told_of
from support.desks import AClock, a_desk

PAYLOAD = """
fragment Told on ChangePayload {
  changed repeated modelVersion plan
  rows { kind key node { __typename id } }
  warnings { code path }
  errors { code message path line }
}
"""
NOTHING = {"changed": False, "repeated": False, "modelVersion": None, "plan": [], "rows": [], "warnings": []}


@pytest.fixture
def clock() -> AClock:
    return AClock()


@pytest.fixture
async def desk(clock: AClock) -> Desk:
    return await a_desk(clock=clock)


@pytest.fixture
async def graph(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(desk, viewer=Viewer("ci", Scope.WRITE)) as client:
        yield client


async def mutate(graph: httpx.AsyncClient, field: str, **variables: Any) -> Any:
    """The payload of one mutation written in place; `variables` are its `$name: Type` declarations' values."""
    declared = f"mutation({variables.pop('declares')})" if "declares" in variables else "mutation"
    answer = await ask(graph, f"{declared} {{ made: {field} {{ ...Told }} }} {PAYLOAD}", **variables)
    return answer["made"]


async def state(desk: Desk) -> tuple[object, ...]:
    head = await desk.models.head()
    return head, frozenset(await desk.models.facts(head))


async def test_a_mutation_returns_what_it_changed(graph: httpx.AsyncClient, desk: Desk) -> None:
    made = await mutate(graph, 'setAreaStage(input: {area: "shop", stage: STARTUP}, reason: "young again")')
    node = made["rows"][0]["node"]
    assert made == {
        "changed": True,
        "repeated": False,
        "modelVersion": (await desk.models.head()).digest,
        "plan": ["~ area shop: stage nothing -> startup from 2026-11-23T12:00:00Z", "0 to add, 1 to change, 0 to end."],
        "rows": [{"kind": "AREA", "key": "shop", "node": {"__typename": "Area", "id": node["id"]}}],
        "warnings": [],
        "errors": [],
    }
    facts = await desk.models.facts(await desk.models.head())
    assert {fact.recorded.by for fact in facts if fact.key == "shop" and fact.recorded} == {"ci"}


async def test_what_is_asked_below_it_and_after_it_sees_the_change(graph: httpx.AsyncClient) -> None:
    asked = 'name ownership(responsibilities: ["innovation"]) { accountable { ... on Person { key } } }'
    document = """mutation {
      first: setAreaStage(input: {area: "shop", stage: STARTUP}) { rows { node { ... on Area { stage } } } }
      second: setAreaStage(input: {area: "shop", stage: ENTERPRISE}) { rows { node { ... on Area { stage } } } }
      third: handOver(input: {person: "ana", to: "pat"}) { changed }
      fourth: setArea(input: {key: "shop", name: "Store"}) {
        rows { node { ... on Area { ASKED } } }
      }
    }""".replace("ASKED", asked)
    told = await ask(graph, document)
    assert told == {
        "first": {"rows": [{"node": {"stage": "STARTUP"}}]},
        "second": {"rows": [{"node": {"stage": "ENTERPRISE"}}]},
        "third": {"changed": True},
        "fourth": {"rows": [{"node": {"name": "Store", "ownership": [{"accountable": {"key": "pat"}}]}}]},
    }


EACH = [
    ('setFunction(input: {key: "design", name: "Design"})', [("FUNCTION", "design", "Function")]),
    ('setLens(input: {key: "rhythm", name: "Rhythm"})', [("LENS", "rhythm", None)]),
    ('setMinutes(input: {responsibility: "innovation", driver: AREAS, minutes: 90})',
     [("MINUTES", "innovation/areas", None)]),
    ('setThreshold(input: {signal: "wip", area: "shop", watch: 4, overloaded: null})',
     [("THRESHOLD", "wip/shop/-", None)]),
    ('setAbsence(input: {person: "ana", share: 0.5, to: "2027-03-01T00:00:00Z"})', [("ABSENCE", "ana", None)]),
    ('setPreference(input: {person: "ana", responsibility: "innovation", wish: AVOID})',
     [("PREFERENCE", "ana/innovation", None)]),
    ('setPerson(input: {key: "eve", name: "Eve", identities: [{source: "jira", id: "e"}], active: false,'
     ' skills: [{responsibility: "innovation", level: 3}], capacityHours: 20})', [("PERSON", "eve", "Person")]),
    ('setTeam(input: {key: "desk", name: "Desk", members: ["ana"]})', [("TEAM", "desk", "Team")]),
    ('setArea(input: {key: "web", name: "Web", kind: "team", parent: "acme", jira: [{project: "WEB", label: ["a"]}],'
     ' feedback: [{source: "zendesk", criteria: [{name: "tags", values: ["web"]}]}]})', [("AREA", "web", "Area")]),
    ('setArea(input: {key: "acme", timezone: "Europe/Madrid"})', [("AREA", "acme", "Area")]),
    ('setJiraSelectors(input: {area: "shop", jira: [{epic: "SHOP-1"}]})', [("AREA", "shop", "Area")]),
    ('setFeedbackSelectors(input: {area: "shop", feedback: [{source: "x", criteria: {name: "a", values: "b"}}]})',
     [("AREA", "shop", "Area")]),
    ('setResponsibility(input: {key: "notes", name: "Notes", lead: null, lenses: [{lens: "focus", value: "x"}],'
     ' support: [{function: "product_management", letter: RESPONSIBLE}]})',
     [("RESPONSIBILITY", "notes", "Responsibility")]),
    ('setRule(input: {area: "shop", issue: {type: "Bug"}, responsibility: "innovation", unowned: true})',
     [("RULE", "shop/innovation/type Bug", None)]),
    ('setAssignment(input: {area: "shop", responsibility: "all", function: "product_operations", owner: "ana",'
     ' letter: ACCOUNTABLE, inherit: APPEND})', [("ASSIGNMENT", "shop/all/product_operations/ana", None)]),
    ('setAgreement(input: {area: "shop", responsibility: "leadership", lead: "product_management",'
     ' consulted: "product_operations", review: "2027-03-01"})', [("AGREEMENT", "shop/leadership", None)]),
    ('setDelegation(input: {fromPerson: "ana", toPerson: "pat", from: "2026-12-01T00:00:00+01:00",'
     ' to: "2026-12-08T00:00:00+01:00"})', [("DELEGATION", "ana/pat/-/all", None)]),
    ('endRow(input: {kind: ASSIGNMENT, key: "checkout/all/product_operations/pat"})',
     [("ASSIGNMENT", "checkout/all/product_operations/pat", None)]),
    ('handOver(input: {person: "pat", to: "ana", leaves: true})',
     [("ASSIGNMENT", "checkout/all/product_operations/ana", None),
      ("ASSIGNMENT", "checkout/all/product_operations/pat", None), ("PERSON", "pat", "Person")]),
    ('confirmOwner(input: {area: "shop", responsibility: "all", function: "product_management", owner: "ana",'
     ' by: "pat", due: "2027-11-23T12:00:00Z"})', [("CONFIRMATION", "shop/all/product_management/ana", None)]),
    ('changeModel(changes: [{person: {key: "eve", name: "Eve"}}, {areaStage: {area: "shop", stage: STARTUP}},'
     ' {end: {kind: ASSIGNMENT, key: "checkout/all/product_operations/pat"}}])',
     [("AREA", "shop", "Area"), ("ASSIGNMENT", "checkout/all/product_operations/pat", None),
      ("PERSON", "eve", "Person")]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "rows"), EACH, ids=[case[0].partition("(")[0] for case in EACH])
async def test_each_mutation_changes_its_rows(
    graph: httpx.AsyncClient, field: str, rows: list[tuple[str, str, str | None]]
) -> None:
    made = await mutate(graph, field)
    assert made["errors"] == []
    assert [(row["kind"], row["key"], (row["node"] or {}).get("__typename")) for row in made["rows"]] == rows


ELSEWHERE = {"setAreaStage", "acceptAdvice", "dismissAdvice", "restoreAdvice"}
"""Those of advice are in test_advice.py."""


async def test_every_mutation_there_is_is_tried_above_or_elsewhere(graph: httpx.AsyncClient) -> None:
    told = await ask(graph, '{ __type(name: "Mutation") { fields { name } } }')
    tried = {case[0].partition("(")[0] for case in EACH}
    assert {field["name"] for field in told["__type"]["fields"]} == tried | ELSEWHERE


async def test_what_is_left_out_stays_and_what_is_null_goes(graph: httpx.AsyncClient, desk: Desk) -> None:
    await mutate(graph, 'setPerson(input: {key: "ana", email: "ana@acme.example"})')
    made = await mutate(graph, 'setPerson(input: {key: "ana", name: "Anna", function: null})')
    assert made["plan"][0].startswith("~ person ana: name Ana -> Anna, function product_management -> nothing")


async def test_errors_are_data_each_at_its_input(graph: httpx.AsyncClient, desk: Desk) -> None:
    before = await state(desk)
    assert await mutate(graph, 'setAssignment(input: {area: "shop", responsibility: "all", owner: "ana"})') == {
        **NOTHING,
        "errors": [
            {"code": "MISSING_FIELD", "message": "'function' is missing; say it, or name the row by its `row`",
             "path": "input.function", "line": None}
        ],
    }  # fmt: skip
    wrong = '{area: {key: "shop", parent: "checkout"}}, {team: {key: "desk", name: "Desk", members: ["eve"]}}'
    made = await mutate(graph, f"changeModel(changes: [{wrong}])")
    assert [(error["path"], error["code"]) for error in made["errors"]] == [
        ("changes[0].area.parent", "CYCLE"),
        ("changes[1].team.members", "UNKNOWN_KEY"),
    ]
    assert await state(desk) == before


async def test_a_warning_comes_with_the_change(graph: httpx.AsyncClient) -> None:
    made = await mutate(graph, 'handOver(input: {person: "ana", to: "pat"})')
    assert (made["changed"], made["warnings"]) == (True, [{"code": "OTHER_FUNCTION", "path": "input.to"}])


async def test_a_change_of_an_older_version_is_stale(graph: httpx.AsyncClient, desk: Desk) -> None:
    version = (await desk.models.head()).digest
    await mutate(graph, 'setPerson(input: {key: "eve", name: "Eve"})')
    before = await state(desk)
    field = f'setAreaStage(input: {{area: "shop", stage: STARTUP}}, expectedVersion: "{version}")'
    made = await mutate(graph, field)
    assert [(error["code"], error["path"]) for error in made["errors"]] == [("STALE", None)]
    assert await state(desk) == before


async def test_a_dry_run_tells_the_version_by_which_it_is_made(graph: httpx.AsyncClient, desk: Desk) -> None:
    field = 'setAreaStage(input: {area: "shop", stage: STARTUP}, HOW)'
    shown = await mutate(graph, field.replace("HOW", "dryRun: true"))
    assert shown["modelVersion"] == (await desk.models.head()).digest
    made = await mutate(graph, field.replace("HOW", f'expectedVersion: "{shown["modelVersion"]}"'))
    assert (made["changed"], made["plan"], made["errors"]) == (True, shown["plan"], [])


async def test_sent_twice_with_one_key_it_is_done_once(graph: httpx.AsyncClient, desk: Desk) -> None:
    field = 'setPerson(input: {key: "eve", name: "Eve"}, idempotencyKey: "k")'
    first = await mutate(graph, field)
    before = await state(desk)
    assert await mutate(graph, field) == {**first, "repeated": True}
    other = await mutate(graph, 'setPerson(input: {key: "eve", name: "Ada"}, idempotencyKey: "k")')
    assert [error["code"] for error in other["errors"]] == ["CONFLICT"]
    assert await state(desk) == before


async def test_variables_do_as_well(graph: httpx.AsyncClient) -> None:
    made = await mutate(
        graph,
        "setArea(input: $input, dryRun: $dry)",
        declares="$input: AreaInput!, $dry: Boolean!",
        input={"key": "web", "name": "Web", "kind": "team", "parent": "acme", "to": None, "jira": [{"project": "W"}]},
        dry=False,
    )
    assert (made["changed"], [row["key"] for row in made["rows"]]) == (True, ["web"])


async def test_who_may_only_read_is_refused_as_data_and_may_look_at_a_dry_run(desk: Desk) -> None:
    before = await state(desk)
    async with asking(desk, viewer=Viewer("reader", Scope.READ)) as graph:
        made = await mutate(graph, 'setPerson(input: {key: "eve", name: "Eve"})')
        assert made == {
            **NOTHING,
            "errors": [
                {"code": "FORBIDDEN", "path": None, "line": None,
                 "message": "changing the model needs a token of scope write or admin; `remit token create` makes one"}
            ],
        }  # fmt: skip
        shown = await mutate(graph, 'handOver(input: {person: "ana", to: "pat"}, dryRun: true)')
    assert (shown["changed"], shown["plan"][-1]) == (False, "1 to add, 0 to change, 1 to end.")
    assert await state(desk) == before


async def test_nobody_in_particular_may_only_read(desk: Desk) -> None:
    async with asking(desk) as graph:
        made = await mutate(graph, 'setPerson(input: {key: "eve", name: "Eve"})')
    assert [error["code"] for error in made["errors"]] == ["FORBIDDEN"]


async def test_a_mutation_by_get_is_refused(graph: httpx.AsyncClient, desk: Desk) -> None:
    before = await state(desk)
    document = 'mutation { endRow(input: {kind: PERSON, key: "pat"}) { changed } }'
    answer = await graph.get("/graphql", params={"query": document})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert await state(desk) == before


@pytest.mark.parametrize(
    "field",
    [
        'setAssignment(input: {row: "x", letter: BOSS})',
        'setArea(input: {name: "No key"})',
        'setPerson(input: {key: "ana", colour: "red"})',
        "changeModel(changes: [{}])",
        'changeModel(changes: [{person: {key: "a"}, team: {key: "b"}}])',
        'setAreaStage(input: {area: "shop", from: "yesterday"})',
        'setAgreement(input: {row: "x", review: "soon"})',
    ],
)
async def test_what_the_schema_does_not_know_never_runs(graph: httpx.AsyncClient, desk: Desk, field: str) -> None:
    before = await state(desk)
    told = await told_of(graph, f"mutation {{ {field} {{ changed }} }}")
    assert "data" not in told
    assert {error["extensions"]["code"] for error in told["errors"]} == {"BAD_REQUEST"}
    assert await state(desk) == before


@pytest.mark.parametrize(("by", "told"), [('by: "pat", ', "pat"), ("by: null, ", "ci"), ("", "ci")])
async def test_the_history_tells_who_confirmed_and_who_said_so(graph: httpx.AsyncClient, by: str, told: str) -> None:
    said = f'row: "shop/all/product_management/ana", {by}due: "2027-11-23T12:00:00Z"'
    assert (await mutate(graph, f"confirmOwner(input: {{{said}}})"))["errors"] == []
    asked = "edges { node { kind actor differences { field before after } } }"
    shop = (await ask(graph, f'{{ area(key: "shop") {{ history(first: 1) {{ {asked} }} }} }}'))["area"]
    (edge,) = shop["history"]["edges"]
    assert edge["node"] == {
        "kind": "CONFIRMATION",
        "actor": "ci",
        "differences": [
            {"field": "owner", "before": None, "after": "ana"},
            {"field": "by", "before": None, "after": told},
        ],
    }


async def test_nobody_unknown_confirms(graph: httpx.AsyncClient, desk: Desk) -> None:
    before = await state(desk)
    said = 'row: "shop/all/product_management/ana", by: "The Tooth Fairy", due: "2027-11-23T12:00:00Z"'
    made = await mutate(graph, f"confirmOwner(input: {{{said}}})")
    assert [(error["path"], error["code"]) for error in made["errors"]] == [("input.by", "UNKNOWN_KEY")]
    assert await state(desk) == before


async def test_no_more_rows_are_listed_than_asked_but_all_are_counted(graph: httpx.AsyncClient) -> None:
    people = ", ".join(f'{{person: {{key: "p{number}", name: "P"}}}}' for number in range(60))
    listed = "rowCount usual: rows { key } two: rows(first: 2) { key } none: rows(first: -1) { key }"
    made = (await ask(graph, f"mutation {{ made: changeModel(changes: [{people}]) {{ {listed} }} }}"))["made"]
    assert (made["rowCount"], len(made["usual"]), made["none"]) == (60, 50, [])
    assert made["two"] == [{"key": "p0"}, {"key": "p1"}]
