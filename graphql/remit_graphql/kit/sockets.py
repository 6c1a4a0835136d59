"""Subscriptions over a socket in the protocol `graphql-transport-ws`, and nothing but subscriptions."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, cast

import orjson
from graphql import GraphQLError, GraphQLSyntaxError
from starlette.websockets import WebSocketDisconnect
from strawberry import Schema
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from remit_graphql.kit.context import Context
from remit_graphql.kit.errors import shown

ONLY_SUBSCRIPTIONS = "a socket is for subscriptions; ask questions and make changes over HTTP"
UNREADABLE = "Failed to parse message"


class SocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Refuses messages of another form instead of failing, and gives each subscription a context of its own."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**{**parts, "schema": _Subscriptions(parts["schema"])})

    async def handle_message(self, message: Any) -> None:
        if _is_message(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message(UNREADABLE)


class TextSocket(ASGIWebSocketAdapter):
    """Sends text, as the protocol wants it, where our encoder makes bytes."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except WebSocketDisconnect as gone:
            raise WebSocketDisconnected from gone


class _Subscriptions:
    """The schema as a socket may use it: questions and changes have their requests over HTTP."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    async def stream(self, query: str, *, context_value: Context, **asked: Any) -> AsyncGenerator[Any, None]:
        source = await self._schema.stream(
            query,
            context_value=context_value.anew(),
            allowed_operation_types=(OperationType.SUBSCRIPTION,),
            **asked,
        )
        return _told(cast("AsyncGenerator[Any, None]", source))


async def _told(source: AsyncGenerator[Any, None]) -> AsyncGenerator[Any, None]:
    """The same results, their errors in our own words; a mistake in a document ends no more than its subscription."""
    async with aclosing(source):
        try:
            async for result in source:
                if isinstance(result, ExecutionResult) and result.errors:
                    result.errors = [_plain(error) for error in result.errors]
                yield result
        except GraphQLSyntaxError as wrong:  # raised where parsed documents are cached
            yield PreExecutionError(data=None, errors=[_plain(wrong)])


def _plain(error: GraphQLError) -> GraphQLError:
    if isinstance(error.original_error, CannotGetOperationTypeError | InvalidOperationTypeError):
        return GraphQLError(ONLY_SUBSCRIPTIONS, extensions={"code": "BAD_REQUEST"})
    told = shown(error)
    return GraphQLError(told["message"], path=error.path, extensions=told["extensions"])


def _is_message(message: Any) -> bool:
    """Whether it has the form that is relied on further on."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in ("subscribe", "complete"):
        return True
    if not isinstance(message.get("id"), str):
        return False
    return message["type"] == "complete" or _is_request(message.get("payload"))


def _is_request(payload: Any) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
