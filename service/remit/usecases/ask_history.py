"""What happened to a node and to the rows about it, change by change, in the words of the model file."""

import base64
import binascii
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from remit.domain.errors import Invalid, NotFound
from remit.domain.facts import Body, FactKind
from remit.domain.history import NODES, Action, Entry, Excerpt, Node, Past, Place, Stretch, action, stretches
from remit.domain.intervals import ALWAYS, Interval, instant_text
from remit.modelfile.show import word
from remit.modelfile.write import statement
from remit.usecases.desk import Desk

USUAL = 50
MOST = 200
"""Entries on one page."""
_ARTICLES = {FactKind.AREA: "an"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a row over a stretch of valid time, as believed before and after; None where it was not said."""

    field: str
    before: str | None
    after: str | None
    valid: Interval


@dataclass(frozen=True, slots=True)
class Change:
    """What one change of the model did to one row.

    `before` are the windows in which the row was believed to hold and which the change replaced with `after`.
    """

    kind: FactKind
    key: str
    action: Action
    recorded_at: datetime
    actor: str
    reason: str
    before: tuple[Interval, ...]
    after: tuple[Interval, ...]
    differences: tuple[Difference, ...]
    message: str
    cursor: str


@dataclass(frozen=True, slots=True)
class History:
    """A page of a node's history, newest first; `total` counts all pages, `more` tells of a next one."""

    changes: tuple[Change, ...]
    total: int
    more: bool


def excerpt(node: Node, first: int | None = None, after: str | None = None) -> Excerpt:
    """A question to `histories`; raises Invalid for a length out of bounds or a cursor this service never gave."""
    length = USUAL if first is None else first
    if not 0 <= length <= MOST:
        raise Invalid(f"`first` must be between 0 and {MOST}")
    return Excerpt(node, length, _place(after) if after is not None else None)


def node_of(kind: str, key: str) -> Node:
    """The node of that kind (in any case) and key; raises NotFound for a kind that has no history."""
    found = next((one for one in NODES if one.value == kind.lower()), None)
    if found is None:
        raise NotFound(f"{kind!r} has no history; these have: {', '.join(NODES)}")
    return Node(found, key)


async def histories(desk: Desk, asked: Collection[Excerpt]) -> Mapping[Excerpt, History | None]:
    """Each excerpt's part of the history; None for a node that never was, which is not the same as no changes."""
    found = await desk.models.pasts(asked)
    return {one: _history(past) if past.declared or _ships(desk, one.node) else None for one, past in found.items()}


async def history(desk: Desk, asked: Excerpt) -> History:
    """One excerpt; raises NotFound for a node that never was."""
    return there(asked.node, (await histories(desk, [asked]))[asked])


def there(node: Node, found: History | None) -> History:
    """The history; raises NotFound where there is none."""
    if found is None:
        raise NotFound(f"there never was {_ARTICLES.get(node.kind, 'a')} {node.kind} {node.key!r}")
    return found


def _ships(desk: Desk, node: Node) -> bool:
    """What comes with Remit is there without having been declared."""
    shipped: Mapping[FactKind, set[str]] = {
        FactKind.FUNCTION: {function.key for function in desk.catalogue.functions},
        FactKind.RESPONSIBILITY: {responsibility.key for responsibility in desk.catalogue.responsibilities},
        FactKind.LENS: {lens.key for lens in desk.catalogue.lenses},
    }
    return node.key in shipped.get(node.kind, ())


def _history(past: Past) -> History:
    return History(tuple(_change(entry) for entry in past.entries), past.total, past.more)


def _change(entry: Entry) -> Change:
    done, altered = action(entry), stretches(entry)
    return Change(
        kind=entry.kind,
        key=entry.key,
        action=done,
        recorded_at=entry.edit.at,
        actor=entry.edit.actor,
        reason=entry.edit.reason,
        before=tuple(fact.valid for fact in entry.before),
        after=tuple(fact.valid for fact in entry.after),
        differences=tuple(difference for stretch in altered for difference in _differences(stretch)),
        message=_sentence(entry, done, altered),
        cursor=_cursor(entry.place),
    )


def _differences(stretch: Stretch) -> Iterator[Difference]:
    """Field by field, without the row's own key, which it never changes."""
    was, now = _fields(stretch.before), _fields(stretch.after)
    for name in {**was, **now}:
        if name != "key" and was.get(name) != now.get(name):
            yield Difference(name, was.get(name), now.get(name), stretch.valid)


def _fields(body: Body | None) -> dict[str, str]:
    """What the row says; what it says is null stays apart from what it does not say."""
    told = statement(body) if body is not None else {}
    return {name: word(value) for name, value in told.items()}


def _sentence(entry: Entry, done: Action, altered: tuple[Stretch, ...]) -> str:
    subject = f"{entry.kind} {entry.key}"
    if done is Action.ENDED and altered[0].valid.start is not None:
        return f"{subject} ended at {instant_text(altered[0].valid.start)}"
    told = "; ".join(_clause(stretch) for stretch in altered)
    return f"{subject} {done}: {told or 'says the same as before'}"


def _clause(stretch: Stretch) -> str:
    when = _when(stretch.valid)
    told = list(_differences(stretch))
    if stretch.after is None:
        return f"no longer holds {when}"
    if stretch.before is None:
        said = ", ".join(f"{one.field}: {one.after}" for one in told)
        return f"holds {when}{f' ({said})' if said else ''}"
    return f"{', '.join(_turned(one) for one in told)} {when}"


def _turned(one: Difference) -> str:
    return f"{one.field} {one.before or 'nothing'} -> {one.after or 'nothing'}"


def _when(valid: Interval) -> str:
    if valid == ALWAYS:
        return "at all times"
    start = f"from {instant_text(valid.start)}" if valid.start is not None else ""
    end = f"until {instant_text(valid.end)}" if valid.end is not None else ""
    return f"{start} {end}".strip()


def _cursor(place: Place) -> str:
    told = f"{instant_text(place.at)}|{place.kind}|{place.key}"
    return base64.urlsafe_b64encode(told.encode()).decode()


def _place(cursor: str) -> Place:
    place = None
    try:
        at, kind, key = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().split("|", 2)
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is not None:
            place = Place(instant.astimezone(UTC), FactKind(kind), key)
    except (binascii.Error, UnicodeError, ValueError, OverflowError):
        pass  # refused below, like an instant without an offset
    if place is None:
        raise Invalid("`after` is no cursor of a history; take an `endCursor` or start from the beginning")
    return place
