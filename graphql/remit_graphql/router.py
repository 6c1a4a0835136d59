"""GraphQL over HTTP: one path, strict bodies, cached documents."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import cross_web
import orjson
from fastapi import Depends, HTTPException, Request, Response
from fastapi.params import Depends as Dependency
from fastapi.routing import APIWebSocketRoute
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from strawberry.exceptions import ConnectionRejectionError
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult

from remit.domain.viewer import STRANGER, Viewer
from remit.usecases.desk import Desk
from remit.usecases.follow_changes import Feed
from remit.usecases.follow_loads import LoadFeed
from remit_graphql.kit.context import Context, Socket
from remit_graphql.kit.documents import GRAPHQL_JSON, readable, wished
from remit_graphql.kit.errors import shown
from remit_graphql.kit.sockets import SocketHandler, TextSocket
from remit_graphql.schema import schema


class Router(GraphQLRouter[Context, None]):
    """Serialises with orjson, tells errors in our own words, and speaks GraphQL's own media type where it is wished."""

    graphql_transport_ws_handler_class = SocketHandler
    websocket_adapter_class = TextSocket

    async def on_ws_connect(self, context: Context) -> Any:
        if not await context.is_admitted():
            raise ConnectionRejectionError
        return await super().on_ws_connect(context)

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        return bool(self.graphql_ide) and super().should_render_graphql_ide(request)

    async def run(self, request: Any, *arguments: Any, **named: Any) -> Any:
        """Hands what is refused before execution to the handlers of the application."""
        try:
            return await super().run(request, *arguments, **named)
        except cross_web.HTTPException as refused:
            by_kind = isinstance(refused.__cause__, InvalidOperationTypeError) and request.method == "GET"
            status, headers = (405, {"Allow": "POST"}) if by_kind else (refused.status_code, None)
            raise HTTPException(status, refused.reason, headers) from refused

    async def process_result(
        self, request: Request, result: ExecutionResult, strict: bool = False
    ) -> GraphQLHTTPResponse:
        """An answer without `data` was refused before execution; a field that failed has a path."""
        errors = result.errors or []
        told: dict[str, Any] = {}
        if result.data is not None or not errors or any(error.path for error in errors):
            told["data"] = result.data
        if errors:
            told["errors"] = [shown(error) for error in errors]
        return told  # type: ignore[return-value]  # strawberry's type always has `data`, the specification does not

    async def get_sub_response(self, request: Request) -> Response:
        return Response(media_type=wished(request.headers.get("accept", "")))

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        strict = sub_response.media_type == GRAPHQL_JSON
        status = 400 if strict and "data" not in response_data else 200
        return Response(self.encode_json(response_data), status, media_type=sub_response.media_type)


Admit = Callable[[HTTPConnection, object], Awaitable[Viewer | None]]
"""Who opened a socket, by its handshake and the parameters of its first message; None for one that may not."""


def graphql_router(
    desk: Callable[[], Desk],
    *,
    dependencies: Sequence[Dependency] = (),
    explorer: bool = False,
    feed: Callable[[], Feed] | None = None,
    load_feed: Callable[[], LoadFeed] | None = None,
    admit: Admit | None = None,
) -> Router:
    """Serves `/graphql`; `explorer` shows GraphiQL to browsers (it loads its code from a public network).

    With both feeds and `admit` there is a socket for subscriptions on the same path, else its handshake is refused.
    """

    async def context(connection: HTTPConnection) -> Context:  # not a plain function, which would be run in a thread
        return Context(desk(), getattr(connection.state, "viewer", STRANGER))

    router = Router(
        schema(),
        path="/graphql",
        graphql_ide="graphiql" if explorer else None,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        connection_init_wait_timeout=timedelta(seconds=10),
        context_getter=context,
        dependencies=[*dependencies, Depends(readable)],
    )
    # Strawberry's own route for sockets takes the dependencies of requests, which no handshake can meet.
    router.routes[:] = [route for route in router.routes if not isinstance(route, APIWebSocketRoute)]
    if feed is not None and load_feed is not None and admit is not None:

        async def socket(websocket: WebSocket) -> None:
            context = Context(desk(), socket=Socket(feed(), load_feed(), partial(admit, websocket)))
            await router.run(request=websocket, context=context, root_value=None)

        router.routes.append(WebSocketRoute("/graphql", socket))
    return router
