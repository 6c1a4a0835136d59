"""How those that run until told to stop wait between two turns."""

import asyncio


async def pause(stop: asyncio.Event, wait_s: float) -> None:
    """Until so many seconds have passed, or `stop` is set if that is sooner."""
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait([stopped], timeout=wait_s)
    if not stopped.done():
        stopped.cancel()
