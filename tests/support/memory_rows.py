"""How a record is held in memory, when another version replaces it, and what is kept of when it was gone."""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.records import BacklogItem, Lapse, Loss


@dataclass(frozen=True, slots=True)
class Row:
    item: BacklogItem
    raw: bytes
    first_seen: datetime
    gone_at: datetime | None = None
    gone_how: Loss | None = None
    read_at: datetime | None = None


def gives_way(there: Row, item: BacklogItem, asked_at: datetime | None) -> bool:
    if there.gone_at is None:
        return item.updated >= there.item.updated
    return asked_at is not None and there.gone_at <= asked_at


def lapse_of(there: Row | None, back_at: datetime | None) -> list[Lapse]:
    if there is None or there.gone_at is None or there.gone_how is None or back_at is None or back_at == there.gone_at:
        return []
    return [Lapse(there.gone_at, back_at, there.gone_how)]
