"""What a failed field says: refusals and troubles in their own words with a code, our own faults in none of theirs."""

from typing import Any

import structlog
from graphql import GraphQLError

from remit.domain.errors import Broken, Invalid, RemitError

log = structlog.get_logger()


def shown(error: GraphQLError) -> dict[str, Any]:
    """An error as clients see it. An unforeseen one is logged whole and shown as INTERNAL."""
    told: dict[str, Any] = {**error.formatted}
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is None:
        told["extensions"] = {"code": "BAD_REQUEST", **(error.extensions or {})}
    elif isinstance(cause, RemitError):
        told["message"] = cause.message
        told["extensions"] = {"code": cause.code, **_problems(cause)}
        if isinstance(cause, Broken):
            told["message"] = "Remit cannot answer now; its log and /readyz say why"
            log.error("graphql.broken", code=cause.code, trouble=cause.message)
        else:
            log.info("graphql.refused", code=cause.code)
    else:
        told["message"] = "Remit failed to answer; the log says more"
        told["extensions"] = {"code": "INTERNAL"}
        log.error("graphql.failed", exc_info=cause)
    return told


def _problems(cause: RemitError) -> dict[str, Any]:
    problems = cause.problems if isinstance(cause, Invalid) else ()
    return {"problems": [str(problem) for problem in problems]} if problems else {}
