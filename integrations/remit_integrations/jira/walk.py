"""Walks through a list that is told by positions and shifts while it is read, without missing what stands still.

Each page begins with an issue that was read before, the anchor. The list is sorted by key, so what was not read yet
and has not changed comes after it, wherever both have shifted to. An anchor that is not where it was, because
something before it went away, is looked for further back. An anchor counts only under the key it had: one that moved
to another project may now be beyond what was not read. What changes during the walk is read in the next window.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

import msgspec
import structlog
from msgspec import Raw, Struct

from remit.domain.errors import Unavailable
from remit_integrations.decoding import UNDECODABLE, lenient
from remit_integrations.jira.settings import NAME

log = structlog.get_logger()

ANCHORS = 10
"""The last so many issues read; one of them is enough. When all are gone the walk begins anew."""
WIDER = 4
"""The anchor is looked for one position back, then 4, then 16, and so on."""
MOST_IN_VAIN = 20
"""Pages in a row that lead no further: then the list shifts faster than it can be read, or never ends."""


class Head(Struct, frozen=True):
    id: str | int
    key: str


class Place(Struct, frozen=True):
    """How far a walk has come: the position after the last issue read, and the last ones read."""

    start: int = 0
    anchors: tuple[Head, ...] = ()


class Positions(Struct, rename="camel"):
    """A page by `startAt`, of `total` issues; `max_results` is how many it could have had."""

    issues: list[Raw] | None = None
    total: int | None = None
    max_results: int | None = None


Ask = Callable[[int], Awaitable[Positions]]
_HEAD = msgspec.json.Decoder(Head)
_PLACE = msgspec.json.Decoder(Place)


async def walk(ask: Ask, token: str | None) -> AsyncGenerator[tuple[Sequence[Raw], str | None], None]:
    """The issues of a list in pages, each with a token to go on at after it; None after the last.

    Some may come twice. Raises Unavailable when the list does not hold still long enough to be read.
    """
    place = _place(token)
    back, in_vain = 1, 0
    while True:
        start = max(0, place.start - back)
        page = await ask(start)
        issues, total = page.issues, page.total
        if issues is None or total is None:
            raise Unavailable("Jira's answer about issues has no issues, or not how many there are; try again later")
        if total and not issues and start == 0:
            raise Unavailable(f"Jira tells of {total} issues and shows none of them; try again later")
        heads = [_head(bytes(raw)) for raw in issues]
        anchor = max((number for number, head in enumerate(heads) if head in place.anchors), default=None)
        if start > 0 and anchor is None:
            back, in_vain = back * WIDER, _patient(in_vain)
            continue
        new = issues[anchor + 1 :] if anchor is not None else issues
        end, could_end = start + len(issues), start + max(page.max_results or 0, len(issues))
        in_vain = 0 if end > place.start else _patient(in_vain)
        place, back = Place(end, (*place.anchors, *filter(None, heads))[-ANCHORS:]), 1
        if end >= total or (not new and could_end >= total):
            if end < total:
                log.warning("jira.total_disagrees", total=total, shown=end)
            yield new, None
            return
        yield new, msgspec.json.encode(place).decode()


def _patient(in_vain: int) -> int:
    if in_vain >= MOST_IN_VAIN:
        raise Unavailable("Jira's list of issues shifts too much to be read; what was read is kept, try again later")
    return in_vain + 1


def _head(raw: bytes) -> Head | None:
    """None for what cannot be an anchor; it is parked where it is read."""
    try:
        head: Head = lenient(raw, _HEAD)
    except UNDECODABLE:
        return None
    return head


def _place(token: str | None) -> Place:
    """Where a token stands; the beginning for one that no walk has written."""
    try:
        return _PLACE.decode(token) if token is not None else Place()
    except UNDECODABLE:
        log.warning("jira.token_refused", source=NAME)
        return Place()
