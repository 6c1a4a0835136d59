"""What could not be read, and since when, in memory."""

from datetime import datetime

from remit.domain.ids import SourceName
from remit.domain.records import Parked
from remit.ports import Intake


class MemoryParked(dict[tuple[SourceName, str], Parked]):
    """Records that could not be read, by source and id."""

    def __init__(self) -> None:
        super().__init__()
        self._at: dict[tuple[SourceName, str], datetime] = {}

    def take(self, intake: Intake) -> None:
        """What was read since is parked no longer; a part of a record goes with it."""
        for name in [name for name in self if name[0] == intake.source]:
            if name[1].partition("/")[0] in intake.seen:
                del self[name]
        self.update({(record.source, record.id): record for record in intake.parked})
        self._at |= {(record.source, record.id): intake.at for record in intake.parked}

    def forget(self, source: SourceName, before: datetime) -> None:
        for name in [name for name in self if name[0] == source and self._at[name] < before]:
            del self[name]
