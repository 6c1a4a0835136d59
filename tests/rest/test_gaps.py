"""Gaps, coverage and the lint of selectors over plain HTTP: the same as over GraphQL."""

from typing import Any

import httpx
import pytest

from remit.domain.gaps import GapKind
from remit.entrypoints.wiring import Remit
from remit.usecases.apply_model import apply
from remit.usecases.ask_signals import NOT_YET
from support.asking_http import ask
from support.drifting import WITH_ACCOUNTS

ONE_OF = f"{', '.join(map(repr, map(str, list(GapKind)[:-1])))} or {str(list(GapKind)[-1])!r}"
GAPS = """query($kinds: [GapKind!], $under: String, $first: Int, $after: String, $asOf: DateTime, $knownAt: DateTime) {
  gaps(kinds: $kinds, under: $under, first: $first, after: $after, asOf: $asOf, knownAt: $knownAt) {
    notTold doubt totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node {
      kind count message area { id key name kind stage } responsibility { id key name description transferable }
      owner { __typename ... on Person { key name } ... on Team { key name } } } }
  }
}"""
COVERAGE = """query($asOf: DateTime, $knownAt: DateTime) { coverage(asOf: $asOf, knownAt: $knownAt) {
  area { id key name kind stage } cells covered percent
  functions { function { id key name } cells covered percent } } }"""
LINT = """{ selectorLint(first: 1) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node {
    fault selector message area { id key name kind stage } other { id key name kind stage } } } } }"""


async def told(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(path, params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
    return answer.json()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kinds": ["BLURRY_WITHOUT_AGREEMENT", "UNOWNED"]},
        {"under": "checkout"},
        {"first": 3},
        {"asOf": "2025-01-01T00:00:00Z"},
        {"knownAt": "2025-01-01T00:00:00Z"},
    ],
    ids=str,
)
async def test_gaps_are_those_of_the_graph(open_api: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    over_http = {"kind" if name == "kinds" else name: value for name, value in asked.items()}
    assert await told(open_api, "/v1/gaps", **over_http) == (await ask(open_api, GAPS, **asked))["gaps"]


async def test_a_page_goes_on_after_the_one_before(open_api: httpx.AsyncClient) -> None:
    whole = await told(open_api, "/v1/gaps", first=200)
    first = await told(open_api, "/v1/gaps", first=2)
    second = await told(open_api, "/v1/gaps", first=2, after=first["pageInfo"]["endCursor"])
    assert [*first["edges"], *second["edges"]] == whole["edges"][:4]
    assert second["pageInfo"]["hasPreviousPage"]


async def test_coverage_and_the_lint_are_those_of_the_graph(open_api: httpx.AsyncClient) -> None:
    assert await told(open_api, "/v1/coverage") == (await ask(open_api, COVERAGE))["coverage"]
    assert await told(open_api, "/v1/selectors/lint", first=1) == (await ask(open_api, LINT))["selectorLint"]
    assert [one["area"]["key"] for one in await told(open_api, "/v1/coverage", under="checkout")] == ["checkout"]


async def test_what_rests_on_records_is_not_told_of_the_past(open_api: httpx.AsyncClient) -> None:
    now = await told(open_api, "/v1/gaps")
    then = await told(open_api, "/v1/gaps", asOf="2025-01-01T00:00:00Z")
    assert (now["doubt"], then["doubt"]) == (None, None)
    assert (now["notTold"], then["notTold"]) == (
        [],
        ["CONFLICT", "UNMATCHED_ISSUES", "UNMATCHED_FEEDBACK", "UNMAPPED_IDENTITY"],
    )


async def test_why_there_may_be_others_is_said(parts: Remit, open_api: httpx.AsyncClient) -> None:
    assert (await told(open_api, "/v1/gaps", kind="DRIFT"))["doubt"] is None  # nobody has an account
    await apply(parts.desk, WITH_ACCOUNTS, actor="test", reason="accounts")
    assert (await told(open_api, "/v1/gaps", kind="DRIFT"))["doubt"] == NOT_YET
    asked = "{ a: gaps(kinds: [DRIFT]) { totalCount doubt } b: gaps(kinds: [UNOWNED]) { doubt } }"
    assert await ask(open_api, asked) == {"a": {"totalCount": 0, "doubt": NOT_YET}, "b": {"doubt": None}}


@pytest.mark.parametrize("asked", [{"asOf": "2025-01-01T00:00:00Z"}, {"knownAt": "2025-01-01T00:00:00Z"}], ids=str)
async def test_coverage_at_another_moment_is_that_of_the_graph(
    open_api: httpx.AsyncClient, asked: dict[str, str]
) -> None:
    assert await told(open_api, "/v1/coverage", **asked) == (await ask(open_api, COVERAGE, **asked))["coverage"]


@pytest.mark.parametrize(
    ("path", "asked", "status", "detail"),
    [
        ("/v1/gaps", {"under": "nowhere"}, 404, "there is no area 'nowhere' at this instant"),
        ("/v1/coverage", {"under": "nowhere"}, 404, "there is no area 'nowhere' at this instant"),
        (
            "/v1/coverage",
            {"under": "shop", "knownAt": "2025-01-01T00:00:00Z"},
            404,
            "there is no area 'shop' at this instant",
        ),
        (
            "/v1/gaps",
            {"asOf": "2025"},
            422,
            "asOf is no instant; write for example 2026-11-23T12:00:00Z, with + as %2B",
        ),
        ("/v1/gaps", {"first": 201}, 422, "`first` must be between 0 and 200"),
        ("/v1/gaps", {"kind": "MAGIC"}, 422, f"query.kind.0: Input should be {ONE_OF}"),
        (
            "/v1/selectors/lint",
            {"after": "x"},
            422,
            "`after` is no cursor of this list; take an `endCursor` or start from the beginning",
        ),
    ],
)
async def test_what_is_not_there_is_a_problem(
    open_api: httpx.AsyncClient, path: str, asked: dict[str, Any], status: int, detail: str
) -> None:
    answer = await open_api.get(path, params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"] == detail


@pytest.mark.parametrize("path", ["/v1/gaps", "/v1/coverage", "/v1/selectors/lint"])
async def test_a_token_is_asked_for(guarded_api: httpx.AsyncClient, path: str) -> None:
    assert (await guarded_api.get(path)).status_code == 401
