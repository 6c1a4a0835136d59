"""What happens on a site that its webhooks tell of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, as `webhookEvent` and `issue_event_type_name` name it, with the issue as it was just then.

    Of a deletion there is no such type, and neither it nor a comment is a change of fields.
    """

    event: str
    at: datetime
    issue: Json
    type: str | None = None
    change: Json | None = None
    comment: Json | None = None
