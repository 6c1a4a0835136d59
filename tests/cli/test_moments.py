"""The times of a question as typed: instants with an offset, or days of the organisation (R3)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from remit.domain.errors import Invalid
from remit.entrypoints.cli.moments import moment, told
from remit.usecases.snapshot import Moment
from support.desks import A_MODEL, a_desk

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T12:00:00Z", NOON),
        ("2026-11-23T14:00:00+02:00", NOON),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_what_is_typed_is_an_instant_or_a_day(text: str | None, expected: object) -> None:
    assert told("--as-of", text) == expected


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "12:00", "0001-01-01T00:00:00+14:00", "1700000000"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"--as-of .* is no instant; write for example 2026-11-23T12:00:00Z"):
        told("--as-of", text)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(Invalid, match="--known-at '2026-11-23T12:00' has no offset"):
        told("--known-at", "2026-11-23T12:00")


async def test_a_day_begins_in_the_time_zone_of_the_organisation() -> None:
    desk = await a_desk(model=A_MODEL.replace("timezone: UTC", "timezone: Asia/Tokyo"))
    begins = datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=9)))
    assert await moment(desk, date(2026, 11, 23), NOON) == Moment(begins, NOON)


async def test_a_day_begins_in_utc_where_there_is_no_organisation() -> None:
    desk = await a_desk(model=None)
    assert await moment(desk, None, date(2026, 11, 23)) == Moment(None, datetime(2026, 11, 23, tzinfo=UTC))
