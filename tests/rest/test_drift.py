"""Drift over plain HTTP: the same as over GraphQL."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.entrypoints.api import application
from remit.entrypoints.wiring import Remit
from remit.storage.leases import PostgresLeases
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_http import ask, client_of
from support.drifting import a_drifting_desk

FUNCTION, OWNER = "function { id key name }", "{ __typename key name }"
DRIFT = f"""query($under: String, $days: Int, $asOf: DateTime) {{
  drift(under: $under, windowDays: $days, asOf: $asOf) {{
    totalCount doubt freshness {{ dataAsOf lagSeconds degraded modelVersion }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
    edges {{ cursor node {{ area {{ id key name kind stage }}
      responsibility {{ id key name description transferable }}
      sample unattributed elsewhere windowStart windowEnd message
      shares {{ {FUNCTION} declared observed low high count }}
      evidence {{ area {{ id key name kind stage }} source account trace count person {OWNER} {FUNCTION} }}
    }} }} }} }}"""


@pytest.fixture
async def client(engine: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    desk = await a_drifting_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    async with client_of(application(Remit(desk, (), PostgresLeases(engine), engine), auth="off")) as client:
        yield client


@pytest.mark.parametrize(
    "asked", [{}, {"under": "checkout", "windowDays": 7}, {"asOf": "2026-11-22T12:00:01Z"}], ids=str
)
async def test_drift_is_that_of_the_graph(client: httpx.AsyncClient, asked: dict[str, Any]) -> None:
    answer = await client.get("/v1/drift", params=asked)
    assert answer.status_code == 200, answer.text
    variables = {"under": asked.get("under"), "days": asked.get("windowDays"), "asOf": asked.get("asOf")}
    assert answer.json() == (await ask(client, DRIFT, **variables))["drift"]
    assert answer.json()["totalCount"] == 1


@pytest.mark.parametrize(("asked", "status"), [({"under": "nowhere"}, 404), ({"windowDays": 0}, 422)], ids=str)
async def test_what_cannot_be_asked_is_refused(client: httpx.AsyncClient, asked: dict[str, Any], status: int) -> None:
    assert (await client.get("/v1/drift", params=asked)).status_code == status
