"""What SIGINT and SIGTERM do to a command: what it holds is always put away."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

BOTH = (signal.SIGINT, signal.SIGTERM)


AGAIN_AFTER_S = 0.01


def unwind_on_sigterm() -> None:
    """Make SIGTERM leave every block on its way out, as SIGINT does; 143 is what a shell calls that end."""

    def ended(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, ended)
    sys.unraisablehook = _insist


def _insist(lost: Any) -> None:
    """Python swallows what is raised around a fork and in finalisers; an end asked for there is asked for again."""
    number = {SystemExit: signal.SIGTERM, KeyboardInterrupt: signal.SIGINT}.get(lost.exc_type)
    if number is None:
        sys.__unraisablehook__(lost)
        return
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
    signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER_S)


@asynccontextmanager
async def stopping() -> AsyncIterator[asyncio.Event]:
    """An event that is set by the first SIGINT or SIGTERM; a second one ends the process at once."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in BOTH}

    def told() -> None:
        stop.set()
        restore()

    def restore() -> None:
        for number in BOTH:
            if loop.remove_signal_handler(number):
                signal.signal(number, before[number])

    for number in BOTH:
        loop.add_signal_handler(number, told)
    try:
        yield stop
    finally:
        restore()
