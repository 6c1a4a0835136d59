"""The records behind a number: what each counts as, what it adds, and what is known of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey, SourceName


class CountsAs(StrEnum):
    """What a record counts as in a number; SAMPLE is looked at and adds nothing."""

    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    ARRIVAL = "ARRIVAL"
    COMPLETION = "COMPLETION"
    BREACH = "BREACH"
    WITHIN_LIMIT = "WITHIN_LIMIT"
    UNTRIAGED = "UNTRIAGED"
    STALE = "STALE"
    WITHIN_TARGET = "WITHIN_TARGET"
    PAST_TARGET = "PAST_TARGET"
    SAMPLE = "SAMPLE"


@dataclass(frozen=True, slots=True)
class Part:
    """What a record has to do with a number.

    `value` is what it adds, in the number's unit; where the number is a stretch of time, the record's own. None where
    the records say nothing. `days` is the stretch of time that is looked at, where there is one. `decides`: the number
    is this record's. `is_sample`: it is one of the sample. The times are those up to the window's end.
    """

    counts_as: CountsAs
    value: float | None
    days: float | None
    decides: bool
    is_sample: bool
    created: datetime
    started: datetime | None
    touched: datetime | None
    done: datetime | None


@dataclass(frozen=True, slots=True)
class TracedRecord:
    """One record behind a number. `key` is what people call it, `title` as much of its text as may be told.

    `is_gone`: its source no longer shows it, so that nothing is told of its text.
    """

    source: SourceName
    id: str
    kind: RecordKind
    area: AreaKey
    key: str
    title: str | None
    is_gone: bool
    part: Part
