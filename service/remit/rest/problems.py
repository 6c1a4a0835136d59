"""Errors of REST routes as `application/problem+json` (RFC 9457); the one place that knows a status for each."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from remit.domain.errors import (
    Broken,
    Conflict,
    Forbidden,
    Invalid,
    Limited,
    NotFound,
    Refused,
    RemitError,
    SourceTrouble,
    Stale,
)

log = structlog.get_logger()

STATUSES: tuple[tuple[type[RemitError], int], ...] = (
    (Invalid, 422),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Stale, 409),
    (Refused, 400),
    (Limited, 503),
    (SourceTrouble, 502),
    (Broken, 503),
)
"""The first that fits."""


def install(app: FastAPI) -> None:
    """Make an application tell every error as a problem; nobody but the log sees the inside of an unforeseen one."""
    app.add_exception_handler(RemitError, _remit)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(Exception, _unforeseen)


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: object
) -> JSONResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    told = {**({"WWW-Authenticate": "Bearer"} if status == 401 else {}), **(headers or {})}
    return JSONResponse(body | more, status, headers=told, media_type="application/problem+json")


async def _remit(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RemitError):
        return await _unforeseen(request, error)
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    if isinstance(error, Broken):  # its sentence is for whoever runs this, and may name hosts
        log.error("rest.broken", code=error.code, trouble=error.message)
        return problem(status, error.code, "Remit cannot answer now; its log and /readyz say why")
    log.info("rest.refused", code=error.code, status=status)
    problems = [str(one) for one in error.problems] if isinstance(error, Invalid) else []
    return problem(status, error.code, error.message, None, **({"problems": problems} if problems else {}))


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return await _unforeseen(request, error)
    code = HTTPStatus(error.status_code).name
    return problem(error.status_code, code, str(error.detail), error.headers)


async def _validation(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        return await _unforeseen(request, error)
    told = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
    return problem(422, "INVALID", "; ".join(told))


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    log.error("rest.failed", path=request.url.path, exc_info=error)
    return problem(500, "INTERNAL", "Remit failed to answer; the log says more")
