"""Counts what a source still shows and marks what it no longer does: no incremental search tells of a deletion."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from remit.domain.ids import SourceName
from remit.domain.intervals import instant_text
from remit.domain.records import Gone, Loss
from remit.ports import Held
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, Taken, take_records
from remit_integrations.ahead import one_ahead
from remit_integrations.source import Doubt, Feed
from remit_integrations.taking import take_page

log = structlog.get_logger()

FEW = 50
SMALL_SHARE = 0.2
"""More than so many records that are more than such a share of all do not vanish at once: permissions do."""
MARKED_AT_ONCE = 1000
"""Records marked in one transaction."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a census came to: records read by id, new or newer among them, those now gone, and a doubt."""

    seen: int = 0
    changed: int = 0
    gone: int = 0
    doubt: Doubt | None = None


async def hold_census(
    desk: Desk,
    source: SourceName,
    feed: Feed,
    cursor: bytes,
    before: Doubt | None,
    stop: asyncio.Event,
    lease: Held | None = None,
) -> Counted | None:
    """Compare what a source shows with what the mirror holds, read what is new, and mark what is gone (R48).

    That a search does not show a record proves nothing, since its index lags: each is asked for by its id. When too
    many would vanish at once nothing is marked, and the doubt is returned; one that has stood as long as a source may
    be silent (R45) is given up. Those left out on purpose do not count as too many. Safe to kill and to repeat. None
    when `stop` was set: nothing is marked then. Once `lease` is lost nothing more is written, and Broken is raised.
    """
    held = await desk.mirror.present(source)
    missing, unheld = await _compared(feed, held)
    believes = before is not None and desk.clock() - before.since > desk.unknown_after
    nothing_shown = bool(held) and not unheld and len(missing) == len(held)
    most = 0 if nothing_shown else max(FEW, int(SMALL_SHARE * len(held)))
    so_far, gone = Counted(), list[Gone]()
    async with aclosing(one_ahead(feed.confirmed([*sorted(unheld), *sorted(missing)]))) as pages:
        async for page in pages:
            gone += (one for one in page.gone if one.id in missing)
            await _still(lease)
            taken = await _read(desk, source, replace(page, cursor=cursor, gone=()))
            so_far = replace(so_far, seen=so_far.seen + taken.seen, changed=so_far.changed + taken.changed)
            if stop.is_set():
                return None
            if sum(one.how is not Loss.LEFT_OUT for one in gone) > most and not believes:
                return replace(so_far, doubt=_doubted(desk, source, before, len(held)))
    if gone:
        await feed.greet()  # an account that lost its credentials meanwhile is shown nothing, and is not refused
    so_far = replace(so_far, gone=await _marked(desk, source, cursor, gone, lease))
    log.info("census.done", source=source, held=len(held), seen=so_far.seen, gone=so_far.gone)
    return so_far


async def _compared(feed: Feed, held: Collection[str]) -> tuple[set[str], set[str]]:
    """The ids that are held and not shown, and those that are shown and not held."""
    missing, unheld = set(held), set[str]()
    async with aclosing(feed.shown()) as batches:
        async for batch in batches:
            missing.difference_update(batch)
            unheld.update(id_ for id_ in batch if id_ not in held)
    return missing, unheld


async def _read(desk: Desk, source: SourceName, page: Page) -> Taken:
    return (await take_page(desk, source, page))[0] if not page.is_bare else Taken(0, 0)


async def _marked(desk: Desk, source: SourceName, cursor: bytes, gone: Sequence[Gone], lease: Held | None) -> int:
    marked = 0
    for start in range(0, len(gone), MARKED_AT_ONCE):
        await _still(lease)
        batch = Page(cursor=cursor, gone=tuple(gone[start : start + MARKED_AT_ONCE]))
        marked += (await take_records(desk, source, batch)).gone
    return marked


async def _still(lease: Held | None) -> None:
    if lease is not None:
        await lease.still()


def _doubted(desk: Desk, source: SourceName, before: Doubt | None, held: int) -> Doubt:
    since = before.since if before is not None else desk.clock()
    says = (
        f"{source} no longer shows a great part of the {held} records it showed before; they are kept until "
        f"{instant_text((since + desk.unknown_after).replace(microsecond=0))}: check the permissions of the account "
        "and the site's address"
    )
    log.warning("census.doubted", source=source, trouble=says)
    return Doubt(since, says)
