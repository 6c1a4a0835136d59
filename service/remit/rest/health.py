"""Is the process alive, and is it ready to answer? With the reason when it is not."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from remit.domain.errors import RemitError
from remit.rest import shapes
from remit.usecases.ask_sources import source_ages
from remit.usecases.desk import Desk

Check = Callable[[], Awaitable[None]]
"""Raises a RemitError when its part is not ready."""


def health_routes(desk: Callable[[], Desk], checks: Mapping[str, Check]) -> APIRouter:
    """`/livez` and `/readyz`; a source in trouble is told but does not make the service unready: it answers, older."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez", summary="Is the process alive?")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz", summary="Can it answer?")
    async def readyz() -> JSONResponse:
        told: dict[str, Any] = {"status": "ready", "checks": {}, "sources": []}
        for name, check in checks.items():
            try:
                await check()
                told["checks"][name] = "ok"
            except RemitError as trouble:
                told["checks"][name] = trouble.message
                told["status"] = "not ready"
        if told["status"] == "ready":
            told["sources"] = [shapes.source_age(age) for age in await source_ages(desk())]
        return JSONResponse(told, 200 if told["status"] == "ready" else 503)

    return routes
