"""Log events with fields, to stderr: lines for people on a terminal, JSON for machines."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from stamina.instrumentation import RetryDetails, set_on_retry_hooks
from structlog.typing import Processor

log = structlog.get_logger()


def configure_log(kind: str | None, *, quiet: bool = False) -> None:
    """`console` or `json`; None chooses by whether stderr is a terminal. `quiet` keeps errors only, for commands that
    tell their troubles themselves.

    What libraries log comes out in the same form, from warnings on.
    """
    people = kind == "console" or (kind is None and sys.stderr.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if people else structlog.processors.JSONRenderer()
    )
    common: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = [*([] if people else [structlog.processors.format_exc_info]), renderer]
    structlog.configure(
        processors=[*common, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    of_libraries = logging.StreamHandler(sys.stderr)
    of_libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=logging.ERROR if quiet else logging.WARNING, handlers=[of_libraries], force=True)
    set_on_retry_hooks([_retried])


@contextmanager
def noting(note: Processor) -> Iterator[None]:
    """Show each log event to `note` as well while the block lasts."""
    before: list[Processor] = structlog.get_config()["processors"]
    structlog.configure(processors=[note, *before])
    try:
        yield
    finally:
        structlog.configure(processors=before)


def _retried(details: RetryDetails) -> None:
    """In place of the library's own event, which tells every argument."""
    log.warning(
        "http.retries", attempt=details.retry_num, wait_s=round(details.wait_for, 1), trouble=str(details.caused_by)
    )
