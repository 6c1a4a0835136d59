"""What users say of a product, as a source told it: when it came, what became of it, and who answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from remit.domain.ids import SourceName
from remit.domain.records import normalised

Offers = tuple[tuple[str, tuple[str, ...]], ...]
"""What selectors of areas may ask for: sorted fields, each with its sorted values."""


class FeedbackState(StrEnum):
    """How far an item has come: nobody looked at it, it was filed, somebody answered, it is closed."""

    NEW = "new"
    TRIAGED = "triaged"
    ANSWERED = "answered"
    CLOSED = "closed"


class ActKind(StrEnum):
    """What somebody of the organisation did with an item."""

    TRIAGED = "triaged"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """One piece of feedback as its source last told it.

    `offers` holds what selectors of areas may ask for, as sorted (field, sorted values), such as tags, groups,
    components and repositories. `linked` are the keys of Jira issues it names. `segment` is the kind of customer it
    came from, never a person. `excerpt` is as much of its text as the settings keep; addresses are no part of it.
    """

    source: SourceName
    id: str
    created: datetime
    updated: datetime
    state: FeedbackState
    triaged_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    segment: str | None = None
    linked: tuple[str, ...] = ()
    offers: Offers = ()
    excerpt: str = ""

    def is_dated_after(self, at: datetime) -> bool:
        """Whether it tells of anything that is still to come then, as where a clock is ahead."""
        told = (self.updated, self.triaged_at, self.answered_at, self.closed_at)
        return any(one is not None and one > at for one in told)


@dataclass(frozen=True, slots=True)
class FeedbackAct:
    """Somebody did something with an item: `author` is the source's own id of an agent, never of a customer."""

    source: SourceName
    item_id: str
    id: str
    at: datetime
    kind: ActKind
    author: str | None = None


@dataclass(frozen=True, slots=True)
class PulledFeedback:
    """An item beside as much of the payload it was read from as may be kept."""

    item: FeedbackItem
    raw: bytes


def offering(**fields: Iterable[str | None]) -> Offers:
    """What an item offers to selectors, of fields and the values it has in each; empty ones are left out."""
    told = {name: tuple(sorted({normalised(value) for value in values if value})) for name, values in fields.items()}
    return tuple(sorted((name, values) for name, values in told.items() if values))
