"""Lets what runs for years outlive a mistake of ours: the one place where any error at all is caught."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from remit.domain.errors import Broken, SourceTrouble
from remit.domain.ids import SourceName

log = structlog.get_logger()


@dataclass(slots=True)
class Caught:
    """What a block ended with that nobody foresaw, once it has ended."""

    error: Exception | None = None


@contextmanager
def unforeseen() -> Iterator[Caught]:
    """Catches what nobody foresaw in the block; whoever asks for it has to tell it in full.

    Trouble of a source, and of what we stand on, is foreseen: it passes, and is to be dealt with by its name.
    """
    caught = Caught()
    try:
        yield caught
    except (SourceTrouble, Broken):
        raise
    except Exception as error:  # noqa: BLE001 - one record of a kind that nobody has met must not end all the others
        caught.error = error


@contextmanager
def outlived(doing: str, source: SourceName | None = None) -> Iterator[None]:
    """A turn of a worker, which comes again whatever nobody foresaw in this one; that is logged."""
    with unforeseen() as caught:
        yield
    if caught.error is not None:
        log.error("worker.unforeseen", doing=doing, source=source, exc_info=caught.error)
