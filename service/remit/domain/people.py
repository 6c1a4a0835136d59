"""Who can own something: people and teams."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from remit.domain.ids import FunctionKey, OwnerKey, ResponsibilityKey


@dataclass(frozen=True, slots=True)
class Person:
    """One human. `capacity_hours` is per week; `skills` are 0 to 3 by responsibility; identities are (source, id)."""

    key: OwnerKey
    name: str
    email: str | None = None
    function: FunctionKey | None = None
    capacity_hours: float | None = None
    identities: tuple[tuple[str, str], ...] = ()
    skills: tuple[tuple[ResponsibilityKey, int], ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """Some people who may own things together; inactive when none of its members is active (R41)."""

    key: OwnerKey
    name: str
    function: FunctionKey | None = None
    members: tuple[OwnerKey, ...] = ()


def folded(email: str) -> str:
    """An e-mail address as two are compared: in practice no mail server minds capitals."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


class OwnerKind(StrEnum):
    PERSON = "Person"
    TEAM = "Team"


@dataclass(frozen=True, slots=True, order=True)
class OwnerRef:
    """Names an owner inside an answer."""

    kind: OwnerKind
    key: OwnerKey
