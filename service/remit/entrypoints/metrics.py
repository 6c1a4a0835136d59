"""Numbers for Prometheus: requests, what the log tells, kept answers, and how the sources stand when asked.

No label holds what somebody outside sent: routes are templates, events and codes are closed lists, sources are those
configured.
"""

import re
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from remit.domain.answers import Ownership
from remit.ports import CellKey, KeptAnswers
from remit.usecases.ask_sources import SourceReport

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """One process's numbers; those of the sources are the same whichever process is asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "remit_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.durations = Histogram(
            "remit_http_request_duration_seconds",
            "From the request to the last byte of the answer.",
            ("route",),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.events = Counter("remit_log_events", "Log events.", ("event", "level"), registry=self.registry)
        self.runs = Counter(
            "remit_sync_runs", "Synchronisations that ended here.", ("source", "outcome"), registry=self.registry
        )
        self.records = Counter(
            "remit_sync_records", "Records synchronised here.", ("source", "what"), registry=self.registry
        )
        self.deliveries = Counter(
            "remit_inbox_deliveries", "Deliveries that came in here.", ("what",), registry=self.registry
        )
        self.lookups = Counter("remit_cache_lookups", "Kept answers asked for.", ("result",), registry=self.registry)
        self.lag = self._of_sources("lag_seconds", "Since the last complete synchronisation.")
        self.failures = self._of_sources("failures", "Runs that ended badly since the last that ended well.")
        self.retry = self._of_sources("left_alone", "1 while no worker asks it, after trouble or at its own wish.")
        self.held = self._of_sources("records", "Records mirrored.")
        self.parked = self._of_sources("parked", "Records and deliveries that wait for a person.")
        self.waiting = self._of_sources("waiting_deliveries", "Deliveries still to be applied.")

    def _of_sources(self, name: str, told: str) -> Gauge:
        return Gauge(f"remit_source_{name}", told, ("source",), registry=self.registry)

    def note(self, logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A processor of the log: counts every event, and what some of them tell."""
        self.events.labels(event["event"], method).inc()
        match event:
            case {"event": "sync.done", "source": source}:
                self.runs.labels(source, "done").inc()
                for what in ("seen", "changed", "parked", "gone"):
                    self.records.labels(source, what).inc(event[what])
            case {"event": "sync.failed", "source": source, "code": code}:
                self.runs.labels(source, code).inc()
            case {"event": "inbox.received", "deliveries": deliveries, "repeated": repeated}:
                self.deliveries.labels("received").inc(deliveries)
                self.deliveries.labels("repeated").inc(repeated)
            case {"event": "inbox.refused"}:
                self.deliveries.labels("refused").inc()
        return event

    def rendered(self, reports: Sequence[SourceReport]) -> bytes:
        """The whole in Prometheus' text format, with how the sources stand now."""
        for gauge in (self.lag, self.failures, self.retry, self.held, self.parked, self.waiting):
            gauge.clear()  # a source that is no longer there has no number
        for report in reports:
            name, age = report.age.name, report.age
            if age.lag_s is not None:
                self.lag.labels(name).set(age.lag_s)
            self.failures.labels(name).set(age.failures)
            self.retry.labels(name).set(age.retry_at is not None)
            self.held.labels(name).set(report.records)
            self.parked.labels(name).set(report.parked)
            self.waiting.labels(name).set(report.waiting)
        return generate_latest(self.registry)


@cache
def _template(path: str) -> str:
    """A route's path as its description has it, without the kinds of its parameters."""
    return re.sub(r":\w+}", "}", path)


class CountedAnswers:
    """Kept answers, with how many of those asked for were there."""

    def __init__(self, kept: KeptAnswers, metrics: Metrics) -> None:
        self._kept = kept
        self._hits, self._misses = metrics.lookups.labels("hit"), metrics.lookups.labels("miss")

    async def get(self, keys: Sequence[CellKey]) -> Mapping[CellKey, tuple[Ownership, ...]]:
        found = await self._kept.get(keys)
        self._hits.inc(len(found))
        self._misses.inc(len(keys) - len(found))
        return found

    async def put(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        await self._kept.put(answers)


class CountedRequests:
    """Counts the requests that an application answers, by the template of their route, and how long they take."""

    def __init__(self, app: ASGIApp, metrics: Callable[[], Metrics]) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500  # what an error that nobody foresaw is answered with further out

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = _template(getattr(scope.get("route"), "path", "none"))
            method = scope["method"] if scope["method"] in METHODS else "other"
            metrics = self._metrics()
            metrics.requests.labels(method, route, str(status)).inc()
            metrics.durations.labels(route).observe(time.perf_counter() - begun)
