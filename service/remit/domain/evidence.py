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
    """How one record went. `steps` are its entries into other phases from its creation on, in the order of time.

    Every record begins NEW; one that was created in another phase has a step at its creation. Nothing is dated before
    the creation, nor after it was read, which is clock skew. `touched_at` is when anybody but its reporter first did
    something with it; of feedback, when somebody first looked at it.

    `has_history`: its source told at least one change of it. `is_dated`: when the last step was made is known; where
    not, it was made at its time or before.
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
    has_history: bool = False
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class Acts:
    """How many traces of a kind of work an account left in an area within a window; None is whoever is not named.

    `is_custom`: the changed field is one of the site's own or of an app, whatever it is called.
    """

    source: SourceName
    account: str | None
    area: AreaKey
    trace: str
    count: int
    is_custom: bool = False
