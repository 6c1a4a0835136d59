"""A webhook that an OAuth app registered for itself, which lives for thirty days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(days=30)
MOST = 5
"""Of one app for one user on one site."""


@dataclass(frozen=True, slots=True)
class Registered:
    id: int
    url: str
    events: tuple[str, ...]
    jql: str
    expires: datetime
    field_ids: tuple[str, ...] = ()
