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
    return Moment(
        instant("asOf", as_of) if as_of is not None else None,
        instant("knownAt", known_at) if known_at is not None else None,
    )


def instant(name: str, told: str, *, in_address: bool = True) -> datetime:
    """In UTC; read here and not by the framework, which also takes numbers and bare dates for instants.

    Raises Invalid for what is no instant, or has no offset (R3).
    """
    try:
        return instant_of(told)
    except NoOffset:
        raise Invalid(f"{name} needs an offset; write for example 2026-11-23T12:00:00Z") from None
    except ValueError:
        hint = ", with + as %2B" if in_address else ""
        raise Invalid(f"{name} is no instant; write for example 2026-11-23T12:00:00Z{hint}") from None
