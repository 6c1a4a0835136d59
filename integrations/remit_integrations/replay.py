"""Tries once more what waits for a person: the records are asked for by id, and the deliveries applied."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from remit.domain.arrivals import Hint, Waiting
from remit.domain.ids import SourceName
from remit.ports import Inbox
from remit.usecases.desk import Desk
from remit_integrations.applying import WAITS_S, apply
from remit_integrations.source import Feed

UNSEEN = ("unreadable-", "changelog/")
"""What the names begin with that are given to records that do not show their id."""
MOST_AT_ONCE = 1000


async def replay(
    desk: Desk, inbox: Inbox, source: SourceName, feed: Feed, records: Collection[str], deliveries: Collection[str]
) -> Mapping[str, str]:
    """Of each delivery that still waits the reason. What came of the records is in the mirror: those that were read,
    or are gone, are no longer parked. Safe beside the workers. Raises SourceTrouble.
    """
    asides = {one.waiting.id: one.waiting for one in await inbox.asides() if one.source == source}
    waiting = [asides[id_] for id_ in deliveries if id_ in asides]
    ids = sorted({id_.partition("/")[0] for id_ in records if not id_.startswith(UNSEEN)})
    left: dict[str, str] = {}
    for batch in _batches([*waiting, *(_asking(id_, desk.clock()) for id_ in ids)]):
        came = await apply(desk, source, feed, batch)
        named = {one.id for one in batch} & asides.keys()
        await inbox.settled(source, came.done & named)
        left |= {id_: reason for id_, reason in {**came.again, **came.aside}.items() if id_ in named}
    return left


def _batches(waiting: Sequence[Waiting]) -> Sequence[Sequence[Waiting]]:
    return [waiting[start : start + MOST_AT_ONCE] for start in range(0, len(waiting), MOST_AT_ONCE)]


def _asking(record: str, now: datetime) -> Waiting:
    """As if somebody had told of a record; a name with a space is no delivery's."""
    return Waiting(f"record {record}", Hint("replay", (record,)), len(WAITS_S), now)
