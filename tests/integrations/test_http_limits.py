"""Being asked to slow down: how long to wait as the answer says it, and when to give up instead of waiting."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.cache.pace import SitePace
from remit.domain.errors import Limited, Rejected, Unavailable
from remit_integrations.http import calling
from remit_integrations.waits import Patience, next_wait, retry_after_s
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
        ({"x-ratelimit-reset": "1795435230"}, 30.0),
        ({"x-ratelimit-reset": "1795435230000"}, 30.0),
        ({"x-ratelimit-reset": "1795435100"}, 0.0),
        ({"x-ratelimit-reset": "60"}, 60.0),
        ({"retry-after": "1795435230"}, 30.0),
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


TOLD = Limited("slow", retry_after_s=7.0)
UNTOLD = Limited("slow")


@pytest.mark.parametrize(
    ("error", "tries", "wait_s"),
    [
        (TOLD, 1, 7.0),
        (TOLD, 3, 7.0),
        (UNTOLD, 1, 2.0),
        (UNTOLD, 2, 4.0),
        (UNTOLD, 3, 8.0),
        (UNTOLD, 99, 30.0),
        (Limited("slow", retry_after_s=0.0), 1, 2.0),
        (Limited("slow", retry_after_s=30.0), 1, 30.0),
        (Limited("slow", retry_after_s=30.1), 1, False),
        (Unavailable("down"), 2, 4.0),
        (Unavailable("down", retry_after_s=5.0), 2, 5.0),
        (Unavailable("down", retry_after_s=3600.0), 2, False),
        (Rejected("no"), 1, False),
        (OSError(), 1, False),
    ],
)
def test_a_wait_is_the_one_told_or_doubles(error: Exception, tries: int, wait_s: float) -> None:
    assert next_wait(error, tries, Patience(), lambda least, most: (least + most) / 2) == wait_s


@given(st.integers(1, 10))
def test_those_who_failed_together_do_not_come_back_together(tries: int) -> None:
    least, most = (next_wait(UNTOLD, tries, Patience(), end) for end in (min, max))
    assert (least, most) == (0.7 * min(30, 2.0**tries), 1.3 * min(30, 2.0**tries))
    assert least <= next_wait(UNTOLD, tries, Patience()) <= most


@dataclass
class Noted:
    """A pace that never waits, and what it was told."""

    turns: int = 0
    silences: list[float] = field(default_factory=list)

    async def turn(self, longest_s: float) -> None:
        self.turns += 1

    async def silence(self, seconds: float) -> None:
        self.silences.append(seconds)


@pytest.mark.parametrize(
    ("wrong", "silences"),
    [
        (limit(), [IMPATIENT.first_s]),
        (limit(Retry_After="0"), [IMPATIENT.first_s]),
        (limit(Retry_After="0.02"), [0.02]),
        (answer(b"{}", "503 Service Unavailable", Retry_After="0.02"), [0.02]),
        (answer(b"{}", "503 Service Unavailable"), []),
    ],
)
async def test_every_try_takes_its_turn_and_others_hear_of_a_wish_for_silence(
    wrong: bytes, silences: list[float]
) -> None:
    pace = Noted()
    async with (
        answering_bytes(wrong, GOOD) as wire,
        calling(wire.url, what="Jira", settings="", patience=IMPATIENT, pace=pace) as call,
    ):
        await call.get("/rest/x")
    assert (pace.turns, pace.silences) == (2, silences)


async def test_a_site_that_wants_silence_is_not_called_at_all() -> None:
    pace = SitePace("https://acme.example", 40, None)
    await pace.silence(1847)
    async with (
        answering_bytes(GOOD) as wire,
        calling(wire.url, what="Jira", settings="", patience=IMPATIENT, pace=pace) as call,
    ):
        with pytest.raises(Limited, match="asked not to be called for another 1847 s"):
            await call.get("/rest/x")
    assert wire.heads == []


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
        "Jira asked to slow down for 1847 s (jira-quota-tenant-based); try again after that",
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
