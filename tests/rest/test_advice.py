"""Advice over plain HTTP: the same as over GraphQL."""

from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.entrypoints.api import application
from remit.entrypoints.wiring import Remit
from remit.storage.leases import PostgresLeases
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.advised import an_advised_desk
from support.asking_http import ask, client_of

PERSON, FUNCTION = "{ __typename key name }", "{ id key name }"
ADVICE = f"""query($under: String, $person: String) {{ advice(under: $under, person: $person) {{
  totalCount doubt freshness {{ dataAsOf lagSeconds degraded modelVersion }}
  pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  edges {{ cursor node {{ id area {{ id key name kind stage }} responsibility {{ id key name description transferable }}
    leadBefore {FUNCTION} leadAfter {FUNCTION} owner {PERSON} changes reliefHours message expires
    effects {{ person {PERSON} hoursBefore hoursAfter capacityHours utilisationBefore utilisationAfter
      verdictBefore verdictAfter }} }} }} }} }}"""


async def test_advice_is_that_of_the_graph(engine: AsyncEngine) -> None:
    desk = await an_advised_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    async with client_of(application(Remit(desk, (), PostgresLeases(engine), engine), auth="off")) as client:
        for asked, count in (({}, 2), ({"under": "checkout"}, 2), ({"person": "pat"}, 0)):
            await _is_told_alike(client, asked, count)
        assert (await client.get("/v1/advice", params={"person": "nobody"})).status_code == 404


async def _is_told_alike(client: httpx.AsyncClient, asked: dict[str, Any], count: int) -> None:
    answer = await client.get("/v1/advice", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json() == (await ask(client, ADVICE, **asked))["advice"]
    assert answer.json()["totalCount"] == count
