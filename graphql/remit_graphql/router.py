"""GraphQL over HTTP: one path, strict bodies, cached documents."""

from collections.abc import Callable, Sequence
from typing import Any

import cross_web
import orjson
from fastapi import Depends, HTTPException, Request, Response
from fastapi.params import Depends as Dependency
from fastapi.routing import APIWebSocketRoute
from starlette.requests import HTTPConnection
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult

from remit.domain.viewer import STRANGER
from remit.usecases.desk import Desk
from remit_graphql.kit.context import Context
from remit_graphql.kit.documents import GRAPHQL_JSON, readable, wished
from remit_graphql.kit.errors import shown
from remit_graphql.schema import schema


class Router(GraphQLRouter[Context, None]):
    """Serialises with orjson, tells errors in our own words, and speaks GraphQL's own media type where it is wished."""

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


def graphql_router(
    desk: Callable[[], Desk], *, dependencies: Sequence[Dependency] = (), explorer: bool = False
) -> Router:
    """Serves `/graphql`; `explorer` shows GraphiQL to browsers (it loads its code from a public network)."""

    async def context(connection: HTTPConnection) -> Context:  # not a plain function, which would be run in a thread
        return Context(desk(), getattr(connection.state, "viewer", STRANGER))

    router = Router(
        schema(),
        path="/graphql",
        graphql_ide="graphiql" if explorer else None,
        context_getter=context,
        dependencies=[*dependencies, Depends(readable)],
    )
    # There is nothing to subscribe to yet, so nothing listens for sockets: the handshake is refused.
    router.routes[:] = [route for route in router.routes if not isinstance(route, APIWebSocketRoute)]
    return router
