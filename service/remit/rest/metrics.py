"""`GET /metrics`: the numbers of this process and of the sources, for Prometheus."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from remit.domain.errors import Broken
from remit.usecases.ask_sources import SourceReport, source_reports
from remit.usecases.desk import Desk

Render = Callable[[Sequence[SourceReport]], bytes]
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def metrics_routes(desk: Callable[[], Desk], render: Render) -> APIRouter:
    """Answers also without a database: then what is known of the sources is left out."""
    routes = APIRouter(tags=["health"])

    @routes.get("/metrics", summary="Numbers for Prometheus", response_class=Response)
    async def metrics() -> Response:
        try:
            reports = await source_reports(desk())
        except Broken:
            reports = ()
        return Response(render(reports), media_type=TEXT)

    return routes
