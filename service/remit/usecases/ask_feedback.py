"""What do users say, what became of it, and to which areas does it belong?"""

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from remit.domain.answers import Freshness
from remit.domain.errors import Invalid, NotFound
from remit.domain.feedback import FeedbackItem, FeedbackState
from remit.domain.feedback_lists import FeedbackExcerpt, FeedbackPlace
from remit.domain.ids import AreaKey, SourceName
from remit.domain.intervals import instant_text
from remit.resolution.feedback_matching import feedback_areas
from remit.usecases.desk import Desk
from remit.usecases.pages import MOST, USUAL
from remit.usecases.settle_evidence import place_feedback
from remit.usecases.snapshot import Snapshot, source_freshness


class Placement(StrEnum):
    """Whether an item belongs to an area: to one, or to none since none or several of equal standing ask for it."""

    MATCHED = "MATCHED"
    UNMATCHED = "UNMATCHED"
    TIED = "TIED"


@dataclass(frozen=True, slots=True)
class FeedbackWanted:
    """Which items are asked for: those of `area` alone, or of `under` and everything below it; everywhere without both.

    `unplaced` asks for those that belong to no area. `created_after` is included, `created_before` is not.
    """

    area: AreaKey | None = None
    under: AreaKey | None = None
    unplaced: bool = False
    source: SourceName | None = None
    state: FeedbackState | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    first: int | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """An item, the areas that ask for it with the highest standing, and how old what is known of it is."""

    item: FeedbackItem
    areas: tuple[AreaKey, ...]
    fresh: Freshness
    cursor: str

    @property
    def placement(self) -> Placement:
        """It belongs to an area where just one asks for it: what would be counted twice is counted nowhere."""
        if len(self.areas) == 1:
            return Placement.MATCHED
        return Placement.TIED if self.areas else Placement.UNMATCHED

    @property
    def hours_to_triage(self) -> float | None:
        """From its creation until somebody first filed it."""
        return _hours(self.item.created, self.item.triaged_at)

    @property
    def hours_to_answer(self) -> float | None:
        """From its creation until somebody first answered."""
        return _hours(self.item.created, self.item.answered_at)


@dataclass(frozen=True, slots=True)
class HeardPage:
    """The newest first; `total` counts all pages, `more` tells of a next one."""

    items: tuple[Heard, ...]
    total: int
    more: bool


async def feedback(desk: Desk, snap: Snapshot, asked: Collection[FeedbackWanted]) -> Mapping[FeedbackWanted, HeardPage]:
    """Of each list a page, as it is at present. The number of statements does not grow with the lists.

    Whoever asks first after selectors have changed places the items. Raises NotFound for an area that the model does
    not have, and Invalid for a page that there cannot be.
    """
    excerpts = {one: _excerpt(desk, snap, one) for one in asked}
    await place_feedback(desk, snap.model)
    found = await desk.mirror.feedback.pages(tuple(dict.fromkeys(excerpts.values())))
    fresh = {state.name: source_freshness(snap, state) for state in snap.states}
    told = {}
    for one, excerpt in excerpts.items():
        page = found[excerpt]
        items = tuple(_heard(snap, item, fresh.get(item.source)) for item in page.items)
        told[one] = HeardPage(items, page.total, page.more)
    return told


def _heard(snap: Snapshot, item: FeedbackItem, fresh: Freshness | None) -> Heard:
    place = FeedbackPlace(item.created, item.source, item.id)
    return Heard(item, feedback_areas(snap.model, item), fresh or source_freshness(snap, None), _cursor(place))


def _excerpt(desk: Desk, snap: Snapshot, asked: FeedbackWanted) -> FeedbackExcerpt:
    for key in (asked.area, asked.under):
        if key is not None and key not in snap.model.areas:
            raise NotFound(f"there is no area {key!r} at this instant")
    known = {*(state.name for state in snap.states), *(name for name, _ in desk.sources)}
    if asked.source is not None and asked.source not in known:
        raise NotFound(f"there is no source {asked.source!r}; `sources` lists those there are")
    if sum((asked.area is not None, asked.under is not None, asked.unplaced)) > 1:
        raise Invalid("ask for one of `area`, `under` and `unplaced`")
    length = USUAL if asked.first is None else asked.first
    if not 0 <= length <= MOST:
        raise Invalid(f"`first` must be between 0 and {MOST}")
    everywhere = FeedbackExcerpt(
        first=length,
        after=_place(asked.after) if asked.after is not None else None,
        unplaced=asked.unplaced,
        source=asked.source,
        state=asked.state,
        created_after=asked.created_after,
        created_before=asked.created_before,
    )
    if asked.area is not None:
        return replace(everywhere, areas=(asked.area,))
    return replace(everywhere, areas=snap.model.under(asked.under)) if asked.under is not None else everywhere


def _hours(start: datetime, end: datetime | None) -> float | None:
    """Never less than none: a source may date things before what they follow."""
    return max(end - start, timedelta()) / timedelta(hours=1) if end is not None else None


def _cursor(place: FeedbackPlace) -> str:
    return base64.urlsafe_b64encode(f"{instant_text(place.created)}|{place.source}|{place.id}".encode()).decode()


def _place(cursor: str) -> FeedbackPlace:
    place = None
    try:
        at, source, id_ = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().split("|", 2)
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is not None and "\0" not in source + id_:
            place = FeedbackPlace(instant.astimezone(UTC), SourceName(source), id_)
    except (binascii.Error, UnicodeError, ValueError, OverflowError):
        pass  # refused below, like an instant without an offset
    if place is None:
        raise Invalid("`after` is no cursor of this list; take an `endCursor` or start from the beginning")
    return place
