"""Reads requests strictly, before anything else sees them, and says how each wants its answer."""

import orjson
from fastapi import HTTPException, Request

from remit_graphql.kit.limits import MOST_BODY_BYTES

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


async def readable(request: Request) -> None:
    """Refuses a POST that is too large or no JSON object of the right kind: 413, 415 or 400, never a 500."""
    if request.method != "POST":
        return
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"send the request as {JSON}")
    body = await _body(request)
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


async def _body(request: Request) -> bytes:
    size = 0
    parts: list[bytes] = []
    async for part in request.stream():
        size += len(part)
        if size > MOST_BODY_BYTES:
            raise HTTPException(413, f"the body is larger than {MOST_BODY_BYTES} bytes")
        parts.append(part)
    return b"".join(parts)


def wished(accept: str) -> str:
    """The media type of the answer: GraphQL's own where the client prefers it or likes both alike, else plain JSON."""
    likes = {JSON: 0.0, GRAPHQL_JSON: 0.0}
    for told in accept.split(","):
        name, *parameters = (part.strip().lower() for part in told.split(";"))
        if name in likes:
            likes[name] = max(_quality(parameters), likes[name])
    return GRAPHQL_JSON if likes[GRAPHQL_JSON] and likes[GRAPHQL_JSON] >= likes[JSON] else JSON


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
