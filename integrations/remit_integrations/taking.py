"""Takes in a page; when that fails in a way nobody foresaw, all of it but the records at fault, which are parked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from remit.domain.ids import SourceName
from remit.domain.records import Parked
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, Taken, take_records
from remit_integrations.unforeseen import unforeseen

log = structlog.get_logger()

MOST_AT_FAULT = 50
"""When more records of one page fail it is hardly they that are at fault; parked, each would wait for a person."""


async def take_page(desk: Desk, source: SourceName, page: Page) -> tuple[Taken, int]:
    """Like `take_records`, but a record that fails in a way nobody foresaw is parked, and its source goes on.

    Also returns how many of the page's records are parked. What the mirror held of them stays. The cursor moves last,
    so that a kill in the midst loses nothing. Raises what nobody foresaw, with nothing parked, when more than
    MOST_AT_FAULT records fail, or the page does without any.
    """
    taken = Taken(0, 0)
    with unforeseen() as caught:
        taken = await take_records(desk, source, page)
    if caught.error is None:
        return taken, len(page.parked)
    parts = _Parts(desk, source, page)
    taken = await parts.take(_concerned(page))
    for id_, error in parts.at_fault.items():
        log.error("sync.unforeseen", source=source, record=id_, exc_info=error)
    parked = (*page.parked, *_parked(source, page, parts.at_fault))
    await take_records(desk, source, Page(parked=parked, cursor=page.cursor, asked_at=page.asked_at))
    return taken, len(parked)


@dataclass(slots=True)
class _Parts:
    """Takes in a page in parts, and finds the records at fault by halving each part that fails.

    The first part is the whole once more: what failed may have been of the moment.
    """

    desk: Desk
    source: SourceName
    page: Page
    at_fault: dict[str, Exception] = field(default_factory=dict)

    async def take(self, ids: Sequence[str]) -> Taken:
        if not ids:
            return Taken(0, 0)
        taken = Taken(0, 0)
        with unforeseen() as caught:
            taken = await take_records(self.desk, self.source, _of(self.page, frozenset(ids)))
        if caught.error is None:
            return taken
        if len(ids) > 1:
            middle = len(ids) // 2
            return _sum(await self.take(ids[:middle]), await self.take(ids[middle:]))
        self.at_fault[ids[0]] = caught.error
        if len(self.at_fault) > MOST_AT_FAULT:
            raise caught.error
        return taken


def _concerned(page: Page) -> Sequence[str]:
    """The ids of all records that a page tells of, but those it parks."""
    read = (*(one.item.id for one in page.items), *(one.item.id for one in page.feedback))
    told = (*(one.item_id for one in page.events), *(one.item_id for one in page.acts))
    return list(dict.fromkeys((*read, *told, *(one.id for one in page.gone))))


def _of(page: Page, ids: Collection[str]) -> Page:
    """What a page tells of these records, with no place to go on from."""
    return replace(
        page,
        items=tuple(one for one in page.items if one.item.id in ids),
        events=tuple(one for one in page.events if one.item_id in ids),
        parked=(),
        cursor=None,
        gone=tuple(one for one in page.gone if one.id in ids),
        feedback=tuple(one for one in page.feedback if one.item.id in ids),
        acts=tuple(one for one in page.acts if one.item_id in ids),
    )


def _parked(source: SourceName, page: Page, at_fault: Mapping[str, Exception]) -> Sequence[Parked]:
    raw = {one.item.id: one.raw for one in page.feedback} | {one.item.id: one.raw for one in page.items}
    why = "taking it in failed ({}); report what the log says, then replay it"
    return [Parked(source, id_, why.format(type(error).__name__), raw.get(id_, b"")) for id_, error in at_fault.items()]


def _sum(one: Taken, other: Taken) -> Taken:
    return Taken(
        one.seen + other.seen, one.changed + other.changed, one.gone + other.gone, one.doubtful | other.doubtful
    )
