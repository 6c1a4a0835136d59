"""The schema, built once per process."""

from datetime import datetime
from functools import cache

import strawberry
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from remit_graphql.kit.limits import MOST_TOKENS, CostRule
from remit_graphql.kit.scalars import DATE_TIME
from remit_graphql.ownership import INHERITANCE
from remit_graphql.people import Team
from remit_graphql.query import Query


class _Schema(strawberry.Schema):
    """Errors are told by the router, so that strawberry's own log of each is not needed."""

    def process_errors(self, errors: object, execution_context: object = None) -> None:
        return


@cache
def schema() -> strawberry.Schema:
    return _Schema(
        query=Query,
        types=[Team, INHERITANCE],
        config=StrawberryConfig(scalar_map={datetime: DATE_TIME}),
        extensions=[
            lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
            ParserCache,
            lambda: AddValidationRules([CostRule]),
            ValidationCache,
        ],
    )
