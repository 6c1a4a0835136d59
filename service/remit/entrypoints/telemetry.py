"""Log events with fields, to stderr: lines for people on a terminal, JSON for machines."""

import logging
import sys
from typing import Any

import structlog


def configure_log(kind: str | None, *, quiet: bool = False) -> None:
    """`console` or `json`; None chooses by whether stderr is a terminal. `quiet` keeps warnings and worse only."""
    people = kind == "console" or (kind is None and sys.stderr.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if people else structlog.processors.JSONRenderer()
    )
    level = logging.WARNING if quiet else logging.INFO
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([] if people else [structlog.processors.format_exc_info]),
        renderer,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("stamina").setLevel(logging.ERROR)
