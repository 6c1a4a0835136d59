"""What holds of a mirror at any moment, whatever is under way: a site that is played, a reader that is killed."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Broken
from remit.storage.engine import reading
from remit.storage.tables import area_watermark, backlog_event, backlog_item, inbox
from remit_integrations.applying import WAITS_S
from remit_integrations.standins.jira.sender import Sender
from remit_integrations.standins.jira.site import Site
from support.mirrored_site import changes_of

LOST_FOR_S = 0.05

_ARRIVED = select(inbox.c.id, inbox.c.concerns, inbox.c.deleted, inbox.c.tries, inbox.c.received_at, inbox.c.done_at)
_ITEMS = select(
    backlog_item.c.id, backlog_item.c.key, backlog_item.c.updated, backlog_item.c.first_seen, backlog_item.c.gone_at
)
_CHANGES = select(backlog_event.c.item_id, backlog_event.c.change_id)
_MARKS = select(area_watermark.c.area, area_watermark.c.mark)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a database holds; each part is read after the one before it, and so is not behind it."""

    arrived: Sequence[Row[Any]]
    items: Sequence[Row[Any]]
    changes: Sequence[Row[Any]]
    marks: Mapping[str, int]


@dataclass(slots=True)
class Witness:
    """Looks again and again, and remembers what may never become less."""

    site: Site
    sender: Sender
    engine: AsyncEngine
    hidden: set[str] = field(default_factory=set)
    """All that the account was ever not allowed to see."""
    marks: Mapping[str, int] = field(default_factory=dict)
    versions: dict[str, datetime] = field(default_factory=dict)
    """The newest of each issue that was seen, or told of by a delivery that is done with."""

    def notes(self) -> None:
        """To be called after whatever happened on the site."""
        self.hidden |= {id_ for id_, kept in self.site.issues.items() if kept.hidden}

    async def looks(self) -> None:
        """Fails when what holds at any time does not."""
        seen = await self._sight()
        self._inbox(seen)
        self._items(seen)
        self._histories(seen)
        assert all(seen.marks.get(area, 0) >= mark for area, mark in self.marks.items()), "a watermark fell"
        self.marks = seen.marks

    @property
    def _always(self) -> Set[str]:
        """What is there, and could be seen all the time since it came."""
        return self.site.issues.keys() - self.hidden

    async def _sight(self) -> Sight:
        while True:
            try:
                async with reading(self.engine) as connection:
                    arrived = (await connection.execute(_ARRIVED)).all()
                    items = (await connection.execute(_ITEMS)).all()
                    changes = (await connection.execute(_CHANGES)).all()
                    marks = {row.area: row.mark for row in await connection.execute(_MARKS)}
                    return Sight(arrived, items, changes, marks)
            except Broken:  # it was just lost, and comes back
                await asyncio.sleep(LOST_FOR_S)

    def _inbox(self, seen: Sight) -> None:
        """What is acknowledged is kept, and done with no sooner than it came to something."""
        kept = {one.id for one in seen.arrived}
        acknowledged = {one.id for one in self.sender.ledger.values() if one.acknowledged}
        assert acknowledged <= kept <= self.sender.ledger.keys(), "a delivery was lost, or made up"
        known = {item.id for item in seen.items}.union(*(one.deleted for one in seen.arrived))
        for one in seen.arrived:
            given_up = one.tries >= len(WAITS_S)
            assert one.done_at is None or given_up or known.issuperset(one.concerns), f"{one} was not tried again"

    def _items(self, seen: Sight) -> None:
        """No key leads to two; what is gone is not there; what was told to be deleted is gone; none becomes older."""
        present = [item for item in seen.items if item.gone_at is None]
        assert len({item.key for item in present}) == len(present), "a key leads to two issues"
        wrongly = {item.id for item in seen.items if item.gone_at is not None} & self._always
        assert not wrongly, f"{wrongly} is there, was so all the time, and is marked as gone"
        deleted = {id_: one.received_at for one in seen.arrived if one.done_at is not None for id_ in one.deleted}
        back = {one.id for one in present if one.id in deleted and one.first_seen < deleted[one.id]}
        assert not back, f"{back} was deleted, marked as such, and is back"
        for id_, at in self._told(one.id for one in seen.arrived if one.done_at is not None):
            self.versions[id_] = max(at, self.versions.get(id_, at))
        older = {
            item.id
            for item in seen.items
            if item.id in self._always and item.updated < self.versions.get(item.id, item.updated)
        }
        assert not older, f"an older version of {older} has taken the place of a newer one"
        self.versions |= {item.id: item.updated for item in seen.items}

    def _told(self, deliveries: Iterable[str]) -> Iterator[tuple[str, datetime]]:
        """Of each issue that these told of, the version it then had."""
        for id_ in deliveries:
            issue = orjson.loads(self.sender.ledger[id_].body)["issue"]
            if "updated" in issue["fields"]:  # a comment brings a part of the issue
                yield issue["id"], datetime.fromisoformat(issue["fields"]["updated"])

    def _histories(self, seen: Sight) -> None:
        """A record comes with its history: all that changed before this version of it.

        Not when it vanished between the two questions.
        """
        read = defaultdict[str, set[str]](set)
        for change in seen.changes:
            read[change.item_id].add(change.change_id)
        for item in (one for one in seen.items if one.id in self._always):
            before = {change[0] for change in changes_of(self.site, item.id) if change[2] <= item.updated}
            assert before <= read[item.id], f"the history of {item} lacks {before - read[item.id]}"
