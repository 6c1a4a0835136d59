"""Every error is a problem of RFC 9457, whoever is at fault; nobody sees the inside of ours."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from remit.domain.errors import Broken, Conflict, Forbidden, Invalid, Limited, NotFound, Problem, Rejected, Stale
from remit.rest import problems
from support.asking_http import client_of


@pytest.mark.parametrize(
    ("method", "path", "status", "title", "code"),
    [
        ("GET", "/nowhere", 404, "Not Found", "NOT_FOUND"),
        ("GET", "/v1/issues//ownership", 404, "Not Found", "NOT_FOUND"),
        ("GET", "/v1/history/area/", 404, "Not Found", "NOT_FOUND"),
        ("GET", "/docs", 404, "Not Found", "NOT_FOUND"),
        ("GET", "/redoc", 404, "Not Found", "NOT_FOUND"),
        ("DELETE", "/v1/issues/SHOP-1/ownership", 405, "Method Not Allowed", "METHOD_NOT_ALLOWED"),
        ("PUT", "/graphql", 405, "Method Not Allowed", "METHOD_NOT_ALLOWED"),
    ],
)
async def test_a_wrong_address_is_a_problem(
    open_api: httpx.AsyncClient, method: str, path: str, status: int, title: str, code: str
) -> None:
    answer = await open_api.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json() == {"type": "about:blank", "title": title, "status": status, "detail": title, "code": code}
    assert ("allow" in answer.headers) == (status == 405)


@pytest.fixture
async def failing() -> AsyncIterator[httpx.AsyncClient]:
    """An application whose `/{name}` raises what is listed under that name."""
    app = FastAPI()
    problems.install(app)

    @app.get("/{name}")
    async def fail(name: str) -> None:
        raise FAILURES[name][0]

    async with client_of(app) as client:
        yield client


FAILURES = {
    "invalid": (Invalid("No.", [Problem("SHAPE", "wrong", "rules[0]", 7)]), 422, "INVALID"),
    "not-found": (NotFound("No."), 404, "NOT_FOUND"),
    "forbidden": (Forbidden("No."), 403, "FORBIDDEN"),
    "conflict": (Conflict("No."), 409, "CONFLICT"),
    "stale": (Stale("No."), 409, "STALE"),
    "limited": (Limited("No.", retry_after_s=30), 503, "SOURCE_LIMITED"),
    "rejected": (Rejected("No."), 502, "SOURCE_REJECTED"),
    "broken": (Broken("The database db.example.com does not answer."), 503, "BROKEN"),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_each_error_has_its_status_and_code(failing: httpx.AsyncClient, name: str) -> None:
    _, status, code = FAILURES[name]
    answer = await failing.get(f"/{name}")
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    detail = "No." if name != "broken" else "Remit cannot answer now; its log and /readyz say why"
    assert (told["status"], told["code"], told["detail"]) == (status, code, detail)
    assert told.get("problems") == (["line 7: rules[0]: wrong [SHAPE]"] if name == "invalid" else None)


async def test_an_unforeseen_error_shows_nothing_of_its_inside(failing: httpx.AsyncClient) -> None:
    answer = await failing.get("/unlisted-name")
    assert answer.status_code == 500
    assert answer.json() == {
        "type": "about:blank", "title": "Internal Server Error", "status": 500, "code": "INTERNAL",
        "detail": "Remit failed to answer; the log says more",
    }  # fmt: skip
