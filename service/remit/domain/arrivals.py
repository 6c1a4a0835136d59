"""What a source sent of its own accord: a hint at records to be read again, never the records themselves."""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.ids import SourceName


@dataclass(frozen=True, slots=True)
class Hint:
    """What a delivery comes to.

    `concerns` are the ids of records to be asked for again; of these the sender says that `deleted` are no more.
    `renames` when what it calls its projects or users may have changed. One that hints at nothing that is kept is
    acknowledged and counted. `at` is when it happened, by the sender's clock where that is told.
    """

    event: str
    concerns: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    renames: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery that was proved to be from its source. `id` is the sender's and the same over its retries."""

    source: SourceName
    id: str
    hint: Hint
    body: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is to be applied, how often that was tried in vain, and when it came."""

    id: str
    hint: Hint
    tries: int
    received_at: datetime

    @property
    def at(self) -> datetime:
        """When it happened, by the sender's clock, but never later than it came."""
        return min(self.hint.at, self.received_at) if self.hint.at is not None else self.received_at
