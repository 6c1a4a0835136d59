"""Take in one page of records: what is new or newer, which areas it touches, all in one transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from remit.domain.feedback import FeedbackAct, PulledFeedback
from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.records import BacklogEvent, BacklogItem, Gone, Loss, Parked, Pulled, criteria_of
from remit.ports import Intake, Mirrored
from remit.resolution.matching import match
from remit.usecases.desk import Desk
from remit.usecases.page_evidence import page_evidence
from remit.usecases.page_requests import requests_of
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_feedback import take_feedback


@dataclass(frozen=True, slots=True)
class Page:
    """What a source handed over at once, and where to go on from; without a cursor that stays where it was."""

    items: tuple[Pulled, ...] = ()
    events: tuple[BacklogEvent, ...] = ()
    parked: tuple[Parked, ...] = ()
    cursor: bytes | None = None
    gone: tuple[Gone, ...] = ()
    asked_at: datetime | None = None
    """When its records were asked for by their ids, by the source's clock; None for a page of a search."""
    feedback: tuple[PulledFeedback, ...] = ()
    acts: tuple[FeedbackAct, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether it shows no record at all, readable or not."""
        return not (self.items or self.feedback or self.parked)

    @property
    def shown(self) -> frozenset[str]:
        """The ids of the records it shows, readable or not."""
        read = (*(pulled.item.id for pulled in self.items), *(pulled.item.id for pulled in self.feedback))
        return frozenset((*read, *(record.id for record in self.parked)))


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of a page's items were seen, how many of those were new or newer, and how many records are gone now.

    `doubtful` are the ids of those that are shown although they are gone: a search's index may lag behind, or the page
    was asked for before they went. Nothing is written of them; they are to be asked for by id.
    """

    seen: int
    changed: int
    gone: int = 0
    doubtful: frozenset[str] = frozenset()


async def take_records(desk: Desk, source: SourceName, page: Page) -> Taken:
    """Write a page and its cursor. Order, repetition and old versions do no harm: the newest version stays."""
    newest, at = _newest(page.items), desk.clock()
    told_gone = {one.id: one for one in page.gone if one.id not in newest}
    known = await desk.mirror.by_ids(source, {*newest, *told_gone, *(event.item_id for event in page.events)})
    doubtful = frozenset(id_ for id_ in newest if id_ in known and _is_doubtful(known[id_], page.asked_at))
    changed = tuple(
        pulled for id_, pulled in newest.items() if id_ not in doubtful and _is_newer(pulled.item, known.get(id_))
    )
    gone = tuple(one for id_, one in told_gone.items() if id_ in known and _is_news(known[id_], one))
    model = (await snapshot(desk, Moment())).model
    placed = await _placed(desk, model, changed, known)
    told = requests_of(newest, page.feedback, known, doubtful)
    turned = told.turned - {pulled.item.id for pulled in changed}
    evidence = await page_evidence(
        desk,
        source,
        model,
        {pulled.item.id: pulled.item for pulled in changed},
        page.events,
        known,
        {id_: areas[0] if len(areas) == 1 and id_ not in told.ids else None for id_, areas in placed.items()},
        turned,
        at,
    )
    said = await take_feedback(
        desk, source, model, told.feedback, page.acts, (*page.gone, *told.left), page.asked_at, at
    )
    rises = _rises(model, placed, changed, gone, known)
    rises.update(area for id_ in turned for area in placed[id_])
    rises.update(evidence.touched)
    rises.update(said.touched)
    intake = Intake(
        source=source,
        items=changed,
        events=page.events,
        parked=page.parked,
        touched=rises,
        cursor=page.cursor,
        at=at,
        seen=frozenset({*newest, *told_gone, *said.seen}),
        gone=gone,
        asked_at=page.asked_at,
        courses=(*evidence.courses, *said.courses),
        basis=evidence.basis,
        feedback=said.intake,
    )
    await desk.mirror.take(intake)
    return Taken(
        len({*(one.item.id for one in page.items), *(one.item.id for one in page.feedback)})
        if page.feedback
        else len(page.items),
        len({*(pulled.item.id for pulled in changed), *(pulled.item.id for pulled in said.intake.items)}),
        len({*(one.id for one in gone if known[one.id].gone_at is None), *(said.lost - newest.keys())}),
        doubtful | said.doubtful,
    )


def _newest(items: Iterable[Pulled]) -> dict[str, Pulled]:
    """The newest version of each record of a page; the later one where a page repeats the same version."""
    newest: dict[str, Pulled] = {}
    for pulled in items:
        held = newest.get(pulled.item.id)
        if held is None or held.item.updated <= pulled.item.updated:
            newest[pulled.item.id] = pulled
    return newest


def _is_doubtful(known: Mirrored, asked_at: datetime | None) -> bool:
    return known.gone_at is not None and (asked_at is None or asked_at < known.gone_at)


def _is_news(known: Mirrored, gone: Gone) -> bool:
    """Of what is gone already it is news only that it is deleted."""
    return known.gone_at is None or (gone.how is Loss.DELETED and known.gone_how is not Loss.DELETED)


def _is_newer(item: BacklogItem, known: Mirrored | None) -> bool:
    if known is None or known.gone_at is not None:
        return True
    return item.updated > known.item.updated or (item.updated == known.item.updated and item != known.item)


async def _placed(
    desk: Desk, model: Model, changed: Sequence[Pulled], known: Mapping[str, Mirrored]
) -> Mapping[str, tuple[AreaKey, ...]]:
    """The areas that claim each record: those that are new or newer as they are now, the others as they are known."""
    parents = {pulled.item.parent for pulled in changed if pulled.item.parent} if model.selectors else set()
    above = await desk.mirror.by_keys(parents) if parents else {}
    placed = {id_: _areas(model, one.item, (*one.former, *one.lineage)) for id_, one in known.items()}
    for pulled in changed:
        parent = above.get(pulled.item.parent or "")
        above_it = (parent.item.key, *parent.former, *parent.lineage) if parent is not None else ()
        before = known.get(pulled.item.id)
        former = (before.item.key, *before.former) if before is not None else ()
        placed[pulled.item.id] = _areas(model, pulled.item, (*former, *above_it))
    return placed


def _rises(
    model: Model,
    placed: Mapping[str, tuple[AreaKey, ...]],
    changed: Sequence[Pulled],
    gone: Sequence[Gone],
    known: Mapping[str, Mirrored],
) -> Counter[AreaKey]:
    """By how much each area's watermark rises: once per changed or lost record that belongs or belonged to it."""
    rises: Counter[AreaKey] = Counter()
    for pulled in changed:
        before = known.get(pulled.item.id)
        was = _areas(model, before.item, (*before.former, *before.lineage)) if before is not None else ()
        rises.update({*placed[pulled.item.id], *was})
    for lost in gone:
        rises.update(placed[lost.id])
    return rises


def _areas(model: Model, item: BacklogItem, other_keys: Sequence[str]) -> tuple[AreaKey, ...]:
    return match(model, criteria_of(item, other_keys)).areas
