"""The model as a file, over plain HTTP: read it, see what another one would change, apply it."""

from collections.abc import Callable
from typing import Annotated

import orjson
import structlog
from fastapi import APIRouter, HTTPException, Query, Request, Response

from remit.domain.errors import Invalid, NotFound
from remit.domain.viewer import STRANGER, Viewer
from remit.rest.preconditions import IfMatch, required_version
from remit.usecases.apply_model import apply, export_at, prepare, version_at
from remit.usecases.desk import Desk

log = structlog.get_logger()

YAML = "application/yaml"
MOST_BYTES = 10_000_000
"""A model of 10,000 areas takes about three."""
_BODY = {"requestBody": {"required": True, "content": {YAML: {"schema": {"type": "string"}}}}}
DryRun = Annotated[bool, Query(description="Only tell what would change.")]
Reason = Annotated[str, Query(description="Why, for the record.")]


def model_routes(desk: Callable[[], Desk]) -> APIRouter:
    """`/v1/model`; to apply a file takes a viewer who may write."""
    routes = APIRouter(prefix="/v1", tags=["model"])

    @routes.get("/model", summary="The model as a file that, applied, changes nothing", response_class=Response,
                responses={200: {"content": {YAML: {}}}})  # fmt: skip
    async def export() -> Response:
        text, version = await export_at(desk())
        if not text:
            raise NotFound("there is no model yet; PUT one here, or `remit model apply` it")
        return Response(text, media_type=YAML, headers={"ETag": f'"{version}"'})

    @routes.put("/model", summary="Apply a model file, or tell what it would change", openapi_extra=_BODY)
    async def apply_file(
        request: Request, dry_run: DryRun = False, reason: Reason = "", if_match: IfMatch = None
    ) -> Response:
        viewer: Viewer = getattr(request.state, "viewer", STRANGER)
        if not dry_run:
            viewer.require_write()
        text, expected = await _text(request), await required_version(desk(), if_match)
        if dry_run:
            found = await prepare(desk(), text, expected)
            version = await version_at(desk(), found.head)
        else:
            found = await apply(
                desk(), text, actor=viewer.name, reason=reason or "PUT /v1/model", expected_version=expected
            )
            version = found.version
            log.info("model.applied", actor=viewer.name, changed=not found.plan.is_empty)
        told = {
            "changed": not found.plan.is_empty,
            "dryRun": dry_run,
            "modelVersion": version,
            "plan": found.lines,
            "warnings": [str(warning) for warning in found.warnings],
        }
        return Response(orjson.dumps(told), media_type="application/json", headers={"ETag": f'"{version}"'})

    return routes


async def _text(request: Request) -> str:
    size, parts = 0, []
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise HTTPException(413, f"the model file is larger than {MOST_BYTES} bytes")
        parts.append(part)
    try:
        return b"".join(parts).decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Invalid("the model file is not UTF-8 text") from wrong
