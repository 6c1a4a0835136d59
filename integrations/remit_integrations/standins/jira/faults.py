"""Troubles to come, as a test or a scenario writes them down: which call, what happens, how often."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a call meets instead of its answer, or what becomes of that.

    `cut` sends half of the true answer and closes the connection; `reset` tears it down without a word; `drip_s` is
    the pause after each sixteenth of the answer; `twist` makes the answer's body another; `meanwhile` happens before
    it is answered.
    """

    status: int = 200
    headers: Headers = ()
    body: bytes | None = None
    media_type: str = "application/json"
    cut: bool = False
    delay_s: float = 0.0
    reset: bool = False
    drip_s: float = 0.0
    twist: Callable[[bytes], bytes] | None = None
    meanwhile: Callable[[], None] | None = None


REASONS = (
    "jira-quota-global-based", "jira-quota-tenant-based", "jira-burst-based", "jira-per-issue-on-write",
    "jira-cost-based",
)  # fmt: skip
"""What `RateLimit-Reason` is known to say; the last is in no document."""


def limited(
    retry_after_s: float | datetime | str | None = None,
    reason: str | None = "jira-burst-based",
    *,
    reset_at: datetime | None = None,
) -> Fault:
    """429; `Retry-After` in seconds, as a date, as any text, or not at all, as from the vendor's gateway.

    `X-RateLimit-Reset` has no seconds, as was seen in 2026-03.
    """
    headers = [("RateLimit-Reason", reason)] if reason is not None else []
    if isinstance(retry_after_s, datetime):
        headers.append(("Retry-After", format_datetime(retry_after_s.astimezone(UTC), usegmt=True)))
    elif retry_after_s is not None:
        told = retry_after_s if isinstance(retry_after_s, str) else f"{retry_after_s:.0f}"
        headers.append(("Retry-After", told))
    if reset_at is not None:
        headers += [
            ("X-RateLimit-Reset", f"{reset_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"),
            ("X-RateLimit-Remaining", "0"),
        ]
    return Fault(429, tuple(headers), b'{"errorMessages":["Rate limit exceeded."],"errors":{}}')


def limited_on_premises(retry_after_s: int = 1) -> Fault:
    """429 as a Data Center says it, whose bucket of tokens is filled again every few seconds."""
    told = (("X-RateLimit-Limit", "50"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Interval-Seconds", "5"))
    headers = (*told, ("X-RateLimit-FillRate", "10"), ("Retry-After", str(retry_after_s)))
    return Fault(429, headers, b'{"message":"Rate limit exceeded."}')


def failing(status: int = 503) -> Fault:
    return Fault(status, body=b"<html>Service Unavailable</html>", media_type="text/html")


def page_for_people() -> Fault:
    """A log-in page with status 200, as proxies answer."""
    return Fault(200, body=b"<html>Log in</html>", media_type="text/html")


def nonsense() -> Fault:
    """A whole answer that is no JSON."""
    return Fault(200, body=b'{"issues": [{"id"')


def redirecting(to: str = "http://169.254.169.254/latest/meta-data/") -> Fault:
    """To an address that only machines inside can reach; whoever follows it asks on a stranger's behalf."""
    return Fault(302, (("Location", to),), b"")


CUT = Fault(cut=True)
TRUNCATED = Fault(twist=lambda body: body[: len(body) // 2])
"""Half of the true answer as if it were the whole of it."""
RESET = Fault(reset=True)


def slow(delay_s: float) -> Fault:
    """Nothing comes for a while, then all of it."""
    return Fault(delay_s=delay_s)


def dripping(pause_s: float) -> Fault:
    """It comes at once and does not end for a long while."""
    return Fault(drip_s=pause_s)


def meanwhile(happens: Callable[[], None]) -> Fault:
    """The site changes just before the call is answered."""
    return Fault(meanwhile=happens)


@dataclass(slots=True)
class Faults:
    """Faults wait in line per call, such as `POST /rest/api/3/search/jql`; those for ANY meet whatever is asked."""

    _waiting: dict[str, deque[Fault | None]] = field(default_factory=lambda: defaultdict(deque))

    def next(self, call: str, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """The call meets the fault `times` times, once it has been answered well `after` times."""
        self._waiting[call].extend([None] * after + [fault] * times)

    def take(self, call: str) -> Fault | None:
        for line in (call, ANY):
            if waiting := self._waiting.get(line):
                return waiting.popleft()
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()


ANY = "*"
