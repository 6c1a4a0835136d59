"""Every key that a model can have is reached over plain HTTP, whatever its characters."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import compile_path

from remit.modelfile.rows import is_text
from remit.rest.history import history_routes
from remit.rest.keys import know_keys
from remit.rest.ownership import ownership_routes
from remit.serving import serving
from support.desks import A_MODEL, a_desk, an_issue
from support.plain_http import PlainConnection, get, plain_connection

KEYS = [
    "p/q", "/p", "p/", "p//q", "/", "x/ownership", "a b", "100%", "%2F", "%", "what?", "a#b", "a&b=c+d", "ümläut",
    "支付", "🙂", "v1.2", ".", "..", "../..", "a\nb", "a\\b", 'say "so"', "a;b", "it's", "~", "x" * 200,
]  # fmt: skip


def a_model() -> str:
    """The usual shop, with an area and a person of every odd key."""
    areas = "".join(f"  - {{key: {_text(key)}, name: Odd, kind: team, parent: shop}}\n" for key in KEYS)
    people = "".join(f"  - {{key: {_text(key)}, name: Odd}}\n" for key in KEYS)
    return A_MODEL.replace("people:\n", f"people:\n{people}").replace("areas:\n", f"areas:\n{areas}")


def _text(key: str) -> str:
    return orjson.dumps(key).decode()


def encoded(key: str) -> str:
    """As one part of a path; dots too, since many clients resolve them before they ask."""
    return quote(key, safe="").replace(".", "%2E")


@pytest.fixture
async def server() -> AsyncIterator[PlainConnection]:
    """Over a socket: what a server makes of a path is part of the question."""
    desk = await a_desk(model=a_model(), items=[an_issue(f"SHOP-{key}") for key in KEYS])
    app = FastAPI()
    for routes in (ownership_routes, history_routes):
        app.include_router(routes(lambda: desk))
    async with serving(app, "127.0.0.1", 0) as served, plain_connection(served.url) as connection:
        yield connection


async def told(server: PlainConnection, path: str) -> Any:
    return orjson.loads(await server.exchange(get(path)))


async def test_an_area_of_any_key_has_its_owners(server: PlainConnection) -> None:
    paths = {key: f"/v1/areas/{encoded(key)}/ownership?responsibility=innovation" for key in KEYS}
    assert {key: (await told(server, path))["area"]["key"] for key, path in paths.items()} == {key: key for key in KEYS}


async def test_an_issue_of_any_key_has_its_area(server: PlainConnection) -> None:
    keys = [f"SHOP-{key}" for key in KEYS]
    answers = {key: await told(server, f"/v1/issues/{encoded(key)}/ownership") for key in keys}
    assert {key: (one["issueKey"], one["area"]["key"]) for key, one in answers.items()} == {
        key: (key, "shop") for key in keys
    }


@pytest.mark.parametrize("kind", ["area", "person"])
async def test_an_area_and_a_person_of_any_key_have_a_history(server: PlainConnection, kind: str) -> None:
    pages = {key: await told(server, f"/v1/history/{kind}/{encoded(key)}") for key in KEYS}
    assert {key: [edge["node"]["key"] for edge in page["edges"]] for key, page in pages.items()} == {
        key: [key] for key in KEYS
    }


@given(st.text(min_size=1, max_size=200).filter(is_text))
def test_a_path_is_read_for_whatever_can_be_a_key(key: str) -> None:
    know_keys()
    for path in ("/v1/areas/{}/ownership", "/v1/issues/{}/ownership", "/v1/history/area/{}"):
        found = compile_path(path.format("{key:key}"))[0].match(path.format(key))
        assert found is not None
        assert found["key"] == key
