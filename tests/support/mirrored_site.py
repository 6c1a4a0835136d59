"""A stand-in site and a mirror in the same words, to be compared: every issue that is seen, and all that is gone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.records import Loss
from remit.storage.engine import reading
from remit.storage.mirror import PostgresMirror
from remit.storage.tables import backlog_event, backlog_item
from remit_integrations.standins.jira.custom_fields import STORY_POINTS
from remit_integrations.standins.jira.site import Site
from support.desks import JIRA

Json = dict[str, Any]
Change = tuple[str, int, datetime, str, str | None, str | None, str | None, str | None, str | None]
"""Its id, the position in it, when, the field by name and id, and from and to, each as a value and a text."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An issue: everything that is kept of it."""

    key: str
    former: tuple[str, ...]
    project: str
    type: str
    summary: str
    status: str
    category: str
    created: datetime
    updated: datetime
    resolved: datetime | None
    assignee: str | None
    components: tuple[str, ...]
    labels: tuple[str, ...]
    estimate: float | None
    history: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """How an issue is gone, and since when the mirror had it."""

    how: Loss
    first_seen: datetime


def as_it_is(site: Site) -> Mapping[str, Seen]:
    """What a site shows, by id."""
    former: dict[str, list[str]] = defaultdict(list)
    for key, id_ in site.former_keys.items():
        former[id_].append(key)
    return {
        id_: _told(kept.record, tuple(sorted(former[id_])), changes_of(site, id_))
        for id_, kept in site.issues.items()
        if not kept.hidden
    }


def changes_of(site: Site, id_: str) -> tuple[Change, ...]:
    """Everything that ever changed of an issue, also of one that was deleted."""
    return tuple(
        sorted(
            _change(entry, position, item)
            for entry in site.histories.get(id_, ())
            for position, item in enumerate(entry["items"])
        )
    )


async def as_mirrored(engine: AsyncEngine) -> Mapping[str, Seen]:
    """What a mirror holds and is not gone, by id."""
    mirror = PostgresMirror(engine)
    found = await mirror.by_ids(JIRA, await mirror.present(JIRA))
    changes = await changes_mirrored(engine)
    return {
        id_: Seen(
            one.item.key,
            tuple(sorted(one.former)),
            one.item.project,
            one.item.type,
            one.item.summary,
            one.item.status,
            one.item.category,
            one.item.created,
            one.item.updated,
            one.item.resolved,
            one.item.assignee,
            one.item.components,
            one.item.labels,
            one.item.estimate,
            changes.get(id_, ()),
        )
        for id_, one in found.items()
    }


async def changes_mirrored(engine: AsyncEngine) -> Mapping[str, tuple[Change, ...]]:
    """Every change a mirror holds, by the issue's id, of what is gone as well."""
    event = backlog_event.c
    columns = (event.change_id, event.position, event.at, event.field, event.field_id)
    texts = (event.from_value, event.from_text, event.to_value, event.to_text)
    found: dict[str, list[Change]] = defaultdict(list)
    async with reading(engine) as connection:
        for id_, *change in await connection.execute(select(event.item_id, *columns, *texts)):
            found[id_].append(tuple(change))
    return {id_: tuple(sorted(changes)) for id_, changes in found.items()}


async def lost(engine: AsyncEngine) -> Mapping[str, Lost]:
    """What a mirror holds as gone, by id."""
    item = backlog_item.c
    query = select(item.id, item.gone_how, item.first_seen).where(item.gone_at.is_not(None))
    async with reading(engine) as connection:
        return {id_: Lost(Loss(how), seen) for id_, how, seen in await connection.execute(query)}


def _told(record: Json, former: tuple[str, ...], history: tuple[Change, ...]) -> Seen:
    fields = record["fields"]
    ended, who = fields.get("resolutiondate"), fields.get("assignee")
    return Seen(
        record["key"],
        former,
        fields["project"]["key"],
        fields["issuetype"]["name"],
        fields["summary"],
        fields["status"]["name"],
        fields["status"]["statusCategory"]["key"],
        datetime.fromisoformat(fields["created"]),
        datetime.fromisoformat(fields["updated"]),
        datetime.fromisoformat(ended) if ended else None,
        who["accountId"] if who else None,
        tuple(one["name"] for one in fields.get("components", ())),
        tuple(fields.get("labels", ())),
        fields.get(STORY_POINTS["id"]),
        history,
    )


def _change(entry: Json, position: int, item: Json) -> Change:
    sides = (item.get(side) or None for side in ("from", "fromString", "to", "toString"))  # empty is nothing
    at = datetime.fromisoformat(entry["created"])
    return (entry["id"], position, at, item["field"], item.get("fieldId"), *sides)
