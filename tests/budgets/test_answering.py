"""How fast questions are answered over HTTP: computed, kept in Redis or the process, and what HTTP alone costs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from importlib.resources import files
from typing import Any

import orjson
import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Receive, Scope, Send

from remit.cache.memory import MemoryAnswers
from remit.cache.redis import RedisAnswers, connect
from remit.entrypoints.api import application
from remit.entrypoints.wiring import Remit, now
from remit.serving import serving
from remit.storage.evidence import PostgresEvidence
from remit.storage.leases import PostgresLeases
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.apply_model import apply
from remit.usecases.desk import Desk
from remit.usecases.shipped import shipped_catalogue
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.sources.jira import jira
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from remit_integrations.sync import synchronise
from support.budgets import Section, median_ms
from support.plain_http import plain_connection, post

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ABOUT = """One connection, one question after another, client and server in one process on loopback: the median of the
time from the request to the last byte. The limit is an ASGI application without a framework that sends the same bytes.
Ratios are times over the limit's. `computed` keeps nothing; `Redis` keeps answers there only; `process` also here."""

ISSUES = """query($keys: [String!]!) { issueOwnerships(issueKeys: $keys, responsibilities: %s) {
  issueKey known area { key } ownership {
    outcome responsibility { key } lead { key } accountable { ... on Person { key name } ... on Team { key name } }
    freshness { dataAsOf lagSeconds } } } }"""
MATRIX = """{ matrix(responsibilities: %s) { areas { key } responsibilities { key } cells {
  outcome lead { key } accountable { ... on Person { key name } ... on Team { key name } } } } }"""
FIFTEEN = [
    "vision_and_strategy", "innovation", "user_empathy", "mvp_development", "market_research", "roadmap_ownership",
    "goal_setting", "data_analytics", "coordination", "lifecycle_management", "documentation", "backlog_management",
    "feedback_analysis", "leadership", "communication",
]  # fmt: skip


def fifty_areas() -> str:
    """The example model with more teams below its product: 50 areas in all."""
    example = (files("remit.data") / "demo-model.yaml").read_text(encoding="utf-8")
    more = "\n".join(f"  - {{key: team-{n}, name: Team {n}, kind: team, parent: alloy}}" for n in range(41))
    return example.replace("rules:\n", f"{more}\nrules:\n")


@asynccontextmanager
async def answering(desk: Desk, engine: AsyncEngine) -> AsyncIterator[str]:
    """The address of the whole application over a desk."""
    app = application(Remit(desk, (), PostgresLeases(engine), engine), auth="off")
    async with serving(app, "127.0.0.1", 0) as served:
        yield served.url


async def filled(engine: AsyncEngine) -> tuple[Desk, list[str]]:
    """A desk with the recorded project in its mirror, and a hundred keys of it."""
    site = Site()
    site.load(records(default_data()))
    desk = Desk(
        shipped_catalogue(),
        PostgresModels(engine),
        PostgresMirror(engine),
        MemoryAnswers(size=0),
        now,
        evidence=PostgresEvidence(engine),
    )
    async with jira_server(site) as server:
        account = JiraSettings(url=server.url, email=site.email, token=SecretStr(site.token))
        await synchronise(desk, jira(account))
    await apply(desk, fifty_areas(), actor="bench", reason="bench")
    return desk, sorted(kept.record["key"] for kept in site.issues.values())[::14][:100]


async def canned_ms(body: bytes, request: bytes) -> float:
    """The limit: the same bytes from an application that does nothing else."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async with serving(app, "127.0.0.1", 0) as served, plain_connection(served.url) as connection:
        return await median_ms(lambda: connection.exchange(request), 200)


async def test_answers_of_a_hundred_issues_and_of_a_matrix(
    engine: AsyncEngine, one_redis_url: str, section: Callable[[str, str], Section]
) -> None:
    redis = connect(one_redis_url)
    desk, keys = await filled(engine)
    one, all_ = '["backlog_management"]', "null"
    questions: dict[str, dict[str, Any]] = {
        "100 issues, 1 responsibility": {"query": ISSUES % one, "variables": {"keys": keys}},
        "100 issues, 17 responsibilities": {"query": ISSUES % all_, "variables": {"keys": keys}},
        "1 issue, 1 responsibility": {"query": ISSUES % one, "variables": {"keys": keys[:1]}},
        "matrix of 50 areas x 15": {"query": MATRIX % orjson.dumps(FIFTEEN).decode()},
    }
    shown = section("2. Answering over GraphQL", ABOUT)
    kept = {
        "computed": MemoryAnswers(size=0),
        "Redis": RedisAnswers(redis),
        "process": MemoryAnswers(RedisAnswers(redis)),
    }
    for name, question in questions.items():
        request = post("/graphql", orjson.dumps(question))
        times_ms: dict[str, float] = {}
        for how, answers in kept.items():
            async with (
                answering(replace(desk, kept=answers), engine) as url,
                plain_connection(url) as connection,
            ):
                body = await connection.exchange(request)
                times_ms[how] = await median_ms(partial(connection.exchange, request), 15)
        assert b'"errors"' not in body, body[:500]
        limit_ms = await canned_ms(body, request)
        for how, taken_ms in times_ms.items():
            shown.add(f"{name}: {how}", f"{taken_ms:.1f} ms", f"{taken_ms / limit_ms:.0f}")
        shown.add(f"{name}: limit", f"{limit_ms:.2f} ms, {len(body):,} bytes", "1")
    await redis.aclose()
