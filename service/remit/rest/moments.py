"""The two times of a question over plain HTTP: `asOf` and `knownAt`."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from remit.domain.errors import Invalid
from remit.domain.intervals import NoOffset, instant_of
from remit.usecases.snapshot import Moment

_INSTANT = {"format": "date-time"}
AsOf = Annotated[
    str | None,
    Query(alias="asOf", description="What was true then: RFC 3339 with an offset.", json_schema_extra=_INSTANT),
]
KnownAt = Annotated[
    str | None, Query(alias="knownAt", description="What was believed then.", json_schema_extra=_INSTANT)
]


def moment_of(as_of: str | None, known_at: str | None) -> Moment:
    """Raises Invalid for what is no instant, or has no offset (R3)."""
    return Moment(_instant("asOf", as_of), _instant("knownAt", known_at))


def _instant(name: str, told: str | None) -> datetime | None:
    """In UTC; read here and not by the framework, which also takes numbers and bare dates for instants."""
    try:
        return instant_of(told) if told is not None else None
    except NoOffset:
        raise Invalid(f"{name} needs an offset; write for example 2026-11-23T12:00:00Z") from None
    except ValueError:
        raise Invalid(f"{name} is no instant; write for example 2026-11-23T12:00:00Z, with + as %2B") from None
