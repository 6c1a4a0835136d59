"""The HTTP application: GraphQL, REST, deliveries of sources and health on one port."""

from contextlib import AbstractAsyncContextManager
from functools import cache

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from remit import __version__
from remit.entrypoints.auth import admission, guard, require_safe_bind
from remit.entrypoints.metrics import CountedRequests
from remit.entrypoints.wiring import Remit
from remit.rest import problems
from remit.rest.advice import advice_routes
from remit.rest.days import day_routes
from remit.rest.drift import drift_routes
from remit.rest.feedback import feedback_routes
from remit.rest.gaps import gap_routes
from remit.rest.health import health_routes
from remit.rest.history import history_routes
from remit.rest.load import load_routes
from remit.rest.metrics import metrics_routes
from remit.rest.model import model_routes
from remit.rest.ownership import ownership_routes
from remit.rest.records import record_routes
from remit.rest.strict import only_known_parameters
from remit.rest.totals import total_routes
from remit.serving import Served, serving
from remit.storage.inbox import PostgresInbox
from remit.storage.migrate import require_current
from remit.storage.outbox import PostgresOutbox
from remit.usecases.follow_changes import Feed
from remit.usecases.follow_loads import LoadFeed
from remit_graphql.router import graphql_router
from remit_integrations.webhooks import webhook_routes

BEARER = HTTPBearer(auto_error=False, description="An API token; `remit token create` makes one.")
"""Only describes in /openapi.json what the guard asks for."""


def application(remit: Remit, *, auth: str, explorer: bool = False) -> FastAPI:
    """An application over parts that are already connected; asks for tokens unless `auth` is `off`."""
    app = FastAPI(
        title="Remit",
        version=__version__,
        summary="Who is responsible for what, and why.",
        docs_url=None,  # both pages load their code from a public network; /openapi.json is enough for tools
        redoc_url=None,
    )
    app.add_middleware(CountedRequests, metrics=lambda: remit.metrics)
    problems.install(app)
    feed = cache(lambda: Feed(PostgresOutbox(remit.engine)))
    load_feed = cache(lambda: LoadFeed(remit.desk))
    guarded = [Depends(guard(auth, lambda: remit.engine)), *([Depends(BEARER)] if auth != "off" else [])]
    strict = [*guarded, Depends(only_known_parameters)]
    app.include_router(ownership_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(gap_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(load_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(total_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(record_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(feedback_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(day_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(drift_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(advice_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(history_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(model_routes(lambda: remit.desk), dependencies=strict)
    app.include_router(
        graphql_router(
            lambda: remit.desk,
            dependencies=guarded,
            explorer=explorer,
            feed=feed,
            load_feed=load_feed,
            admit=admission(auth, lambda: remit.engine),
        )
    )
    app.include_router(webhook_routes(lambda: remit.sources, lambda: PostgresInbox(remit.engine)))
    _tell_of_itself(app, remit)
    return app


def standing(remit: Remit) -> FastAPI:
    """What a worker answers: that it lives, whether it can work, and its numbers. Nobody is asked for a token."""
    app = FastAPI(title="Remit's worker", version=__version__, docs_url=None, redoc_url=None)
    problems.install(app)
    _tell_of_itself(app, remit)
    return app


def _tell_of_itself(app: FastAPI, remit: Remit) -> None:
    app.include_router(metrics_routes(lambda: remit.desk, lambda reports: remit.metrics.rendered(reports)))
    app.include_router(health_routes(lambda: remit.desk, {"database": lambda: require_current(remit.engine)}))


def listening(app: FastAPI, host: str, port: int, auth: str) -> AbstractAsyncContextManager[Served]:
    """Serve on an address until the block ends; raises Invalid for one that is not safe or cannot be had."""
    require_safe_bind(auth, host)
    return serving(app, host, port)
