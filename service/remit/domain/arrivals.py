"""What a source sent of its own accord: a hint at records to be read again, never the records themselves."""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.ids import SourceName


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery whose signature was good. `id` is the sender's and the same over its retries.

    `concerns` are the ids of records to be asked for again; of these the sender says that `deleted` are no more. One
    that concerns nothing that is kept is acknowledged and counted.
    """

    source: SourceName
    id: str
    event: str
    body: bytes
    concerns: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival that is to be applied, how often that was tried, and when it came."""

    arrival: Arrival
    tries: int
    received_at: datetime
