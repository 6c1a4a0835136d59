"""What a page holds of feedback, made ready to be written with the page: what is new, how it went, whose it is."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from remit.domain.evidence import Course
from remit.domain.feedback import FeedbackAct, FeedbackItem, PulledFeedback
from remit.domain.ids import AreaKey, SourceName
from remit.domain.model import Model
from remit.domain.records import Gone, Loss
from remit.ports import FeedbackIntake, MirroredFeedback
from remit.ports.feedback import NO_FEEDBACK
from remit.resolution.courses import feedback_course
from remit.resolution.feedback_matching import feedback_areas
from remit.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Said:
    """What to write, and by how much which area's watermark rises. `seen` are the ids of all that was told of; `lost`
    was there until now; of what is `doubtful` nothing is written: it is shown although it is gone.
    """

    intake: FeedbackIntake = NO_FEEDBACK
    courses: tuple[Course, ...] = ()
    touched: Mapping[AreaKey, int] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()


NOTHING = Said()


async def take_feedback(
    desk: Desk,
    source: SourceName,
    model: Model,
    items: Sequence[PulledFeedback],
    acts: Sequence[FeedbackAct],
    gone: Sequence[Gone],
    asked_at: datetime | None,
    now: datetime,
) -> Said:
    """Order, repetition and old versions do no harm: the newest version stays. One statement, none without any."""
    newest = _newest(items)
    lost = {one.id: one for one in gone if one.id not in newest}
    acts = tuple(replace(act, at=min(act.at, now)) for act in acts)  # what is dated later happened when it was read
    told = _by_item(acts)
    asked = {*newest, *told, *lost}
    if not asked:
        return NOTHING
    known = await desk.mirror.feedback.by_ids(source, asked)
    doubtful = frozenset(
        id_ for id_, pulled in newest.items() if id_ in known and _is_doubtful(known[id_], pulled.item, asked_at)
    )
    changed = {
        id_: pulled for id_, pulled in newest.items() if id_ not in doubtful and _is_newer(pulled.item, known.get(id_))
    }
    news = {id_: one for id_, one in lost.items() if id_ in known and _is_news(known[id_], one)}
    courses = tuple(
        _course(model, id_, changed.get(id_), known.get(id_), told.get(id_, ()), now)
        for id_ in sorted({*changed, *(id_ for id_ in told if _tells_more(told[id_], known.get(id_)))})
        if id_ not in doubtful and (id_ in changed or id_ in known)
    )
    return Said(
        FeedbackIntake(tuple(changed.values()), tuple(acts), tuple(news.values()), model.matching),
        courses,
        _touched(model, [course.id for course in courses], changed, news, known),
        frozenset({*newest, *lost.keys() & known.keys()}) - doubtful,
        frozenset(id_ for id_ in news if known[id_].gone_at is None),
        doubtful,
    )


def _newest(items: Iterable[PulledFeedback]) -> dict[str, PulledFeedback]:
    """The newest version of each item of a page; the later one where a page repeats the same version."""
    newest: dict[str, PulledFeedback] = {}
    for pulled in items:
        held = newest.get(pulled.item.id)
        if held is None or held.item.updated <= pulled.item.updated:
            newest[pulled.item.id] = pulled
    return newest


def _by_item(acts: Iterable[FeedbackAct]) -> Mapping[str, tuple[FeedbackAct, ...]]:
    found: dict[str, dict[str, FeedbackAct]] = defaultdict(dict)
    for act in acts:
        found[act.item_id].setdefault(act.id, act)
    return {id_: tuple(told.values()) for id_, told in found.items()}


def _is_doubtful(known: MirroredFeedback, item: FeedbackItem, asked_at: datetime | None) -> bool:
    """What is gone is back when it is shown to who asks for it by its id, or was changed after it went: not every
    source of feedback can be asked for a single item.
    """
    if known.gone_at is None or item.updated > known.gone_at:
        return False
    return asked_at is None or asked_at < known.gone_at


def _is_news(known: MirroredFeedback, gone: Gone) -> bool:
    """Of what is gone already it is news only that it is deleted."""
    return known.gone_at is None or (gone.how is Loss.DELETED and known.gone_how is not Loss.DELETED)


def _is_newer(item: FeedbackItem, known: MirroredFeedback | None) -> bool:
    if known is None or known.gone_at is not None:
        return True
    return item.updated > known.item.updated or (item.updated == known.item.updated and item != known.item)


def _tells_more(acts: Iterable[FeedbackAct], known: MirroredFeedback | None) -> bool:
    return known is not None and not {act.id for act in acts} <= {act.id for act in known.acts}


def _course(
    model: Model,
    id_: str,
    pulled: PulledFeedback | None,
    known: MirroredFeedback | None,
    told: Iterable[FeedbackAct],
    now: datetime,
) -> Course:
    version = pulled or known
    if version is None:
        raise ValueError(f"nothing is known of the item {id_}")
    item = version.item
    acts = {act.id: act for act in (*told, *(known.acts if known is not None else ()))}  # what was read first stays
    claimed = feedback_areas(model, item)
    gone_at, read_at = (known.gone_at, known.read_at) if known is not None and pulled is None else (None, now)
    return feedback_course(
        item,
        acts.values(),
        claimed[0] if len(claimed) == 1 else None,
        known.first_seen if known is not None else now,
        gone_at,
        read_at,
    )


def _touched(
    model: Model,
    followed: Collection[str],
    changed: Mapping[str, PulledFeedback],
    lost: Collection[str],
    known: Mapping[str, MirroredFeedback],
) -> Counter[AreaKey]:
    """Once per item that is new, newer, further on or lost: the areas that claim it, and those that did."""
    rises: Counter[AreaKey] = Counter()
    for id_ in {*followed, *lost}:
        versions = [changed[id_].item] if id_ in changed else []
        versions += [known[id_].item] if id_ in known else []
        rises.update({area for item in versions for area in feedback_areas(model, item)})
    return rises
