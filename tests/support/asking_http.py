"""Asks a desk over HTTP in process: `async with asking(desk) as client`, then `await ask(client, "{ ... }")`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import Depends, FastAPI
from starlette.requests import HTTPConnection

from remit.domain.viewer import STRANGER, Viewer
from remit.rest import problems
from remit.rest.ownership import ownership_routes
from remit.usecases.desk import Desk
from remit_graphql.router import graphql_router


@asynccontextmanager
async def asking(desk: Desk, *, explorer: bool = False, viewer: Viewer = STRANGER) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the GraphQL and REST routes over this desk; nobody is asked for a token, all come as this viewer."""

    async def come_as(connection: HTTPConnection) -> None:
        connection.state.viewer = viewer

    app = FastAPI()
    problems.install(app)
    app.include_router(ownership_routes(lambda: desk))
    app.include_router(graphql_router(lambda: desk, dependencies=[Depends(come_as)], explorer=explorer))
    async with client_of(app) as client:
        yield client


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application; what fails inside comes back as the answer a client would get."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://remit.test") as client:
        yield client


async def ask(client: httpx.AsyncClient, document: str, /, **variables: Any) -> Any:
    """The data of an answer that has no errors."""
    told = await told_of(client, document, **variables)
    assert "errors" not in told, told["errors"]
    return told["data"]


async def refusal(client: httpx.AsyncClient, document: str, /, **variables: Any) -> tuple[str, str]:
    """The code and the sentence of the one error of an answer."""
    told = await told_of(client, document, **variables)
    (error,) = told["errors"]
    return error["extensions"]["code"], error["message"]


async def told_of(client: httpx.AsyncClient, document: str, /, **variables: Any) -> Any:
    """The whole answer, errors and all."""
    answer = await client.post("/graphql", json={"query": document, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer.json()
