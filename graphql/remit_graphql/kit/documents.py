"""Reads request bodies strictly, before anything else sees them."""

import orjson
from fastapi import HTTPException, Request

from remit_graphql.kit.limits import MOST_BODY_BYTES


async def readable(request: Request) -> None:
    """Refuses a POST whose body is too large or no JSON object of the right kind: 413 or 400, never a 500."""
    if request.method != "POST":
        return
    size = 0
    parts: list[bytes] = []
    async for part in request.stream():
        size += len(part)
        if size > MOST_BODY_BYTES:
            raise HTTPException(413, f"the body is larger than {MOST_BODY_BYTES} bytes")
        parts.append(part)
    body = b"".join(parts)
    request._body = body  # Starlette's own place for a body that was read once
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as wrong:
        raise HTTPException(400, f"the body is no JSON: {wrong}") from wrong
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        raise HTTPException(400, 'the body must be a JSON object with a "query"')
    for name in ("variables", "extensions"):
        if not isinstance(asked.get(name), dict | None):
            raise HTTPException(400, f'"{name}" must be an object')
    if not isinstance(asked.get("operationName"), str | None):
        raise HTTPException(400, '"operationName" must be a string')
