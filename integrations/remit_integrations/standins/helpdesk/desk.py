"""What a help desk holds: tickets with what became of them, in the order in which they changed, and who works there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from remit_integrations.standins.helpdesk.audits import FIELDS, Json, audit, change, comment
from remit_integrations.standins.jira.faults import Faults

BESIDE = ("group", "metric_set", "audits")
"""What a recorded ticket carries with it and the vendor tells beside the tickets."""
AGENTS: tuple[Json, ...] = (
    {"id": 900, "name": "Remit", "email": "sync@example.com", "role": "admin", "active": True},
    {"id": 901, "name": "Agent one", "email": "one@example.com", "role": "agent", "active": True},
    {"id": 902, "name": "Agent two", "email": "two@example.com", "role": "agent", "active": True},
    {"id": 903, "name": "Agent three", "email": None, "role": "agent", "active": False},
)


class NoTicket(ValueError):
    """Why a record is no ticket."""


@dataclass(slots=True)
class HelpDesk:
    """A desk whose clock may be set. `email` and `token` are who may read it; `calls` is what was asked of it."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    email: str = "sync@example.com"
    token: str = "stand-in-token"  # of a stand-in
    calls: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    agents: tuple[Json, ...] = AGENTS
    _tickets: dict[int, Json] = field(default_factory=dict)

    def load(self, records: Iterable[Json]) -> None:
        """Hold these tickets and no others; raises NoTicket."""
        self._tickets = {ticket["id"]: ticket for ticket in map(_ticket, records)}

    def __len__(self) -> int:
        return len(self._tickets)

    def changed(self, after: tuple[int, int], until: int) -> Iterator[Json]:
        """Tickets, deleted ones too, that changed after a place in the order and not later than a second."""
        order = sorted(self._tickets.values(), key=place)
        return (ticket for ticket in order if after < place(ticket) <= (until, ticket["id"]))

    def shown(self, ids: Iterable[int]) -> list[Json]:
        """Those of the tickets that are not deleted."""
        found = (self._tickets.get(id_) for id_ in ids)
        return [ticket for ticket in found if ticket is not None and ticket["status"] != "deleted"]

    def done(self, start: int, until: int) -> list[Json]:
        """What was done with tickets from one second to another, both of them included, in the order of time."""
        told = (one for ticket in self._tickets.values() for one in ticket.get("audits") or ())
        there = (one for one in told if start <= one["timestamp"] <= until)
        return sorted(there, key=lambda one: (one["timestamp"], one["id"]))

    def edit(
        self,
        id_: int,
        metrics: Mapping[str, Any] | None = None,
        *,
        by: int = 900,
        says: bool | None = None,
        **fields: Any,
    ) -> Json:
        """Somebody changes a ticket now; `metrics` is what that changes of what is measured, `says` whether what they
        write beside it is public (None: they write nothing). Returns it.
        """
        ticket = self._tickets[id_]
        measured = {**ticket.get("metric_set", {}), **(metrics or {})}
        told = [change(name, ticket.get(name), fields[name]) for name in FIELDS if name in fields]
        told += [comment(public=says)] if says is not None else []
        audits = ticket.get("audits") or []
        made = {"audits": [*audits, audit(id_, len(audits) + 1, self.clock(), by, *told)], "metric_set": measured}
        self._tickets[id_] = _ticket({**ticket, **fields, **made, **_stamped(self.clock())})
        return self._tickets[id_]

    def delete(self, id_: int) -> Json:
        return self.edit(id_, status="deleted")


def place(ticket: Json) -> tuple[int, int]:
    """Where a ticket stands in the order of changes."""
    return ticket["generated_timestamp"], ticket["id"]


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _stamped(at: datetime) -> Json:
    return {"updated_at": stamp(at), "generated_timestamp": int(at.timestamp())}


def _ticket(record: Json) -> Json:
    """A ticket with the second of its last change, where the record does not tell it."""
    try:
        changed = int(datetime.fromisoformat(record["updated_at"]).timestamp())
        return {
            "generated_timestamp": changed,
            **record,
            "id": int(record["id"]),
            "status": record.get("status", "new"),
        }
    except (KeyError, TypeError, ValueError) as wrong:
        raise NoTicket(f"not a ticket with id, created_at and updated_at ({wrong!r})") from wrong
