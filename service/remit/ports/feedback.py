"""Keeps what users say of a product, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from remit.domain.courses import Moving
from remit.domain.feedback import FeedbackAct, FeedbackItem, Offers, PulledFeedback
from remit.domain.feedback_lists import FeedbackExcerpt, FeedbackPage
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import Gone, Loss
from remit.domain.tallies import FeedbackTally


@dataclass(frozen=True, slots=True)
class MirroredFeedback:
    """An item as it is kept: when it was first read, all acts told of it, and since when it is gone.

    `read_at` is when this version was read, if it is dated after that.
    """

    item: FeedbackItem
    first_seen: datetime
    acts: tuple[FeedbackAct, ...] = ()
    gone_at: datetime | None = None
    gone_how: Loss | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedbackIntake:
    """What a page holds of feedback. `selectors` is the digest of the selectors by which its items were placed."""

    items: tuple[PulledFeedback, ...] = ()
    acts: tuple[FeedbackAct, ...] = ()
    gone: tuple[Gone, ...] = ()
    selectors: str = ""


NO_FEEDBACK = FeedbackIntake()
Alike = tuple[SourceName, Offers]
"""Items of a source that offer the very same to selectors."""


class FeedbackStore(Protocol):
    """All feedback. It is written by `MirrorStore.take`, in one transaction with its courses."""

    async def by_ids(self, source: SourceName, ids: Collection[str]) -> Mapping[str, MirroredFeedback]:
        """Items by their source's own id, each with all its acts; one statement."""
        ...

    async def pages(self, asked: Collection[FeedbackExcerpt]) -> Mapping[FeedbackExcerpt, FeedbackPage]:
        """Parts of lists, the newest first; two statements at most. Costs a look at all that is listed."""
        ...

    async def outdated(self, selectors: str) -> tuple[SourceName, ...]:
        """The sources whose items were placed by other selectors than those of this digest, by name."""
        ...

    async def alike(self) -> tuple[Alike, ...]:
        """What items offer to selectors, each once. Costs a scan."""
        ...

    async def tallies(self, since: datetime) -> tuple[FeedbackTally, ...]:
        """What is not gone and was neither answered nor closed, or came since then, counted with its like; by source
        and offers. Costs a scan.
        """
        ...

    async def place(self, areas: Mapping[Alike, AreaKey | None], selectors: str) -> None:
        """Put the course of every item into the area of its like, let the watermarks of the areas it leaves and enters
        rise, and note by which selectors that was done.
        """
        ...

    async def moving(self, areas: Mapping[Alike, AreaKey | None], within: Sequence[AreaKey]) -> Moving:
        """What `place` would move out of the areas `within` and into them; nothing is written. Items not told stay."""
        ...
