"""Instants in the graph: RFC 3339, always with an offset."""

from datetime import datetime

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from remit.domain.intervals import NoOffset, instant_of, instant_text


def _parsed(told: object) -> datetime:
    try:
        return instant_of(told if isinstance(told, str) else "")
    except NoOffset:
        wanted = "instant with an offset"
    except ValueError:
        wanted = "instant"
    raise GraphQLError(f"{repr(told)[:60]} is no {wanted}; write for example 2026-11-23T12:00:00Z")


DATE_TIME: ScalarDefinition = strawberry.scalar(
    name="DateTime",
    description="RFC 3339, always with an offset",
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=instant_text,
    parse_value=_parsed,
)
