"""Troubles to come, as a test or a scenario writes them down: which call, what happens, how often."""

from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """What a call meets instead of its answer. `cut` sends half of the true answer and closes the connection."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    media_type: str = "application/json"
    cut: bool = False
    delay_s: float = 0.0


def limited(retry_after_s: float | None = None, reason: str = "jira-burst-based") -> Fault:
    """429; the vendor's gateway is known to leave out Retry-After."""
    headers = [("RateLimit-Reason", reason)]
    if retry_after_s is not None:
        headers.append(("Retry-After", f"{retry_after_s:.0f}"))
    return Fault(429, tuple(headers), b'{"errorMessages":["Rate limit exceeded."],"errors":{}}')


def failing(status: int = 503) -> Fault:
    return Fault(status, body=b"<html>Service Unavailable</html>", media_type="text/html")


def page_for_people() -> Fault:
    """A log-in page with status 200, as proxies answer."""
    return Fault(200, body=b"<html>Log in</html>", media_type="text/html")


def nonsense() -> Fault:
    """A whole answer that is no JSON."""
    return Fault(200, body=b'{"issues": [{"id"')


CUT = Fault(cut=True)


def slow(delay_s: float) -> Fault:
    return Fault(delay_s=delay_s)


@dataclass(slots=True)
class Faults:
    """Faults wait in line per call, such as `POST /rest/api/3/search/jql`."""

    _waiting: dict[str, deque[Fault | None]] = field(default_factory=lambda: defaultdict(deque))

    def next(self, call: str, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """The call meets the fault `times` times, once it has been answered well `after` times."""
        self._waiting[call].extend([None] * after + [fault] * times)

    def take(self, call: str) -> Fault | None:
        waiting = self._waiting.get(call)
        return waiting.popleft() if waiting else None
