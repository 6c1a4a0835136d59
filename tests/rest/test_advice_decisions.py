"""What is said of advice over plain HTTP: once, by whoever may write, and refused as a problem that says what to do."""

from collections.abc import AsyncIterator
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
from remit.usecases.desk import Desk
from support.advised import an_advised_desk
from support.asking_http import ask, client_of

LATER = "2026-12-24T00:00:00Z"
PERSON, FUNCTION = "{ __typename key name }", "{ id key name }"
DISMISSED = f"""{{ dismissedAdvice {{ totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  edges {{ cursor node {{ id area {{ id key name kind stage }} responsibility {{ id key name description transferable }}
    leadAfter {FUNCTION} owner {PERSON} until reason actor }} }} }} }}"""


@pytest.fixture
async def desk(engine: AsyncEngine) -> Desk:
    return await an_advised_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))


@pytest.fixture
async def api(desk: Desk, engine: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    """Comes with a token that may write."""
    async with client_of(application(Remit(desk, (), PostgresLeases(engine), engine), auth="token")) as client:
        client.headers["authorization"] = f"Bearer {await tokens.create(engine, 'writer', 'write')}"
        yield client


async def ids(api: httpx.AsyncClient) -> list[str]:
    return [edge["node"]["id"] for edge in (await api.get("/v1/advice")).json()["edges"]]


async def post(api: httpx.AsyncClient, path: str, said: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = await api.post(
        f"/v1/advice/{path}", json=said, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    return answer.status_code, answer.json()


def problem(answer: tuple[int, dict[str, Any]]) -> tuple[int, str, str]:
    return answer[0], answer[1]["code"], answer[1]["detail"]


async def test_a_proposal_is_accepted_in_the_name_of_the_token(api: httpx.AsyncClient, desk: Desk) -> None:
    before, (first, second) = await desk.models.head(), await ids(api)
    _, shown = await post(api, f"{first}/accept?dry_run=true")
    assert (shown["changed"], shown["dryRun"], shown["modelVersion"]) == (False, True, before.digest)
    answer = await api.post(f"/v1/advice/{first}/accept")
    head = await desk.models.head()
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{head.digest}"')
    assert answer.json() == {
        "changed": True,
        "dryRun": False,
        "repeated": False,
        "modelVersion": head.digest,
        "plan": shown["plan"],
        "rows": [
            {"kind": "ASSIGNMENT", "key": "shop/team_meetings/product_operations/pat"},
            {"kind": "RULE", "key": "shop/team_meetings"},
        ],
        "warnings": shown["warnings"],
    }
    assert {fact.recorded.by for fact in await desk.models.facts(head) if fact.recorded} == {"test", "writer"}
    assert second not in await ids(api)  # the model is another, and so is every proposal


async def test_what_is_sent_again_with_the_same_key_is_answered_again(api: httpx.AsyncClient, desk: Desk) -> None:
    first, second = await ids(api)
    until = {"until": LATER, "reason": "Pat is away"}
    dismissed = [await post(api, f"{second}/dismiss", until, idempotency_key="a") for _ in range(2)]
    accepted = [await post(api, f"{first}/accept", idempotency_key="b") for _ in range(2)]
    told = [body.pop("repeated") for _, body in (*dismissed, *accepted)]
    assert (told, dismissed[0], accepted[0]) == ([False, True, False, True], dismissed[1], accepted[1])
    head = await desk.models.head()
    assert problem(await post(api, f"{first}/accept", idempotency_key="a"))[:2] == (409, "CONFLICT")
    assert await desk.models.head() == head


async def test_a_dismissed_move_is_listed_as_in_the_graph_until_it_is_restored(api: httpx.AsyncClient) -> None:
    first, second = await ids(api)
    status, kept = await post(api, f"{first}/dismiss", {"until": "2026-12-24T01:00:00+01:00", "reason": "Pat is away"})
    listed = (await api.get("/v1/advice/dismissed")).json()
    assert (status, kept.pop("repeated"), listed) == (200, False, (await ask(api, DISMISSED))["dismissedAdvice"])
    assert [edge["node"] for edge in listed["edges"]] == [kept]
    assert (kept["until"], kept["reason"], kept["actor"]) == (LATER, "Pat is away", "writer")
    assert problem(await post(api, f"{first}/accept")) == (
        409, "CONFLICT", f"this move is dismissed until {LATER} by writer; restore it first if it is to be",
    )  # fmt: skip
    assert await post(api, f"{kept['id']}/restore") == (200, {"id": kept["id"], "restored": True})
    assert (await ids(api), (await api.get("/v1/advice/dismissed")).json()["totalCount"]) == ([first, second], 0)
    assert problem(await post(api, f"{kept['id']}/restore"))[:2] == (404, "NOT_FOUND")


async def test_what_cannot_be_accepted_says_why(api: httpx.AsyncClient, desk: Desk) -> None:
    first = (await ids(api))[0]
    await post(api, f"{first}/accept")
    head = await desk.models.head()
    sentence = "product_operations leads team_meetings at shop, with pat accountable, already; nothing is left to do"
    assert problem(await post(api, f"{first}/accept")) == (409, "STALE", sentence)
    assert problem(await post(api, f"{'0' * 24}/accept"))[:2] == (409, "STALE")
    assert problem(await post(api, "none/accept")) == (
        404, "NOT_FOUND", "'none' is no id of a proposal; ask for advice and take the `id` of one that is told",
    )  # fmt: skip
    assert problem(await post(api, f"{first}/accept?dryRun=true"))[1:] == (
        "INVALID", "there is no parameter 'dryRun'; this route takes dry_run",
    )  # fmt: skip
    assert await desk.models.head() == head


WRONG = [
    (None, "body: Field required"),
    ({}, "body.until: Field required"),
    ({"until": 1798070400}, "body.until: Input should be a valid string"),
    ({"until": LATER, "why": "x"}, "body.why: Extra inputs are not permitted"),
    ({"until": "soon"}, "until is no instant; write for example 2026-11-23T12:00:00Z"),
    ({"until": "2026-12-24T00:00:00"}, "until needs an offset; write for example 2026-11-23T12:00:00Z"),
    ({"until": "2020-01-01T00:00:00Z"}, "`until` must be later than now, and have an offset"),
    ({"until": LATER, "reason": "\0"}, "a reason has at most 5000 characters, without NUL"),
]


@pytest.mark.parametrize(("said", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
async def test_a_dismissal_that_says_something_wrong_is_refused(
    api: httpx.AsyncClient, desk: Desk, said: object, sentence: str
) -> None:
    answer = await post(api, f"{(await ids(api))[0]}/dismiss", said)
    assert problem(answer) == (422, "INVALID", sentence)
    assert await desk.models.dismissals.current(desk.clock()) == ()


async def test_a_token_that_only_reads_may_ask_for_a_dry_run_and_changes_nothing(
    api: httpx.AsyncClient, desk: Desk, engine: AsyncEngine
) -> None:
    first, head = (await ids(api))[0], await desk.models.head()
    api.headers["authorization"] = f"Bearer {await tokens.create(engine, 'reader', 'read')}"
    for path, said in (("accept", None), ("dismiss", {"until": LATER}), ("restore", None)):
        assert problem(await post(api, f"{first}/{path}", said))[:2] == (403, "FORBIDDEN")
    status, shown = await post(api, f"{first}/accept?dry_run=true")
    assert (status, shown["changed"], shown["plan"][-1]) == (200, False, "2 to add, 0 to change, 0 to end.")
    assert (await desk.models.head(), await desk.models.dismissals.current(desk.clock())) == (head, ())


@pytest.mark.parametrize(
    ("origin", "status"),
    [(None, 200), ("http://localhost:8000", 200), ("http://localhost:9000", 403), ("https://evil.example", 403),
     ("null", 403)],
)  # fmt: skip
async def test_without_tokens_a_page_from_elsewhere_cannot_send_a_form(
    desk: Desk, engine: AsyncEngine, origin: str | None, status: int
) -> None:
    async with client_of(application(Remit(desk, (), PostgresLeases(engine), engine), auth="off")) as client:
        headers = {"host": "localhost:8000"} | ({"origin": origin} if origin is not None else {})
        answer = await client.post(f"/v1/advice/{(await ids(client))[0]}/accept", headers=headers)
    assert answer.status_code == status
