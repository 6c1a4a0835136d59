"""Pages by `startAt`, and the address an answer's links begin with."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from remit_integrations.standins.jira.jql import Unacceptable

Json = dict[str, Any]
LARGEST_PAGE = 100


def paged(request: Request, values: Sequence[Json]) -> Json:
    """The asked part of a list, and where it ends."""
    start, most = bounds(request)
    shown = values[start : start + most]
    last = start + len(shown) >= len(values)
    told = {"self": str(request.url), "startAt": start, "maxResults": most, "total": len(values), "isLast": last}
    return told | {"values": list(shown)}


def bounds(request: Request, largest: int = LARGEST_PAGE) -> tuple[int, int]:
    """`startAt` and `maxResults`; raises Unacceptable for what is no number."""
    return bounded(request.query_params.get("startAt", 0), request.query_params.get("maxResults", 50), largest)


def bounded(start: Any, most: Any, largest: int) -> tuple[int, int]:
    """Both as numbers within their bounds; raises Unacceptable for what is none."""
    try:
        return max(0, int(start)), min(max(1, int(most)), largest)
    except (TypeError, ValueError) as wrong:
        raise Unacceptable("startAt and maxResults must be numbers.") from wrong


def base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
