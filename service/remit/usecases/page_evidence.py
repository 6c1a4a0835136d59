"""How the records of a page went, computed while the page is taken in: from all that is known of each by then."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from remit.domain.areas import Criterion
from remit.domain.evidence import Course
from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.records import BacklogEvent, BacklogItem, SeenEvent
from remit.ports import Basis, Mirrored
from remit.resolution.courses import backlog_course, statuses
from remit.usecases.desk import Desk
from remit.usecases.evidence_basis import MOVED, basis_of

Change = tuple[str, int]


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """The courses of a page's records, what they rest on, and the areas of those of which only changes are new."""

    courses: tuple[Course, ...]
    basis: Basis
    touched: tuple[AreaKey, ...] = ()


async def page_evidence(
    desk: Desk,
    source: SourceName,
    model: Model,
    changed: Mapping[str, BacklogItem],
    events: Sequence[BacklogEvent],
    known: Mapping[str, Mirrored],
    areas: Mapping[str, AreaKey | None],
    turned: Collection[str],
    now: datetime,
) -> PageEvidence:
    """Of every item that is new or newer, of those present of which an event is new, and of those `turned` into a
    request or back. `areas` has all of them; `now` is when the page was read.

    Two statements, and a third where an area is named by an epic and an item's place below one has changed.
    """
    told: dict[str, dict[Change, BacklogEvent]] = defaultdict(dict)
    for event in events:
        told[event.item_id][event.change_id, event.position] = event
    asked = {*changed, *turned, *(id_ for id_ in told if id_ in known)}
    before = await desk.evidence.changes(source, asked) if asked else {}
    categories = statuses(await desk.evidence.statuses(source))
    courses, touched = [], []
    for id_ in sorted(asked):
        events_of_it = _all(before.get(id_, ()), told.get(id_, {}), now)
        is_news = id_ in changed or id_ in turned or len(events_of_it) > len(before.get(id_, ()))
        if not is_news:
            continue
        item = changed.get(id_) or known[id_].item
        first_seen = known[id_].first_seen if id_ in known else now
        gone_at, read_at = (None, now) if id_ in changed else (known[id_].gone_at, known[id_].read_at)
        area = areas.get(id_)
        courses.append(backlog_course(item, events_of_it, categories, area, first_seen, gone_at, read_at))
        if id_ not in changed and id_ not in turned and area is not None:
            touched.append(area)
    is_moved = await _is_moved(desk, source, model, changed, known)
    basis = basis_of(categories, model)
    basis = replace(basis, selectors=MOVED) if is_moved else basis
    return PageEvidence(tuple(courses), basis, tuple(touched))


def _all(before: Sequence[SeenEvent], told: Mapping[Change, BacklogEvent], now: datetime) -> tuple[SeenEvent, ...]:
    """What was read before, as it was then, and what comes with the page."""
    held = {(seen.event.change_id, seen.event.position) for seen in before}
    return (*before, *(SeenEvent(event, now) for change, event in told.items() if change not in held))


async def _is_moved(
    desk: Desk, source: SourceName, model: Model, changed: Mapping[str, BacklogItem], known: Mapping[str, Mirrored]
) -> bool:
    """Whether an item that others are below came or moved, where areas are named by epics (R35)."""
    if not any(strongest is Criterion.EPIC for strongest, _ in model.selectors):  # no criterion is stronger
        return False
    moved = {item.key for id_, item in changed.items() if _place(item) != _place_before(known.get(id_))}
    return bool(moved) and await desk.evidence.are_parents(source, _with_former(moved, known.values()))


def _place(item: BacklogItem) -> tuple[str, str | None]:
    return item.key, item.parent


def _place_before(known: Mirrored | None) -> tuple[str, str | None] | None:
    return _place(known.item) if known is not None else None


def _with_former(keys: Collection[str], known: Collection[Mirrored]) -> set[str]:
    return {*keys, *(key for one in known for key in (one.item.key, *one.former))}
