"""`GET /metrics`: what is counted, under which labels, and what never is one."""

from dataclasses import replace

import httpx
import structlog
from prometheus_client.parser import text_string_to_metric_families

from remit.cache.memory import MemoryAnswers
from remit.domain.answers import Outcome, Ownership
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.entrypoints.api import application
from remit.entrypoints.metrics import CountedAnswers, Metrics
from remit.entrypoints.telemetry import noting
from remit.entrypoints.wiring import Remit
from remit.ports import CellKey
from remit.storage.engine import connect
from remit.storage.mirror import PostgresMirror
from support.asking_http import client_of
from support.desks import JIRA, NOW

Samples = dict[tuple[str, tuple[str, ...]], float]


async def samples(client: httpx.AsyncClient) -> Samples:
    """Every number by name and the values of its labels, in the order of the labels' names."""
    answer = await client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    return read(answer.text)


def read(text: str) -> Samples:
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(one.labels.values())): one.value for family in families for one in family.samples}


def of(name: str, told: Samples) -> dict[tuple[str, ...], float]:
    return {labels: value for (known, labels), value in told.items() if known == name}


async def test_nobody_is_asked_for_a_token(guarded_api: httpx.AsyncClient) -> None:
    assert await samples(guarded_api) != {}


async def test_requests_are_counted_by_the_template_of_their_route(open_api: httpx.AsyncClient) -> None:
    for path in ("/v1/areas/shop/ownership", "/v1/areas/checkout/ownership", "/v1/areas/none/ownership", "/no/such"):
        await open_api.get(path)
    await open_api.post("/graphql", json={"query": "{ sources { name } }"})
    await open_api.request("BREW", "/livez")
    told = await samples(open_api)
    assert of("remit_http_requests_total", told) == {
        ("GET", "/v1/areas/{key}/ownership", "200"): 3,
        ("GET", "none", "404"): 1,
        ("POST", "/graphql", "200"): 1,
        ("other", "/livez", "405"): 1,
    }
    assert of("remit_http_request_duration_seconds_count", told)["/v1/areas/{key}/ownership",] == 3


async def test_the_sources_stand_as_they_do_when_asked(open_api: httpx.AsyncClient, parts: Remit) -> None:
    await parts.desk.mirror.attempted(JIRA, NOW, "it is down", failures=2, retry_at=NOW.replace(year=2027))
    told = await samples(open_api)
    assert {name: value for (name, labels), value in told.items() if labels == ("jira",)} == {
        "remit_source_lag_seconds": 0,
        "remit_source_failures": 2,
        "remit_source_left_alone": 1,
        "remit_source_records": 1,
        "remit_source_parked": 0,
        "remit_source_waiting_deliveries": 0,
    }


async def test_without_a_database_the_rest_is_told(parts: Remit) -> None:
    engine = connect("postgresql://remit:secret@127.0.0.1:1/nowhere")
    nowhere = replace(parts, engine=engine, desk=replace(parts.desk, mirror=PostgresMirror(engine)))
    async with client_of(application(nowhere, auth="off")) as client:
        told = await samples(client)
        said = (await client.get("/metrics")).text
    assert of("remit_source_lag_seconds", told) == {}
    assert "secret" not in said


def test_what_the_log_tells_is_counted() -> None:
    metrics, log = Metrics(), structlog.get_logger()
    with noting(metrics.note):
        log.info("sync.done", source="jira", seen=7, changed=3, parked=1, gone=2)
        log.info("sync.done", source="jira", seen=1, changed=0, parked=0, gone=0)
        log.warning("sync.failed", source="jira", code="SOURCE_LIMITED", trouble="slow", wait_s=1.0)
        log.info("inbox.received", deliveries=5, repeated=2)
        log.warning("inbox.refused", source="<told-from-outside>", status=401, reason="no signature")
    log.info("sync.done", source="jira", seen=9, changed=9, parked=9, gone=9)
    text = metrics.rendered([]).decode()
    told = read(text)
    assert of("remit_sync_runs_total", told) == {("done", "jira"): 2, ("SOURCE_LIMITED", "jira"): 1}
    assert of("remit_sync_records_total", told) == {
        ("jira", "seen"): 8, ("jira", "changed"): 3, ("jira", "parked"): 1, ("jira", "gone"): 2,
    }  # fmt: skip
    assert of("remit_inbox_deliveries_total", told) == {("received",): 5, ("repeated",): 2, ("refused",): 1}
    assert of("remit_log_events_total", told) == {
        ("sync.done", "info"): 2,
        ("sync.failed", "warning"): 1,
        ("inbox.received", "info"): 1,
        ("inbox.refused", "warning"): 1,
    }
    assert "told-from-outside" not in text


async def test_kept_answers_are_counted_as_found_or_not() -> None:
    metrics = Metrics()
    kept = CountedAnswers(MemoryAnswers(), metrics)
    one, other = (CellKey(AreaKey(area), "a-digest", "-", 0) for area in ("shop", "other"))
    answers = (Ownership(None, ResponsibilityKey("innovation"), Outcome.UNOWNED),)
    await kept.put({one: answers})
    assert await kept.get([one, other]) == {one: answers}
    assert of("remit_cache_lookups_total", read(metrics.rendered([]).decode())) == {("hit",): 1, ("miss",): 1}
