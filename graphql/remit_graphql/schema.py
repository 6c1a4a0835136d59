"""The schema, built once per process."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

import strawberry
from graphql import GraphQLError, OperationDefinitionNode
from graphql import OperationType as GraphQLOperationType
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig

from remit_graphql.advice_changes import Mutation
from remit_graphql.kit.limits import MOST_TOKENS, CostRule
from remit_graphql.kit.plain import read_plainly
from remit_graphql.kit.scalars import DATE_TIME
from remit_graphql.ownership import INHERITANCE
from remit_graphql.people import Team
from remit_graphql.query import Query
from remit_graphql.subscription import Subscription


class NamedOperation(SchemaExtension):
    """Refuses several operations when the request names none of them; strawberry would run the first."""

    def on_validate(self) -> Iterator[None]:
        asked = self.execution_context
        definitions = asked.graphql_document.definitions if asked.graphql_document is not None else ()
        operations = sum(isinstance(one, OperationDefinitionNode) for one in definitions)
        if operations > 1 and asked._provided_operation_name is None:
            unclear = GraphQLError("the document has several operations; name one as `operationName`")
            asked.pre_execution_errors = [*(asked.pre_execution_errors or ()), unclear]
        yield


class SubscriptionsOverSockets(SchemaExtension):
    """Refuses a subscription that came as a request; strawberry would run it as a question."""

    def on_validate(self) -> Iterator[None]:
        asked = self.execution_context
        definitions = asked.graphql_document.definitions if asked.graphql_document is not None else ()
        subscribing = any(
            isinstance(one, OperationDefinitionNode) and one.operation is GraphQLOperationType.SUBSCRIPTION
            for one in definitions
        )
        if subscribing and not asked.context.over_socket:
            wrong = GraphQLError("subscribe over a WebSocket in the protocol graphql-transport-ws, on the same path")
            asked.pre_execution_errors = [*(asked.pre_execution_errors or ()), wrong]
        yield


class _Schema(strawberry.Schema):
    """Errors are told by the router, so that strawberry's own log of each is not needed."""

    def process_errors(self, errors: object, execution_context: object = None) -> None:
        return


@cache
def schema() -> strawberry.Schema:
    built = _Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Team, INHERITANCE],
        config=StrawberryConfig(scalar_map={datetime: DATE_TIME}),
        extensions=[
            lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
            ParserCache,
            lambda: AddValidationRules([CostRule]),
            ValidationCache,
            NamedOperation,
            SubscriptionsOverSockets,
        ],
    )
    read_plainly(built)
    return built
