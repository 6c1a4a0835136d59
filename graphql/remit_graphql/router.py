"""GraphQL over HTTP: one path, strict bodies, cached documents."""

from collections.abc import Callable, Sequence

import orjson
from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult

from remit.usecases.desk import Desk
from remit_graphql.kit.context import Context
from remit_graphql.kit.documents import readable
from remit_graphql.kit.errors import shown
from remit_graphql.schema import schema


class Router(GraphQLRouter[Context, None]):
    """Serialises with orjson and tells errors in our own words."""

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    async def process_result(
        self, request: Request, result: ExecutionResult, strict: bool = False
    ) -> GraphQLHTTPResponse:
        told: GraphQLHTTPResponse = {"data": result.data}
        if result.errors:
            told["errors"] = [shown(error) for error in result.errors]
        return told


def graphql_router(
    desk: Callable[[], Desk], *, dependencies: Sequence[Dependency] = (), explorer: bool = False
) -> Router:
    """Serves `/graphql`; `explorer` shows GraphiQL to browsers (it loads its code from a public network)."""

    def context() -> Context:
        return Context(desk())

    return Router(
        schema(),
        path="/graphql",
        graphql_ide="graphiql" if explorer else None,
        context_getter=context,
        dependencies=[*dependencies, Depends(readable)],
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
    )
