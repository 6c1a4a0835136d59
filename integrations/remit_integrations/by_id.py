"""Asks a source for records by their ids and takes in what it tells: as they are now, or as gone."""

from collections.abc import Collection

from remit.domain.ids import SourceName
from remit.usecases.desk import Desk
from remit.usecases.take_records import Taken
from remit_integrations.source import Feed
from remit_integrations.taking import take_page


async def take_by_id(desk: Desk, source: SourceName, feed: Feed, ids: Collection[str]) -> Taken:
    """What came of these ids; the place to go on from stays where it was. Raises the feed's SourceTrouble."""
    seen = changed = gone = 0
    async for page in feed.confirmed(sorted(ids)):
        taken, _ = await take_page(desk, source, page)
        seen, changed, gone = seen + taken.seen, changed + taken.changed, gone + taken.gone
    return Taken(seen, changed, gone)
