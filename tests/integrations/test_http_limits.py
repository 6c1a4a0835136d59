"""Being asked to slow down: how long to wait as the answer says it, and when to give up instead of waiting."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.errors import Limited
from remit_integrations.http import calling, retry_after_s
from support.desks import NOW
from support.jira_site import IMPATIENT
from support.jira_wire import answer, answering_bytes

GOOD = answer(b"{}")


def limit(**headers: str) -> bytes:
    return answer(b'{"errorMessages": ["Rate limit exceeded."]}', "429 Too Many Requests", **headers)


async def got(url: str) -> bytes:
    async with calling(url, what="Jira", settings="REMIT_JIRA_URL", patience=IMPATIENT) as call:
        return await call.get("/rest/x")


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": " 1847 "}, 1847.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": format_datetime(NOW + timedelta(minutes=2), usegmt=True)}, 120.0),
        ({"retry-after": format_datetime(NOW - timedelta(minutes=2), usegmt=True)}, 0.0),
        ({"retry-after": "Mon, 23 Nov 2026 12:02:00 -0000"}, 120.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "Mon, 23 Nov 99999 12:02:00 GMT"}, None),
        ({"x-ratelimit-reset": "2026-11-23T13:00Z"}, 3600.0),
        ({"x-ratelimit-reset": "2026-11-23T12:00:30Z"}, 30.0),
        ({"x-ratelimit-reset": "2026-11-23T12:00:30"}, 30.0),
        ({"x-ratelimit-reset": "1795435230"}, None),
        ({"retry-after": "7", "x-ratelimit-reset": "2026-11-23T13:00Z"}, 7.0),
        ({"retry-after": "soon", "x-ratelimit-reset": "2026-11-23T13:00Z"}, 3600.0),
    ],
)
def test_the_wait_is_what_the_answer_says(headers: dict[str, str], wait_s: float | None) -> None:
    assert retry_after_s(headers, NOW) == wait_s


@given(st.text(), st.text())
def test_whatever_the_headers_say_is_a_wait_or_none(after: str, reset: str) -> None:
    wait_s = retry_after_s({"retry-after": after, "x-ratelimit-reset": reset}, NOW)
    assert wait_s is None or wait_s >= 0


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)))  # noqa: DTZ001
def test_any_instant_of_the_calendar_is_a_wait(until: datetime) -> None:
    told = until.replace(microsecond=0, tzinfo=UTC)
    wait_s = max(0.0, (told - NOW).total_seconds())
    assert retry_after_s({"retry-after": "", "x-ratelimit-reset": told.isoformat()}, NOW) == wait_s


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "0"}, {"RateLimit_Reason": "jira-burst-based"}], ids=str)
async def test_a_short_limit_is_waited_for(headers: dict[str, str]) -> None:
    async with answering_bytes(limit(**headers), limit(**headers), GOOD) as wire:
        assert await got(wire.url) == b"{}"
    assert len(wire.heads) == 3


async def test_a_limit_without_an_end_is_told_after_a_few_tries() -> None:
    async with answering_bytes(limit()) as wire:
        with pytest.raises(Limited) as caught:
            await got(wire.url)
    assert (caught.value.message, caught.value.retry_after_s, len(wire.heads)) == (
        "Jira asked to slow down; try again later",
        None,
        3,
    )


async def test_a_long_limit_is_told_at_once_with_its_time_and_reason() -> None:
    async with answering_bytes(limit(Retry_After="1847", RateLimit_Reason="jira-quota-tenant-based"), GOOD) as wire:
        with pytest.raises(Limited) as caught:
            await got(wire.url)
    assert (caught.value.message, caught.value.retry_after_s, caught.value.facts, len(wire.heads)) == (
        "Jira asked to slow down for 1847 s; try again after that",
        1847.0,
        {"reason": "jira-quota-tenant-based"},
        1,
    )


async def test_the_reset_of_a_quota_is_the_wait_where_retry_after_is_missing() -> None:
    until = f"{datetime.now(UTC) + timedelta(minutes=40):%Y-%m-%dT%H:%MZ}"
    async with answering_bytes(limit(X_RateLimit_Reset=until), GOOD) as wire:
        with pytest.raises(Limited) as caught:
            await got(wire.url)
    assert caught.value.retry_after_s is not None
    assert 38 * 60 < caught.value.retry_after_s <= 40 * 60
    assert len(wire.heads) == 1
