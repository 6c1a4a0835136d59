"""What time it is where an answer comes from."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def told_time(headers: Mapping[str, str]) -> datetime:
    """The head's `Date`, to the second; our own clock for an answer without one, or with one that makes no sense."""
    try:
        told = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return datetime.now(UTC)
    return told.astimezone(UTC) if told.tzinfo is not None else told.replace(tzinfo=UTC)


def skew_s(headers: Mapping[str, str]) -> float:
    """By how many seconds that clock is ahead of ours."""
    return (told_time(headers) - datetime.now(UTC)).total_seconds()
