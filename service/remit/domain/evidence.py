"""What signals are computed from: how each record went through its phases, and who acted on records of an area."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from remit.domain.ids import AreaKey, SourceName


class RecordKind(StrEnum):
    """Which records a signal counts."""

    BACKLOG = "backlog"
    FEEDBACK = "feedback"


class Phase(StrEnum):
    """Where a record is: waiting, under way (of feedback: triaged), or done (of feedback: answered or closed)."""

    NEW = "new"
    UNDER_WAY = "under_way"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Course:
    """How one record went. `steps` are its entries into other phases after it was created, in the order of time.

    `touched_at` is when anybody but its reporter first did something with it; of feedback, when it was triaged. What is
    dated after its reading is clock skew and is not here. Where a source keeps no history, `steps` holds what it tells
    of the present: an item that is done was done when it was resolved; when one under way was begun is not known.
    """

    source: SourceName
    id: str
    kind: RecordKind
    area: AreaKey | None
    created: datetime
    updated: datetime
    steps: tuple[tuple[datetime, Phase], ...] = ()
    touched_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acts:
    """How many traces of a kind of work an account left in an area within a window."""

    source: SourceName
    account: str
    area: AreaKey
    trace: str
    count: int
