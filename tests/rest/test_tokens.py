"""Who may ask: with a token that opens, or nobody is asked."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Invalid
from remit.entrypoints.auth import require_safe_bind
from remit.entrypoints.wiring import Remit
from remit.storage import tokens
from support.counting import count_statements

PATHS = ("/v1/issues/SHOP-1/ownership", "/v1/areas/shop/ownership", "/graphql?query={__typename}")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic cmVtaXQ6eA==", "remit_x"])
async def test_without_a_token_nothing_is_told(guarded_api: httpx.AsyncClient, path: str, header: str | None) -> None:
    answer = await guarded_api.get(path, headers={} if header is None else {"authorization": header})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["detail"] == "send a token as `Authorization: Bearer ...`; `remit token create` makes one"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["remit_wrong", "x" * 10_000, "'--"])
async def test_a_token_that_was_never_made_does_not_open(guarded_api: httpx.AsyncClient, path: str, token: str) -> None:
    answer = await guarded_api.get(path, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert token not in answer.text


@pytest.mark.parametrize("scope", ["read", "write", "admin"])
async def test_a_token_opens_until_it_is_revoked(
    guarded_api: httpx.AsyncClient, engine: AsyncEngine, scope: str
) -> None:
    token = await tokens.create(engine, "ci", scope)
    with_token = {"authorization": f"bearer {token}"}
    assert [(await guarded_api.get(path, headers=with_token)).status_code for path in PATHS] == [200, 200, 200]
    await tokens.revoke(engine, "ci")
    assert [(await guarded_api.get(path, headers=with_token)).status_code for path in PATHS] == [401, 401, 401]


async def test_a_token_costs_one_statement(
    guarded_api: httpx.AsyncClient, open_api: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    with_token = {"authorization": f"Bearer {await tokens.create(engine, 'ci', 'read')}"}
    for path in PATHS:
        await open_api.get(path)
        with count_statements(engine) as without:
            await open_api.get(path)
        with count_statements(engine) as with_one:
            await guarded_api.get(path, headers=with_token)
        assert len(with_one) == len(without) + 1


@pytest.mark.parametrize(("scope", "told"), [("read", ["FORBIDDEN"]), ("write", []), ("admin", [])])
async def test_a_mutation_takes_a_token_that_may_write_and_is_recorded_under_its_name(
    guarded_api: httpx.AsyncClient, parts: Remit, engine: AsyncEngine, scope: str, told: list[str]
) -> None:
    with_token = {"authorization": f"Bearer {await tokens.create(engine, 'ci', scope)}"}
    document = 'mutation { setPerson(input: {key: "eve", name: "Eve"}) { errors { code } } }'
    answer = await guarded_api.post("/graphql", json={"query": document}, headers=with_token)
    assert [error["code"] for error in answer.json()["data"]["setPerson"]["errors"]] == told
    facts = await parts.desk.models.facts(await parts.desk.models.head())
    by = [fact.recorded.by for fact in facts if fact.key == "eve" and fact.recorded]
    assert by == ([] if told else ["ci"])


async def test_health_and_the_description_need_no_token(guarded_api: httpx.AsyncClient) -> None:
    for path in ("/livez", "/readyz", "/openapi.json"):
        assert (await guarded_api.get(path)).status_code == 200


async def test_the_description_says_which_routes_ask_for_a_token(
    guarded_api: httpx.AsyncClient, open_api: httpx.AsyncClient
) -> None:
    def asking(told: Any) -> set[str]:
        return {path for path, methods in told["paths"].items() if any("security" in one for one in methods.values())}

    guarded = {"/v1/issues/{key}/ownership", "/v1/areas/{key}/ownership", "/v1/history/{kind}/{key}", "/v1/model"}
    guarded |= {"/graphql", "/v1/gaps", "/v1/coverage", "/v1/selectors/lint"}
    guarded |= {"/v1/people/{key}/load/history", "/v1/areas/{key}/signals/history"}
    guarded |= {"/v1/people/{key}/load", "/v1/areas/{key}/signals", "/v1/drift", "/v1/advice"}
    guarded |= {f"/v1/{party}/{{key}}/signals" for party in ("people", "teams", "functions")}
    guarded |= {"/v1/teams/{key}/load", "/v1/functions/{key}/load"}
    guarded |= {"/v1/areas/{key}/signals/{name}/records", "/v1/feedback"}
    guarded |= {f"/v1/advice/{path}" for path in ("dismissed", "{id}/accept", "{id}/dismiss", "{id}/restore")}
    assert asking((await guarded_api.get("/openapi.json")).json()) == guarded
    assert asking((await open_api.get("/openapi.json")).json()) == set()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_without_tokens_a_loopback_address_will_do(host: str) -> None:
    require_safe_bind("off", host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "localhost.example.com", "", "127.0.0.1.nip.io"]
)
def test_without_tokens_an_address_others_reach_is_refused(host: str) -> None:
    with pytest.raises(Invalid, match="REMIT_AUTH=off answers anybody"):
        require_safe_bind("off", host)
    require_safe_bind("token", host)
