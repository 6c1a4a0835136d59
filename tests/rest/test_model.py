"""The model over plain HTTP: read by every token, changed only by those that may write, wholly or not at all."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.entrypoints.api import application
from remit.entrypoints.wiring import Remit
from remit.storage import tokens
from remit.storage.leases import PostgresLeases
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_http import client_of
from support.desks import A_MODEL, a_desk

LOOPBACK = {"host": "localhost:8000"}
RENAMED = A_MODEL.replace("name: Shop", "name: Store")
PLAN = ["~ area shop: name Shop -> Store from 2026-11-23T12:00:00Z", "0 to add, 1 to change, 0 to end."]


async def with_token(engine: AsyncEngine, scope: str) -> dict[str, str]:
    return {"authorization": f"Bearer {await tokens.create(engine, f'{scope}-er', scope)}"}


async def put(client: httpx.AsyncClient, text: str | bytes, headers: dict[str, str], **query: str) -> httpx.Response:
    return await client.put("/v1/model", content=text, headers=headers, params=query)


async def state(parts: Remit) -> tuple[object, ...]:
    head = await parts.desk.models.head()
    return head, frozenset(await parts.desk.models.facts(head))


def sentence(answer: httpx.Response) -> tuple[int, str, str]:
    told: dict[str, Any] = answer.json()
    return answer.status_code, told["code"], told["detail"]


async def test_the_model_is_read_as_a_file_with_its_version(
    guarded_api: httpx.AsyncClient, engine: AsyncEngine, parts: Remit
) -> None:
    answer = await guarded_api.get("/v1/model", headers=await with_token(engine, "read"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/yaml")
    assert answer.headers["etag"] == f'"{(await parts.desk.models.head()).digest}"'
    assert answer.text.startswith('version: 1\norganisation: {key: "acme", name: "Acme",')


async def test_what_was_read_changes_nothing_when_it_is_sent_back(open_api: httpx.AsyncClient, parts: Remit) -> None:
    before = await state(parts)
    answer = await put(open_api, (await open_api.get("/v1/model")).text, LOOPBACK)
    assert (answer.json()["changed"], await state(parts)) == (False, before)


async def test_a_file_is_applied_in_the_name_of_the_token(
    guarded_api: httpx.AsyncClient, engine: AsyncEngine, parts: Remit
) -> None:
    answer = await put(guarded_api, RENAMED, await with_token(engine, "write"), reason="a better name")
    head = await parts.desk.models.head()
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{head.digest}"')
    assert answer.json() == {
        "changed": True,
        "dryRun": False,
        "modelVersion": head.digest,
        "plan": PLAN,
        "warnings": [],
    }
    said = [
        fact.recorded.by for fact in await parts.desk.models.facts(head) if "Store" in str(fact.body) and fact.recorded
    ]
    assert said == ["write-er"]


@pytest.mark.parametrize("scope", ["read", "write"])
async def test_a_dry_run_tells_the_plan_to_whoever_may_read_and_changes_nothing(
    guarded_api: httpx.AsyncClient, engine: AsyncEngine, parts: Remit, scope: str
) -> None:
    before = await state(parts)
    answer = await put(guarded_api, RENAMED, await with_token(engine, scope), dry_run="true")
    assert (answer.json()["plan"], answer.json()["dryRun"], await state(parts)) == (PLAN, True, before)


@pytest.mark.parametrize("model", [A_MODEL, RENAMED])
async def test_a_dry_run_tells_the_version_in_force_by_which_the_file_is_applied(
    open_api: httpx.AsyncClient, parts: Remit, model: str
) -> None:
    in_force = (await parts.desk.models.head()).digest
    shown = await put(open_api, model, LOOPBACK, dry_run="true")
    assert (shown.json()["modelVersion"], shown.headers["etag"]) == (in_force, f'"{in_force}"')
    made = await put(open_api, model, LOOPBACK | {"if-match": shown.headers["etag"]})
    assert (made.status_code, made.json()["plan"]) == (200, shown.json()["plan"])


async def test_a_token_that_only_reads_changes_nothing(
    guarded_api: httpx.AsyncClient, engine: AsyncEngine, parts: Remit
) -> None:
    before = await state(parts)
    answer = await put(guarded_api, RENAMED, await with_token(engine, "read"))
    assert sentence(answer) == (
        403,
        "FORBIDDEN",
        "changing the model needs a token of scope write or admin; `remit token create` makes one",
    )
    assert await state(parts) == before


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "localhost", "LOCALHOST:1"])
async def test_without_tokens_this_machine_may_change_the_model(
    open_api: httpx.AsyncClient, parts: Remit, host: str
) -> None:
    assert (await put(open_api, RENAMED, {"host": host})).status_code == 200
    head = await parts.desk.models.head()
    assert {fact.recorded.by for fact in await parts.desk.models.facts(head) if fact.recorded} == {"test", "anonymous"}


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "[::2]", ""])
async def test_without_tokens_a_page_that_calls_us_by_its_own_name_may_not(
    open_api: httpx.AsyncClient, parts: Remit, host: str
) -> None:
    before = await state(parts)
    assert (await put(open_api, RENAMED, {"host": host})).status_code == 403
    assert await state(parts) == before


async def test_every_mistake_is_told_and_nothing_applied(open_api: httpx.AsyncClient, parts: Remit) -> None:
    before = await state(parts)
    wrong = RENAMED.replace("owner: ana", "owner: eve").replace("owner: pat", "owner: bob")
    answer = await put(open_api, wrong, LOOPBACK)
    assert sentence(answer) == (422, "INVALID", "the model file is not right; nothing was applied")
    assert [problem.partition(":")[0] for problem in answer.json()["problems"]] == ["line 11", "line 12"]
    assert await state(parts) == before


PRESENT = ['"{}"', 'W/"{}"', "{}", "*", ' "{}" ', '"another", "{}"', '"{}","another"', '"a,b",W/"c" , "{}",', "a, {}"]
ANOTHER = ['"another"', '"{}x"', '"a", "b"', '"a{},b"', '""', 'W/"another"']


@pytest.mark.parametrize("match", PRESENT)
async def test_a_file_for_the_present_version_is_applied(open_api: httpx.AsyncClient, parts: Remit, match: str) -> None:
    version = (await parts.desk.models.head()).digest
    assert (await put(open_api, RENAMED, LOOPBACK | {"if-match": match.format(version)})).status_code == 200


async def test_versions_in_several_headers_are_one_list(open_api: httpx.AsyncClient, parts: Remit) -> None:
    version = (await parts.desk.models.head()).digest
    headers = [("host", "localhost"), ("if-match", '"another"'), ("if-match", f'"{version}"')]
    answer = await open_api.put("/v1/model", content=RENAMED, headers=headers)
    assert (answer.status_code, answer.json()["changed"]) == (200, True)


@pytest.mark.parametrize("match", ANOTHER)
@pytest.mark.parametrize("dry_run", ["true", "false"])
async def test_a_file_for_another_version_is_stale(
    open_api: httpx.AsyncClient, parts: Remit, dry_run: str, match: str
) -> None:
    before, version = await state(parts), (await parts.desk.models.head()).digest
    answer = await put(open_api, RENAMED, LOOPBACK | {"if-match": match.format(version)}, dry_run=dry_run)
    assert sentence(answer)[:2] == (409, "STALE")
    assert sentence(answer)[2].startswith(f"the model is at version {version}, not ")
    assert await state(parts) == before


@pytest.mark.parametrize("match", ["", ",", '"', '"a', 'a"b"', '"a" "b"', '*, "a"', '"a", *', "w/'a' b"])
async def test_what_is_no_list_of_versions_is_refused(open_api: httpx.AsyncClient, parts: Remit, match: str) -> None:
    before = await state(parts)
    answer = await put(open_api, RENAMED, LOOPBACK | {"if-match": match})
    assert (*sentence(answer)[:2], "is `*`, or a list of ETags" in sentence(answer)[2]) == (422, "INVALID", True)
    assert await state(parts) == before


@pytest.mark.parametrize("match", ["*", '"another"'])
async def test_where_there_is_no_model_none_is_matched(engine: AsyncEngine, match: str) -> None:
    desk = await a_desk(model=None, models=PostgresModels(engine), mirror=PostgresMirror(engine))
    async with client_of(application(Remit(desk, (), PostgresLeases(engine), engine), auth="off")) as client:
        answer = await put(client, A_MODEL, LOOPBACK | {"if-match": match})
        assert sentence(answer) == (
            409, "STALE", "there is no model yet that `If-Match` could name; leave it out to make the first one",
        )  # fmt: skip
        assert (await client.get("/v1/model")).status_code == 404
        assert (await put(client, A_MODEL, LOOPBACK)).status_code == 200


async def test_what_is_no_text_or_too_much_of_it_is_refused(open_api: httpx.AsyncClient, parts: Remit) -> None:
    before = await state(parts)
    assert sentence(await put(open_api, b"\xff\xfe", LOOPBACK)) == (422, "INVALID", "the model file is not UTF-8 text")
    assert (await put(open_api, b"#" * 10_000_001, LOOPBACK)).status_code == 413
    assert await state(parts) == before
