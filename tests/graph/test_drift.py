"""Drift over GraphQL."""

from collections.abc import AsyncIterator

import httpx
import pytest

from remit_graphql.kit.limits import MOST_WINDOWS
from support.asking_http import ask, asking, refusal
from support.drifting import a_drifting_desk

TOO_MANY = range(1, MOST_WINDOWS + 2)
DRIFT = """query($under: String, $days: Int, $first: Int) { drift(under: $under, windowDays: $days, first: $first) {
  totalCount doubt freshness { degraded } pageInfo { hasNextPage }
  edges { node { area { key } responsibility { key } sample unattributed elsewhere message
    shares { function { key } declared observed count }
    evidence(first: 2) { area { key } source account trace count person { key } function { key } } } } } }"""


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    """Product management does what product operations is declared to."""
    async with asking(await a_drifting_desk()) as client:
        yield client


async def test_a_drift_is_told_with_its_shares_and_traces(graph: httpx.AsyncClient) -> None:
    told = (await ask(graph, DRIFT))["drift"]
    message = told["edges"][0]["node"].pop("message")
    assert message.startswith("product_management left 80 % of the 30 traces of backlog_management at acme and below")
    by = {"area": {"key": "checkout"}, "source": "jira", "trace": "status"}
    assert told == {
        "totalCount": 1,
        "doubt": None,
        "freshness": {"degraded": []},
        "pageInfo": {"hasNextPage": False},
        "edges": [{"node": {
            "area": {"key": "acme"},
            "responsibility": {"key": "backlog_management"},
            "sample": 30,
            "unattributed": 3,
            "elsewhere": 0,
            "shares": [
                {"function": {"key": "product_management"}, "declared": 0.0, "observed": 0.8, "count": 24},
                {"function": {"key": "product_operations"}, "declared": 1.0, "observed": 0.2, "count": 6},
            ],
            "evidence": [
                {**by, "account": "ana-in-jira", "count": 24, "person": {"key": "ana"},
                 "function": {"key": "product_management"}},
                {**by, "account": "pat-in-jira", "count": 6, "person": {"key": "pat"},
                 "function": {"key": "product_operations"}},
            ],
        }}],
    }  # fmt: skip


async def test_a_window_without_any_trace_has_none(graph: httpx.AsyncClient) -> None:
    assert (await ask(graph, DRIFT, days=1))["drift"]["totalCount"] == 0


@pytest.mark.parametrize(
    ("asked", "code"), [({"under": "nowhere"}, "NOT_FOUND"), ({"days": 0}, "INVALID"), ({"days": 400}, "INVALID")]
)
async def test_what_cannot_be_asked_is_refused(graph: httpx.AsyncClient, asked: dict[str, str], code: str) -> None:
    assert (await refusal(graph, DRIFT, **asked))[0] == code


async def test_many_windows_at_once_are_refused(graph: httpx.AsyncClient) -> None:
    many = " ".join(f"d{days}: drift(windowDays: {days}) {{ totalCount }}" for days in TOO_MANY)
    assert (await refusal(graph, f"{{ {many} }}"))[1] == f"ask about drift at most {MOST_WINDOWS} times at once"
