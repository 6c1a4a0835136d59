"""The two times of a question as typed on the command line."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from remit.domain.errors import Invalid
from remit.domain.intervals import NoOffset, instant_of
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot

Told = datetime | date | None
"""An instant, a bare date, or nothing."""


def told(option: str, text: str | None) -> Told:
    """What was typed; raises Invalid for a time without an offset (R3)."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if len(text) <= len("2026-11-23") else instant_of(text)
    except NoOffset:
        raise Invalid(f"{option} {text!r} has no offset; write for example {text}Z") from None
    except ValueError:
        raise Invalid(f"{option} {text!r} is no instant; write for example 2026-11-23T12:00:00Z") from None


async def moment(desk: Desk, as_of: Told, known_at: Told) -> Moment:
    """A bare date is the start of that day in the organisation's time zone (R3)."""
    bare = any(at is not None and not isinstance(at, datetime) for at in (as_of, known_at))
    zone = await _zone(desk) if bare else ZoneInfo("UTC")
    return Moment(_start(as_of, zone), _start(known_at, zone))


async def _zone(desk: Desk) -> ZoneInfo:
    model = (await snapshot(desk, Moment())).model
    name = model.areas[model.root].timezone if model.root is not None else None
    return ZoneInfo(name or "UTC")


def _start(at: Told, zone: ZoneInfo) -> datetime | None:
    return at if at is None or isinstance(at, datetime) else datetime.combine(at, time(), zone)
