"""Items as they were: every change that came after an instant, or was read after another, is undone, newest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from remit.domain.records import DEEPEST, BacklogItem, History, Lapse, Loss, SeenEvent, StatusCategory, former_key
from remit.resolution.undoing import parts


@dataclass(frozen=True, slots=True)
class View:
    """What was true at `as_of`, as believed at `known_at` (None: now); `team_field` names a source's field (R36)."""

    as_of: datetime
    known_at: datetime | None = None
    team_field: str | None = None

    def knew(self, at: datetime) -> bool:
        """Whether what was first read at that instant was known."""
        return self.known_at is None or at <= self.known_at

    def gone(
        self, at: datetime | None, how: Loss | None, lapses: Sequence[Lapse]
    ) -> tuple[datetime | None, Loss | None]:
        """Since when, and how, what is gone now or was at times was gone then; both None when it was there.

        That it came back says nothing to whom does not know it yet.
        """
        for lapse in lapses:
            lasted = not self.knew(lapse.back_at) or self.as_of < lapse.back_at
            if self.knew(lapse.at) and lapse.at <= self.as_of and lasted:
                return lapse.at, lapse.how
        return (at, how) if at is not None and self.knew(at) else (None, None)

    def undoes(self, seen: SeenEvent) -> bool:
        return seen.event.at > self.as_of or not self.knew(seen.seen_at)


@dataclass(frozen=True, slots=True)
class Then:
    """An item as it was, with the keys known of it, the present one first, and those of its ancestors (R35).

    `undone` names the fields of which changes were undone; `odd` those whose history does not lead to what the item
    says now, so that not everything could be. `item.updated` and `item.created` are as last read.
    """

    item: BacklogItem
    keys: tuple[str, ...]
    lineage: tuple[str, ...]
    undone: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()


def as_it_was(histories: Iterable[History], view: View) -> Mapping[str, Then]:
    """By id, every item of one source that was known by then. Their ancestors are found among the same histories."""
    told = {history.item.id: history for history in histories}
    ids = {key: id_ for id_, history in told.items() for key in (history.item.key, *history.keys)}
    known = {id_: history for id_, history in told.items() if view.knew(history.first_seen)}
    keys = {id_: _keys(history, view) for id_, history in known.items()}
    then = {id_: _rewound(history, view, ids, told) for id_, history in known.items()}
    return {
        id_: Then(item, keys[id_], _lineage(item, keys, then, ids), undone, odd)
        for id_, (item, undone, odd) in then.items()
    }


Rewound = tuple[BacklogItem, tuple[str, ...], tuple[str, ...]]


def _rewound(history: History, view: View, ids: Mapping[str, str], told: Mapping[str, History]) -> Rewound:
    """Where a change is known to have held then though an older one is not, the older one has nothing to say."""
    item = history.item
    undone: dict[str, None] = {}
    odd: dict[str, None] = {}
    settled: set[tuple[str, str]] = set()
    for seen in sorted(history.events, key=_order, reverse=True):
        for part in parts(seen.event, view.team_field, ids, told):
            if not view.undoes(seen):
                settled.add(part.slot)
            elif part.slot not in settled:
                before = part.undo(item)
                if before != item:
                    (undone if before is not None else odd)[seen.event.field] = None
                item = before or item
    return _consistent(history.item, item, view), tuple(undone), tuple(odd)


def _order(seen: SeenEvent) -> tuple[datetime, int, str, int]:
    """Change ids are growing numbers, told as text."""
    event = seen.event
    return event.at, len(event.change_id), event.change_id, event.position


def _consistent(now: BacklogItem, then: BacklogItem, view: View) -> BacklogItem:
    """With what no event tells: of another status the category is not known; what is resolved later was open."""
    category = now.category if then.status == now.status else StatusCategory.UNKNOWN
    at = min(view.as_of, view.known_at or view.as_of)
    resolved = then.resolved if then.resolved is not None and then.resolved <= at else None
    return replace(then, category=category, resolved=resolved)


def _keys(history: History, view: View) -> tuple[str, ...]:
    """The present key, as known then, and all others known then, whenever the item had them: they name one item."""
    moves = [seen for seen in sorted(history.events, key=_order) if former_key(seen.event) is not None]
    known = {key for seen in moves if view.knew(seen.seen_at) for key in _told(seen)}
    later = [seen for seen in moves if not view.knew(seen.seen_at)]
    present = former_key(later[0].event) if later else history.item.key
    unknown = {key for seen in later for key in _told(seen)} - known - {present}
    others = sorted(key for key in history.keys if key not in unknown and key != present)
    return (present or history.item.key, *others)


def _told(seen: SeenEvent) -> Iterator[str]:
    yield from (key for key in (seen.event.from_text, seen.event.to_text) if key)


def _lineage(
    item: BacklogItem, keys: Mapping[str, tuple[str, ...]], then: Mapping[str, Rewound], ids: Mapping[str, str]
) -> tuple[str, ...]:
    """Of each ancestor the key that its child tells, then its others; a loop ends before its first repeat."""
    lineage: list[str] = []
    climbed = {item.id}
    told = item.parent
    for _ in range(DEEPEST):
        id_ = ids.get(told) if told is not None else None
        if told is None or id_ in climbed:
            break
        lineage.append(told)
        if id_ is None or id_ not in then:
            break
        lineage += [key for key in keys[id_] if key != told]
        climbed.add(id_)
        told = then[id_][0].parent
    return tuple(lineage)
