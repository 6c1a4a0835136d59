"""Take in one page of records: what is new or newer, which areas it touches, all in one transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.records import BacklogEvent, BacklogItem, Parked, Pulled, criteria_of
from remit.ports import Intake, Mirrored
from remit.resolution.matching import match
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot


@dataclass(frozen=True, slots=True)
class Page:
    """What a source handed over at once, and where to go on from."""

    items: tuple[Pulled, ...] = ()
    events: tuple[BacklogEvent, ...] = ()
    parked: tuple[Parked, ...] = ()
    cursor: bytes | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of a page's items were seen, and how many of those were new or newer than what was there."""

    seen: int
    changed: int


async def take_records(desk: Desk, source: SourceName, page: Page) -> Taken:
    """Write a page and its cursor. Order, repetition and old versions do no harm: the newest version stays."""
    newest = _newest(page.items)
    known = await desk.mirror.by_ids(source, set(newest))
    changed = tuple(pulled for id_, pulled in newest.items() if _is_newer(pulled.item, known.get(id_)))
    touched = await _touched(desk, changed, known) if changed else {}
    await desk.mirror.take(
        Intake(source, changed, page.events, page.parked, touched, page.cursor, desk.clock(), frozenset(newest))
    )
    return Taken(len(page.items), len(changed))


def _newest(items: Iterable[Pulled]) -> dict[str, Pulled]:
    """The newest version of each record of a page; the later one where a page repeats the same version."""
    newest: dict[str, Pulled] = {}
    for pulled in items:
        held = newest.get(pulled.item.id)
        if held is None or held.item.updated <= pulled.item.updated:
            newest[pulled.item.id] = pulled
    return newest


def _is_newer(item: BacklogItem, known: Mirrored | None) -> bool:
    if known is None or known.gone_at is not None:
        return True
    return item.updated > known.item.updated or (item.updated == known.item.updated and item != known.item)


async def _touched(desk: Desk, changed: Sequence[Pulled], known: Mapping[str, Mirrored]) -> Mapping[AreaKey, int]:
    """By how much each area's watermark rises: once per changed record that belongs or belonged to it."""
    model = (await snapshot(desk, Moment())).model
    if not model.selectors:
        return {}
    parents = {pulled.item.parent for pulled in changed if pulled.item.parent}
    above = await desk.mirror.by_keys(parents) if parents else {}
    rises: Counter[AreaKey] = Counter()
    for pulled in changed:
        parent = above.get(pulled.item.parent or "")
        above_it = (parent.item.key, *parent.former, *parent.lineage) if parent is not None else ()
        before = known.get(pulled.item.id)
        former = (before.item.key, *before.former) if before is not None else ()
        areas = set(_areas(model, pulled.item, (*former, *above_it)))
        if before is not None:
            areas.update(_areas(model, before.item, (*before.former, *before.lineage)))
        rises.update(areas)
    return rises


def _areas(model: Model, item: BacklogItem, other_keys: Sequence[str]) -> tuple[AreaKey, ...]:
    return match(model, criteria_of(item, other_keys)).areas
