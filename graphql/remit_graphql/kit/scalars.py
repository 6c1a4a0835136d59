"""Instants in the graph: RFC 3339, always with an offset."""

from datetime import UTC, datetime

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from remit.domain.intervals import instant_text


def _parsed(told: object) -> datetime:
    try:
        instant = datetime.fromisoformat(told) if isinstance(told, str) else None
        if instant is not None and instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise GraphQLError(f"{_short(told)} is no instant; write for example 2026-11-23T12:00:00Z") from wrong
    raise GraphQLError(f"{_short(told)} is no instant with an offset; write for example 2026-11-23T12:00:00Z")


def _short(told: object) -> str:
    return repr(told)[:60]


DATE_TIME: ScalarDefinition = strawberry.scalar(
    name="DateTime",
    description="RFC 3339, always with an offset",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=instant_text,
    parse_value=_parsed,
)
