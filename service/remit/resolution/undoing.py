"""How each change that a source tells of is undone on the item it changed.

Recorded shapes of Jira Cloud, 2020 to 2022: one entry per component added or removed; all labels in one text; people
and parents by id beside their name. `Key` alone tells where an item was moved from: `project` tells a display name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from remit.domain.records import PARENT_FIELDS, BacklogEvent, BacklogItem, History, former_key, is_custom, normalised

CUSTOM_PARENTS = frozenset({"epic link", "parent link"})
"""Those that the vendor itself keeps in custom fields."""


@dataclass(frozen=True, slots=True)
class Part:
    """What an event changed: `slot` holds one value at a time, so that a later change of it hides earlier ones.

    `undo` gives the item before, or None where the item does not say what the event made of it.
    """

    slot: tuple[str, str]
    undo: Callable[[BacklogItem], BacklogItem | None]


def parts(
    event: BacklogEvent, team_field: str | None, ids: Mapping[str, str], told: Mapping[str, History]
) -> Iterator[Part]:
    """What of an item the event changed, nothing for fields that Remit does not read. `ids` are those of all keys."""
    field = event.field.lower()
    if team_field is not None and event.field_id == team_field:
        yield _setting("team", _team(event.from_value, event.from_text))
    elif field in PARENT_FIELDS and (field in CUSTOM_PARENTS or not is_custom(event)):
        yield Part(("parent", ""), lambda item: _without_parent(item, event, ids, told))
    elif not is_custom(event):
        yield from _plain(field, event)


def _plain(field: str, event: BacklogEvent) -> Iterator[Part]:
    match field:
        case "component":
            if event.to_text:
                yield _removing(event.to_text)
            if event.from_text:
                yield _adding(event.from_text)
        case "key" if (key := former_key(event)) is not None:
            yield Part(("key", ""), lambda item: replace(item, key=key, project=key.rpartition("-")[0] or item.project))
        case "labels":
            yield _setting("labels", tuple((event.from_text or "").split()))
        case "assignee" | "reporter":
            yield _setting(field, event.from_value or None)
        case "priority":
            yield _setting(field, event.from_text or None)
        case "issuetype" | "status" | "summary" if event.from_text:  # an item always had one: null is its creation
            yield _setting("type" if field == "issuetype" else field, event.from_text)


def _setting(name: str, value: Any) -> Part:
    return Part((name, ""), lambda item: replace(item, **{name: value}))


def _removing(component: str) -> Part:
    def undo(item: BacklogItem) -> BacklogItem | None:
        kept = tuple(name for name in item.components if normalised(name) != normalised(component))
        return replace(item, components=kept) if kept != item.components else None

    return Part(("component", normalised(component)), undo)


def _adding(component: str) -> Part:
    def undo(item: BacklogItem) -> BacklogItem:
        others = (name for name in item.components if normalised(name) != normalised(component))
        return replace(item, components=(*others, component))

    return Part(("component", normalised(component)), undo)


def _without_parent(
    item: BacklogItem, event: BacklogEvent, ids: Mapping[str, str], told: Mapping[str, History]
) -> BacklogItem:
    """One change may take an epic and give a parent, in two entries of any order: what was given goes only if it is
    still there, so that it does not take along what was taken."""
    before = _parent(event.from_value, event.from_text, told)
    after = _parent(event.to_value, event.to_text, told)
    if before is not None:
        return replace(item, parent=before)
    if item.parent is None or after is None:
        return item
    is_there = item.parent == after or ids.get(item.parent, "") in (event.to_value, ids.get(after))
    return replace(item, parent=None) if is_there else item


def _parent(id_: str | None, key: str | None, told: Mapping[str, History]) -> str | None:
    """The key, or the one the id has now; an id nobody has read stays one."""
    there = told.get(id_) if id_ is not None else None
    return key or (there.item.key if there is not None else id_) or None


def _team(value: str | None, text: str | None) -> tuple[str, ...]:
    """Id and name of a team or choice; of several choices Jira tells `[10035, 10036]` beside `Red,Blue`."""
    several = re.fullmatch(r"\[(.*)\]", value or "", re.DOTALL)
    ids = [one.strip() for one in several[1].split(",")] if several else [value or ""]
    names = (text or "").split(",") if several and len(ids) == (text or "").count(",") + 1 else [text or ""]
    return tuple(dict.fromkeys(name for name in (*ids, *names) if name))
