"""Alive, and ready or not with the reason."""

from dataclasses import replace

import httpx
from inline_snapshot import snapshot
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.entrypoints.api import application
from remit.entrypoints.wiring import Remit
from remit.storage.engine import connect
from support.asking_http import client_of


async def test_a_process_that_answers_is_alive(open_api: httpx.AsyncClient) -> None:
    answer = await open_api.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_ready_tells_the_checks_and_how_the_sources_are(open_api: httpx.AsyncClient) -> None:
    answer = await open_api.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == snapshot(
        {
            "status": "ready",
            "checks": {"database": "ok"},
            "sources": [
                {
                    "name": "jira",
                    "kind": "jira",
                    "enabled": True,
                    "lastSuccessAt": "2026-11-23T12:00:00Z",
                    "lagSeconds": 0,
                    "trouble": None,
                    "state": "in order",
                    "failures": 0,
                    "retryAt": None,
                }
            ],
        }
    )


async def test_a_database_without_the_schema_is_not_ready(open_api: httpx.AsyncClient, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM alembic_version"))
    answer = await open_api.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["checks"]["database"].endswith("run `remit migrate`")


async def test_a_database_that_is_gone_is_alive_but_not_ready(parts: Remit) -> None:
    nowhere = replace(parts, engine=connect("postgresql://remit:secret@127.0.0.1:1/nowhere"))
    async with client_of(application(nowhere, auth="token")) as client:
        alive, ready = await client.get("/livez"), await client.get("/readyz")
        asked = await client.get("/v1/areas/shop/ownership", headers={"authorization": "Bearer remit_x"})
    assert (alive.status_code, ready.status_code, asked.status_code) == (200, 503, 503)
    assert asked.headers["content-type"] == "application/problem+json"
    assert "secret" not in ready.text + asked.text
