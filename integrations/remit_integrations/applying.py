"""What deliveries of a source come to: the records they hint at are read again by id, and each is settled."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from remit.domain.arrivals import Waiting
from remit.domain.errors import Rejected, Unavailable
from remit.domain.ids import SourceName
from remit.domain.records import Gone, Loss
from remit.ports import Mirrored, MirroredFeedback
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from remit_integrations.census import FEW
from remit_integrations.source import Feed
from remit_integrations.unforeseen import unforeseen
from remit_integrations.waits import asked_to_wait_s

log = structlog.get_logger()

WAITS_S = (2.0, 5.0, 15.0, 60.0, 300.0)
"""A site may tell of an issue before it shows it, and still show one that it has told is deleted. Asked so often."""
NOT_SHOWN = "the source does not show it yet"
STILL_SHOWN = "the source still shows what it told is deleted"
BAD_REQUEST = 400
AT_ONCE_UNANSWERED = 3
"""When the source does not answer for the first so many records, each alone, it is the source that is at fault."""


@dataclass(slots=True)
class Applied:
    """What came of deliveries, by id: `done`; to be tried `again` and why; `aside`, which no try will mend, and why."""

    done: set[str] = field(default_factory=set)
    again: dict[str, str] = field(default_factory=dict)
    aside: dict[str, str] = field(default_factory=dict)
    read: int = 0
    changed: int = 0
    gone: int = 0

    def add(self, other: "Applied") -> None:
        self.done |= other.done
        self.again |= other.again
        self.aside |= other.aside
        self.read, self.changed, self.gone = (
            self.read + other.read,
            self.changed + other.changed,
            self.gone + other.gone,
        )


async def apply(desk: Desk, source: SourceName, feed: Feed, waiting: Sequence[Waiting]) -> Applied:
    """Read what these deliveries hint at by id, each record once, and take it in.

    What they say themselves is not believed, save that something is deleted. In which order they came, or how often,
    makes no difference: what counts is how the records are now. Raises SourceTrouble when the source cannot be asked,
    and Broken; a request that it refuses as wrong, or does not answer though it answers others, and whatever else goes
    wrong, is traced to the record at fault, and only what concerns that is tried again or put aside.
    """
    parts = _Parts(desk, source, feed)
    await parts.apply(waiting)
    if parts.silences and not parts.answered:
        raise parts.silences[-1]
    return parts.came


@dataclass(slots=True)
class _Parts:
    """Applies deliveries in parts, and finds the records at fault by halving each part that fails."""

    desk: Desk
    source: SourceName
    feed: Feed
    came: Applied = field(default_factory=Applied)
    answered: bool = False
    silences: list[Unavailable] = field(default_factory=list)

    async def apply(self, waiting: Sequence[Waiting]) -> None:
        halves = _halves(waiting)
        with unforeseen() as caught:
            try:
                self.came.add(await _together(self.desk, self.source, self.feed, waiting))
                self.answered, halves = True, ()
            except Rejected as refused:
                if refused.facts.get("status") != BAD_REQUEST:
                    raise
                if not halves:
                    self.came.add(Applied(aside={one.id: refused.message for one in waiting}))
            except Unavailable as silence:
                await self._hear(silence)
                if not halves:
                    self._give_up(waiting, silence)
        if caught.error is not None and not halves:
            self.came.add(failed(self.source, waiting, caught.error))
        for half in halves:
            await self.apply(half)

    async def _hear(self, silence: Unavailable) -> None:
        """Raises what shows that it is the source that is at fault, and no record."""
        if asked_to_wait_s(silence) is not None:
            raise silence
        await self.feed.greet()

    def _give_up(self, waiting: Sequence[Waiting], silence: Unavailable) -> None:
        """For this time. Raises when the source has answered for none so far."""
        self.silences.append(silence)
        if not self.answered and len(self.silences) >= AT_ONCE_UNANSWERED:
            raise silence
        self.came.add(_later(waiting, *[f"the source answers for others, but not for this: {silence.message}"] * 2))


def failed(source: SourceName, waiting: Sequence[Waiting], error: Exception) -> Applied:
    """What deliveries come to that failed in a way nobody foresaw: tried again, and put aside after the last try."""
    kind = type(error).__name__
    log.error("inbox.unforeseen", source=source, deliveries=[one.id for one in waiting][:FEW], exc_info=error)
    return _later(
        waiting,
        f"applying it failed ({kind}); the log says more",
        f"applying it failed each time ({kind}); report what the log says, then replay it",
    )


def _later(waiting: Sequence[Waiting], again: str, aside: str) -> Applied:
    """Tried again for one reason, and put aside after the last try for the other."""
    came = Applied()
    for one in waiting:
        if one.tries < len(WAITS_S):
            came.again[one.id] = again
        else:
            came.aside[one.id] = aside
    return came


def _halves(waiting: Sequence[Waiting]) -> Sequence[Sequence[Waiting]]:
    """Two parts, those that concern the same kept together; none when all do. To find one record at fault among many
    costs two more requests for each halving, and when all are at fault twice as many as there are. What was tried
    before is suspected first, and comes last.
    """
    concerned = list(dict.fromkeys(one.hint.concerns for one in waiting))
    if len(concerned) < 2:
        return ()
    tried = {one.hint.concerns for one in waiting if one.tries}
    new = [one for one in concerned if one not in tried]
    first = frozenset(new if 0 < len(new) < len(concerned) else concerned[: len(concerned) // 2])
    return [[one for one in waiting if (one.hint.concerns in first) is here] for here in (True, False)]


async def _together(desk: Desk, source: SourceName, feed: Feed, waiting: Sequence[Waiting]) -> Applied:
    deleted = _deleted(waiting)
    so_far = Applied(gone=await _delete(desk, source, waiting))
    shown, absent = set[str](), dict[str, Gone]()
    ids = sorted({id_ for one in waiting for id_ in (*one.hint.concerns, *one.hint.deleted)})
    async with aclosing(feed.confirmed(ids)) as pages:
        async for page in pages:
            shown |= page.shown
            absent |= {one.id: one for one in page.gone}
            taken = await take_records(desk, source, replace(page, gone=()))
            so_far.read, so_far.changed = so_far.read + taken.seen, so_far.changed + taken.changed
    held = await _held(desk, source, absent) if absent else {}
    if absent:
        if not absent.keys() <= deleted.keys():
            await feed.greet()  # an account that lost its credentials is shown nothing, and is not refused
        so_far.gone += (await take_records(desk, source, Page(gone=_believed(source, absent, held, deleted)))).gone
    unknown = absent.keys() - held.keys() - deleted.keys()
    for one in waiting:
        reason = _reason(one, unknown, shown)
        if reason is None:
            so_far.done.add(one.id)
        else:
            so_far.again[one.id] = reason
    return so_far


def _deleted(waiting: Sequence[Waiting]) -> Mapping[str, datetime]:
    """What was told to be deleted, and when."""
    return {id_: one.at for one in waiting for id_ in one.hint.deleted}


async def _delete(desk: Desk, source: SourceName, waiting: Sequence[Waiting]) -> int:
    """Mark at once what is told for the first time to be deleted: no source says more of what is no longer there."""
    told = _deleted([one for one in waiting if one.tries == 0])
    if not told:
        return 0
    gone = tuple(Gone(source, id_, at, Loss.DELETED) for id_, at in sorted(told.items()))
    return (await take_records(desk, source, Page(gone=gone))).gone


async def _held(desk: Desk, source: SourceName, ids: Collection[str]) -> Mapping[str, Mirrored | MirroredFeedback]:
    return {**await desk.mirror.feedback.by_ids(source, ids), **await desk.mirror.by_ids(source, ids)}


def _believed(
    source: SourceName,
    absent: Mapping[str, Gone],
    held: Mapping[str, Mirrored | MirroredFeedback],
    deleted: Collection[str],
) -> tuple[Gone, ...]:
    """What is gone, of the records that the source did not show when it was asked for them by id.

    Very many at once are left to the census: an account that has lost its permissions no longer sees them either.
    """
    gone = [replace(one, how=Loss.DELETED) if one.id in deleted else one for one in absent.values()]
    hidden = {one.id for one in gone if one.how is Loss.NOT_VISIBLE and one.id in held}
    vanished = {id_ for id_ in hidden if held[id_].gone_at is None}
    if len(vanished) > FEW:
        log.warning("inbox.doubted", source=source, records=len(vanished))
        return tuple(one for one in gone if one.id not in vanished)
    return tuple(gone)


def _reason(one: Waiting, unknown: Collection[str], shown: Collection[str]) -> str | None:
    """Why a delivery is to be tried again; None when it is done with, if only because it was tried often enough."""
    if one.tries >= len(WAITS_S):
        return None
    if any(id_ in shown for id_ in one.hint.deleted):
        return STILL_SHOWN
    return NOT_SHOWN if any(id_ in unknown for id_ in one.hint.concerns) else None
