"""GraphQL over HTTP: methods, media types, status codes, and bodies that are none."""

import httpx
import pytest

from remit_graphql.kit.documents import wished
from support.asking_http import asking
from support.desks import a_desk

GRAPHQL_JSON = "application/graphql-response+json"
TYPENAME = {"data": {"__typename": "Query"}}


async def test_a_query_may_come_by_get_and_by_post(graph: httpx.AsyncClient) -> None:
    asked = "query($key: String!) { area(key: $key) { key } }"
    by_get = await graph.get("/graphql", params={"query": asked, "variables": '{"key": "shop"}'})
    by_post = await graph.post("/graphql", json={"query": asked, "variables": {"key": "shop"}})
    assert (by_get.status_code, by_get.json()) == (200, {"data": {"area": {"key": "shop"}}})
    assert (by_post.status_code, by_post.json()) == (200, {"data": {"area": {"key": "shop"}}})


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html", "application/json"),
        ("application/json", "application/json"),
        ("text/event-stream, application/json", "application/json"),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8, application/json; q=0.9", GRAPHQL_JSON),
        (f"application/json, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.5, application/json", "application/json"),
        (f"{GRAPHQL_JSON};q=0", "application/json"),
        (f"{GRAPHQL_JSON};q=much", "application/json"),
    ],
)
def test_the_answer_has_the_media_type_the_client_prefers(accept: str, type_: str) -> None:
    assert wished(accept) == type_


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "{"},
        {"query": "{ nothing }"},
        {"query": "query($at: DateTime) { ownership(area: \"a\", responsibility: \"b\", asOf: $at) { outcome } }", "variables": {"at": 1}},  # noqa: E501
        {"query": "mutation { x }"},
    ],
    ids=["syntax", "validation", "variables", "operation"],
)  # fmt: skip
async def test_what_fails_before_execution_is_400_and_has_no_data(graph: httpx.AsyncClient, asked: object) -> None:
    modern = await graph.post("/graphql", json=asked, headers={"accept": GRAPHQL_JSON})
    legacy = await graph.post("/graphql", json=asked, headers={"accept": "application/json"})
    assert (modern.status_code, modern.headers["content-type"]) == (400, GRAPHQL_JSON)
    assert (legacy.status_code, legacy.headers["content-type"]) == (200, "application/json")
    assert modern.json() == legacy.json()
    assert set(modern.json()) == {"errors"}
    assert modern.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_what_fails_in_execution_is_200_with_data(graph: httpx.AsyncClient) -> None:
    asked = {"query": '{ shop: area(key: "shop") { key } person { key } }'}
    answer = await graph.post("/graphql", json=asked, headers={"accept": GRAPHQL_JSON})
    assert (answer.status_code, answer.json()["data"]) == (200, {"shop": {"key": "shop"}, "person": None})
    (error,) = answer.json()["errors"]
    assert (error["path"], error["extensions"]) == (["person"], {"code": "INVALID"})


async def test_one_of_several_operations_is_named(graph: httpx.AsyncClient) -> None:
    document = "query A { a: __typename } query B { b: __typename }"
    unclear = await graph.post("/graphql", json={"query": document}, headers={"accept": GRAPHQL_JSON})
    named = await graph.post("/graphql", json={"query": document, "operationName": "B"})
    assert unclear.status_code == 400
    assert [error["message"] for error in unclear.json()["errors"]] == [
        "the document has several operations; name one as `operationName`"
    ]
    assert named.json() == {"data": {"b": "Query"}}


async def test_a_mutation_by_get_is_not_allowed(graph: httpx.AsyncClient) -> None:
    answer = await graph.get("/graphql", params={"query": "mutation { x }"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "the body is no JSON"),
        (b"null", 'the body must be a JSON object with a "query"'),
        (b'"{ __typename }"', 'the body must be a JSON object with a "query"'),
        (b'[{"query": "{ __typename }"}]', 'the body must be a JSON object with a "query"'),
        (b"{}", 'the body must be a JSON object with a "query"'),
        (b'{"query": null}', 'the body must be a JSON object with a "query"'),
        (b'{"query": ""}', "No GraphQL query found in the request"),
        (b'{"query": "{ __typename }", "variables": []}', '"variables" must be an object'),
        (b'{"query": "{ __typename }", "variables": "x"}', '"variables" must be an object'),
        (b'{"query": "{ __typename }", "extensions": 1}', '"extensions" must be an object'),
        (b'{"query": "{ __typename }", "operationName": 1}', '"operationName" must be a string'),
        (b'{"query": "query A { __typename }", "operationName": "B"}', 'Unknown operation named "B".'),
        (b'{"query": "\xff\xfe"}', "the body is no JSON"),
        (b'{"query": "{ __typename }", "variables": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "the body is no JSON"),
        (b'{"query": "{ __typename }", "variables": {"n": ' + b"9" * 100_000 + b"}}", "the body is no JSON"),
    ],
    ids=[
        "empty", "null", "string", "batch", "no query", "null query", "empty query", "list of variables",
        "string of variables", "number of extensions", "number for a name", "unknown operation", "no UTF-8",
        "deep", "long number",
    ],
)  # fmt: skip
async def test_a_body_that_is_no_request_is_a_problem(graph: httpx.AsyncClient, body: bytes, detail: str) -> None:
    answer = await graph.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["detail"].startswith(detail)


async def test_a_body_of_more_than_a_megabyte_is_refused(graph: httpx.AsyncClient) -> None:
    answer = await graph.post("/graphql", json={"query": "{ __typename }" + " " * 1_000_000})
    assert (answer.status_code, answer.json()["detail"]) == (413, "the body is larger than 1000000 bytes")


@pytest.mark.parametrize(
    "type_", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_a_body_of_another_type_is_refused(graph: httpx.AsyncClient, type_: str) -> None:
    answer = await graph.post("/graphql", content=b'{"query": "{ __typename }"}', headers={"content-type": type_})
    assert (answer.status_code, answer.json()["detail"]) == (415, "send the request as application/json")


@pytest.mark.parametrize("variables", ["[", "1", "[" * 3000, '"x"'])
async def test_variables_in_the_address_that_are_none_are_a_problem(graph: httpx.AsyncClient, variables: str) -> None:
    answer = await graph.get("/graphql", params={"query": "{ __typename }", "variables": variables})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_the_explorer_is_shown_only_when_it_is_switched_on(graph: httpx.AsyncClient) -> None:
    browser = {"accept": "text/html,*/*"}
    off = await graph.get("/graphql", headers=browser)
    assert (off.status_code, off.headers["content-type"]) == (400, "application/problem+json")
    async with asking(await a_desk(), explorer=True) as client:
        on = await client.get("/graphql", headers=browser)
        still_asked = await client.get("/graphql", params={"query": "{ __typename }"}, headers=browser)
    assert (on.status_code, on.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert still_asked.json() == TYPENAME


async def test_there_is_no_socket_to_subscribe_on(graph: httpx.AsyncClient) -> None:
    sent: list[object] = []
    scope = {
        "type": "websocket", "path": "/graphql", "headers": [], "query_string": b"", "root_path": "", "scheme": "ws",
        "subprotocols": ["graphql-transport-ws", "graphql-ws"],
    }  # fmt: skip
    transport = graph._transport
    assert isinstance(transport, httpx.ASGITransport)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: object) -> None:
        sent.append(message)

    await transport.app(scope, receive, send)  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1000, "reason": ""}]
