"""Everything that can go wrong, sorted by who can act on it.

    RemitError
      Refused            the asker:          Invalid  NotFound  Forbidden  Conflict  Stale
      SourceTrouble      the source's owner: Unavailable  Limited  Rejected  Unreadable
      Broken             us

None of them knows HTTP or GraphQL; those faces map them, each in one place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar


class RemitError(Exception):
    """One sentence that says what happened and what to do, a stable code, and the facts behind it."""

    code: ClassVar[str] = "ERROR"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class Refused(RemitError):
    """The asker can act: the question or the change is not acceptable as it stands."""

    code = "REFUSED"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in what was handed in: where it stands, a stable code, and what to do about it."""

    code: str
    message: str
    where: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line is not None else ""
        return f"{place}{self.where + ': ' if self.where else ''}{self.message} [{self.code}]"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each mistake once, as they stand in what was handed in."""
    return sorted(set(problems), key=lambda problem: (problem.line or 0, problem.where, problem.message))


class Invalid(Refused):
    """What was handed in has mistakes; ``problems`` lists every one of them."""

    code = "INVALID"

    def __init__(self, message: str, problems: Sequence[Problem] = (), **facts: object) -> None:
        super().__init__(message, **facts)
        self.problems = tuple(problems)


class NotFound(Refused):
    code = "NOT_FOUND"


class Forbidden(Refused):
    code = "FORBIDDEN"


class Conflict(Refused):
    code = "CONFLICT"


class Stale(Refused):
    """The change was prepared against a model that has changed since."""

    code = "STALE"


class SourceTrouble(RemitError):
    """The owner of a source can act; Remit goes on with what it has and says how old that is."""

    code = "SOURCE_TROUBLE"


class Unavailable(SourceTrouble):
    """The source did not answer, or answered nonsense; trying again later may help."""

    code = "SOURCE_UNAVAILABLE"


class Limited(SourceTrouble):
    """The source asked to slow down; ``retry_after_s`` says for how long, when it said so."""

    code = "SOURCE_LIMITED"

    def __init__(self, message: str, *, retry_after_s: float | None = None, **facts: object) -> None:
        super().__init__(message, **facts)
        self.retry_after_s = retry_after_s


class Rejected(SourceTrouble):
    """The source refused us (credentials, permissions, a removed call): trying again does not help."""

    code = "SOURCE_REJECTED"


class Unreadable(SourceTrouble):
    """One record cannot be read: it is parked with its payload, and the rest goes on."""

    code = "RECORD_UNREADABLE"


class Broken(RemitError):
    """We are at fault, or what we stand on (database, files) is not there."""

    code = "BROKEN"
