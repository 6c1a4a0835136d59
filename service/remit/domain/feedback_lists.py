"""Lists of feedback: which items are meant, page by page, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.feedback import FeedbackItem, FeedbackState
from remit.domain.ids import AreaKey, SourceName


@dataclass(frozen=True, slots=True)
class FeedbackPlace:
    """Where a list goes on: after the item of this source and id, which came then."""

    created: datetime
    source: SourceName
    id: str


@dataclass(frozen=True, slots=True)
class FeedbackExcerpt:
    """Of the items that are not gone the `first` after a place: those for which everything holds that is not None.

    `areas` are those they belong to. `unplaced`: only those that belong to no area. `created_after` is included,
    `created_before` is not.
    """

    first: int
    after: FeedbackPlace | None = None
    areas: tuple[AreaKey, ...] | None = None
    unplaced: bool = False
    source: SourceName | None = None
    state: FeedbackState | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Items by creation, the newest first, then by source and id. `total` counts all pages, `more` tells of a next."""

    items: tuple[FeedbackItem, ...]
    total: int
    more: bool


NO_ITEMS = FeedbackPage((), 0, more=False)
