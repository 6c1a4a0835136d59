"""How long to leave a site alone: what its answer says, else a little longer each time."""

import datetime as dt
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from remit.domain.errors import Limited, RemitError, Unavailable

FIRST_EPOCH_S = 1_000_000_000
"""A number as large as this is an instant, in seconds since 1970, and no length of time (UserVoice, 2026)."""
FIRST_EPOCH_MS = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on trying: the first wait doubles up to `longest_s`; asked to wait longer, the run gives up.

    Waits differ by the share `jitter`, so that those who failed together do not come back together. `silence_s` is how
    long a site may say nothing in the midst of a request.
    """

    attempts: int = 4
    first_s: float = 2.0
    longest_s: float = 30.0
    silence_s: float = 60.0
    jitter: float = 0.3


def next_wait(
    error: Exception, tries: int, patience: Patience, chance: Callable[[float, float], float] = random.uniform
) -> bool | float:
    """Seconds to wait after the so-manieth try that failed; False when trying again does not help now."""
    if not isinstance(error, (Limited, Unavailable)):
        return False
    told_s = asked_to_wait_s(error)
    if told_s is not None and told_s > patience.longest_s:
        return False
    if told_s:
        return told_s
    wait_s: float = patience.first_s * 2 ** min(tries - 1, 30)
    return min(patience.longest_s, wait_s) * chance(1 - patience.jitter, 1 + patience.jitter)


def asked_to_wait_s(error: RemitError) -> float | None:
    """What a source itself said about when it may be called again."""
    told = error.retry_after_s if isinstance(error, Limited) else error.facts.get("retry_after_s")
    return told if isinstance(told, float) else None


def retry_after_s(headers: Mapping[str, str], now: dt.datetime | None = None) -> float | None:
    """Seconds to wait, None when the answer does not say or makes no sense.

    `Retry-After` tells seconds or a date. Without it `X-RateLimit-Reset` tells an instant, whose seconds and offset may
    be missing (Atlassian: rate limiting, 2026-03), or seconds. Either may be seconds since 1970.
    """
    now = now or dt.datetime.now(dt.UTC)
    after, reset = headers.get("retry-after", "").strip(), headers.get("x-ratelimit-reset", "").strip()
    for told_s in (_number(after, now), _until(_date(after), now), _number(reset, now), _until(_iso(reset), now)):
        if told_s is not None:
            return told_s
    return None


def _number(told: str, now: dt.datetime) -> float | None:
    if not re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,9})?", told):
        return None
    number = float(told)
    if number >= FIRST_EPOCH_MS:
        number /= 1000
    return max(0.0, number - now.timestamp()) if number >= FIRST_EPOCH_S else number


def _until(instant: dt.datetime | None, now: dt.datetime) -> float | None:
    return max(0.0, (instant - now).total_seconds()) if instant is not None else None


def _date(told: str) -> dt.datetime | None:
    try:
        until = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return until if until.tzinfo is not None else until.replace(tzinfo=dt.UTC)


def _iso(told: str) -> dt.datetime | None:
    try:
        until = dt.datetime.fromisoformat(told)
    except ValueError:
        return None
    return until if until.tzinfo is not None else until.replace(tzinfo=dt.UTC)
