"""One synchronisation of one source: greet, references, pages from the cursor, daily a census.

Each page is one transaction, the place to go on from included.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import structlog

from remit.domain.errors import Broken, Rejected, RemitError, SourceTrouble
from remit.domain.ids import SourceName
from remit.ports import Held, SourceState
from remit.usecases.desk import Desk
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page
from remit_integrations.ahead import one_ahead
from remit_integrations.by_id import take_by_id
from remit_integrations.census import hold_census
from remit_integrations.source import Feed, Source
from remit_integrations.taking import take_page
from remit_integrations.turns import retry

log = structlog.get_logger()

EVERY_S = 300.0
"""How often sources are read when nothing else is said; after trouble the waits are multiples of it."""
MANY = 20
"""Fewer records that cannot be read say something of themselves; so many, most of a run, something of the source."""
UNREAD = "cannot be read; what it tells may have changed: see `remit inbox list`, and replay them once it is mended"


@dataclass(frozen=True, slots=True)
class Synchronised:
    """What a run came to: records seen, new or newer among them, those that could not be read, and those now gone.

    `doubt` is a sentence about what the last census could not believe; the run itself went well.
    """

    source: SourceName
    seen: int
    changed: int
    parked: int
    gone: int = 0
    doubt: str | None = None


class Watcher(Protocol):
    """Told how a run goes."""

    def begins(self, source: SourceName, about: int | None) -> None:
        """About how many records are coming, when the source says so."""
        ...

    def goes_on(self, so_far: Synchronised) -> None: ...


class Unwatched:
    """A watcher that does not care."""

    def begins(self, source: SourceName, about: int | None) -> None:
        return

    def goes_on(self, so_far: Synchronised) -> None:
        return


async def synchronise(
    desk: Desk,
    source: Source,
    *,
    full: bool = False,
    watcher: Watcher | None = None,
    stop: asyncio.Event | None = None,
    held: Held | None = None,
    every_s: float = EVERY_S,
) -> Synchronised:
    """Read a source from where it was left, or from the beginning. Safe to kill at any moment and to repeat.

    Once `stop` is set the run ends after the page under way; the next one goes on from there. `held` is the lease on
    the source: once it is lost no further page is written, and Broken is raised.

    Raises what ended the run; it is noted as the source's trouble with the time to try again, unless it is Broken. The
    cursor stays at the last page that was written, and everything written stays.
    """
    stop = stop or asyncio.Event()
    try:
        async with source.open() as feed:
            done = await _run(desk, source, feed, full, watcher or Unwatched(), stop, held)
    except SourceTrouble as trouble:
        wait_s = await _noted(desk, source.name, trouble, every_s)
        log.warning("sync.failed", source=source.name, code=trouble.code, trouble=trouble.message, wait_s=wait_s)
        raise
    except Exception as error:  # whatever nobody foresaw is told as well: the source is not read meanwhile
        if not isinstance(error, RemitError):
            await _noted(desk, source.name, _ours(source.name, error), every_s)
        raise
    if not stop.is_set() and await settle_evidence(desk, (await snapshot(desk, Moment())).model):
        log.info("evidence.settled", source=source.name)
    log.info("sync.done", source=done.source, seen=done.seen, changed=done.changed, parked=done.parked, gone=done.gone)
    return done


async def state_of(desk: Desk, source: SourceName) -> SourceState | None:
    """What is known of a source; None when it was never tried."""
    return next((state for state in await desk.mirror.sources() if state.name == source), None)


def _ours(source: SourceName, error: Exception) -> Broken:
    return Broken(f"reading {source} failed in a way nobody foresaw ({type(error).__name__}); report what the log says")


async def _noted(desk: Desk, source: SourceName, trouble: SourceTrouble | Broken, every_s: float) -> float:
    """After how many seconds to try again, now that everybody knows it."""
    state, now = await state_of(desk, source), desk.clock()
    after = retry(trouble, state.failures if state is not None else 0, every_s)
    retry_at = now + timedelta(seconds=after.wait_s)
    await desk.mirror.attempted(source, now, trouble.message, failures=after.failures, retry_at=retry_at)
    return after.wait_s


async def _run(
    desk: Desk, source: Source, feed: Feed, full: bool, watcher: Watcher, stop: asyncio.Event, held: Held | None
) -> Synchronised:
    state = await state_of(desk, source.name)
    stored = state.cursor if state is not None else None
    cursor = stored if not full else None
    from_the_first, is_whole = cursor is None, feed.is_whole(cursor)
    begun = desk.clock()
    await feed.greet()
    await desk.mirror.attempted(source.name, begun, None)
    doubt = feed.census(stored).doubt
    watcher.begins(source.name, await feed.estimate(cursor))
    async for references in feed.references(cursor):
        await desk.mirror.refer(source.name, references)
    so_far = Synchronised(source.name, 0, 0, 0)
    async with aclosing(one_ahead(feed.pages(cursor))) as pages:
        async for page in pages:
            if held is not None:
                await held.still()
            if from_the_first and so_far.seen + so_far.parked == 0:
                await _show_something(desk, source.name, page)
            taken, parked = await take_page(desk, source.name, page)
            if taken.doubtful:
                await take_by_id(desk, source.name, feed, taken.doubtful)
            cursor = page.cursor
            so_far = Synchronised(
                source.name,
                so_far.seen + taken.seen,
                so_far.changed + taken.changed,
                so_far.parked + parked,
            )
            watcher.goes_on(so_far)
            if stop.is_set():
                return so_far
    if held is not None:
        await held.still()
    unread = await _unread(desk, so_far, state)
    so_far = replace(so_far, doubt=doubt.says if doubt is not None else unread)
    await desk.mirror.succeeded(source.name, begun, cursor, so_far.doubt)
    if is_whole:
        await desk.mirror.forget_parked(source.name, begun)
    if cursor is None or not feed.census(cursor).due:  # after a whole reading it always is
        return so_far
    counted = await hold_census(desk, source.name, feed, cursor, doubt, stop, held)
    if counted is None:
        return so_far
    if held is not None:
        await held.still()
    so_far = replace(
        so_far,
        seen=so_far.seen + counted.seen,
        changed=so_far.changed + counted.changed,
        gone=counted.gone,
        doubt=counted.doubt.says if counted.doubt is not None else unread,
    )
    await desk.mirror.succeeded(source.name, begun, feed.counted(cursor, counted.doubt), so_far.doubt)
    watcher.goes_on(so_far)
    return so_far


async def _unread(desk: Desk, done: Synchronised, before: SourceState | None) -> str | None:
    """What to say of a source most of whose records can no longer be read, until enough of them can: its API has
    changed rather than they, and what was read before may be good no more.
    """
    if not (done.parked >= MANY and done.parked > done.seen):
        if before is None or before.trouble is None or not before.trouble.endswith(UNREAD):
            return None
        counts = (await desk.mirror.counts()).get(done.source)
        return before.trouble if counts is not None and counts.parked >= MANY else None
    return f"of {done.parked + done.seen} records that {done.source} told, {done.parked} {UNREAD}"


async def _show_something(desk: Desk, source: SourceName, page: Page) -> None:
    """Raises Rejected when a source that is read from its beginning shows nothing of the records it once showed.

    An account that has lost its permissions is not refused: it sees an empty site.
    """
    if not page.is_bare:
        return
    counts = (await desk.mirror.counts()).get(source)
    if counts is not None and counts.records:
        raise Rejected(
            f"{source} no longer shows any of the {counts.records} records it showed before, which are kept; "
            "check the account's permissions and what the settings restrict"
        )
