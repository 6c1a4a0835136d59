"""Answers: who is responsible, how we know, and how old that is. Frozen, so that they can be kept and shared."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from remit.domain.catalogue import Letter
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.people import OwnerRef


class Outcome(StrEnum):
    """What an ownership question comes to, in order of precedence: the first that applies is the answer (R38)."""

    UNKNOWN = "UNKNOWN"
    UNMATCHED = "UNMATCHED"
    CONFLICT = "CONFLICT"
    DELIBERATELY_UNOWNED = "DELIBERATELY_UNOWNED"
    BLURRY = "BLURRY"
    UNOWNED = "UNOWNED"
    OWNER_INACTIVE = "OWNER_INACTIVE"
    DELEGATED = "DELEGATED"
    FALLBACK = "FALLBACK"
    INHERITED = "INHERITED"
    OWNED = "OWNED"


class Step(StrEnum):
    """Where in the reasoning a candidate was looked at."""

    MIRROR = "mirror"
    """Is the issue known here, and fresh enough?"""
    MATCH = "match"
    """Which area does the issue belong to?"""
    SPLIT = "split"
    """Which function leads?"""
    HOLDERS = "holders"
    """Which people hold it for that function?"""
    DELEGATION = "delegation"
    """Who stands in for them at this instant?"""
    ACTIVITY = "activity"
    """Are they active?"""


class Layer(StrEnum):
    """What kind of statement a candidate is, or where it sits relative to the asked area."""

    SOURCE = "source"
    SELECTOR = "selector"
    ISSUE_RULE = "issue_rule"
    AREA = "area"
    ANCESTOR = "ancestor"
    ORGANISATION = "organisation"
    AGREEMENT = "agreement"
    STAGE = "stage"
    CATALOGUE = "catalogue"
    FALLBACK = "fallback"
    DELEGATION = "delegation"
    OWNER = "owner"


class Reason(StrEnum):
    """Stable codes: why a candidate was chosen, rejected or skipped."""

    MOST_SPECIFIC = "MOST_SPECIFIC"
    LESS_SPECIFIC = "LESS_SPECIFIC"
    TIED = "TIED"
    NOT_MATCHING = "NOT_MATCHING"
    NO_SELECTOR = "NO_SELECTOR"
    NEAREST = "NEAREST"
    FARTHER = "FARTHER"
    BLURRY_SETTLED = "BLURRY_SETTLED"
    REOPENED = "REOPENED"
    STAFFED = "STAFFED"
    UNSTAFFED = "UNSTAFFED"
    NO_ROW = "NO_ROW"
    OUTRANKED = "OUTRANKED"
    ADDED = "ADDED"
    LESSER_LETTER = "LESSER_LETTER"
    NOTHING_ELSE = "NOTHING_ELSE"
    NOT_NEEDED = "NOT_NEEDED"
    BLOCKED = "BLOCKED"
    HIDDEN_BY_BLOCK = "HIDDEN_BY_BLOCK"
    NOBODY = "NOBODY"
    STANDS_IN = "STANDS_IN"
    DELEGATE_INACTIVE = "DELEGATE_INACTIVE"
    INACTIVE = "INACTIVE"
    NOT_HERE = "NOT_HERE"
    NOT_YET_CREATED = "NOT_YET_CREATED"
    GONE = "GONE"
    TOO_OLD = "TOO_OLD"
    EARLIEST_KNOWN_STATE = "EARLIEST_KNOWN_STATE"
    UNKNOWN_AREA = "UNKNOWN_AREA"
    UNKNOWN_RESPONSIBILITY = "UNKNOWN_RESPONSIBILITY"


class Standing(StrEnum):
    """A candidate's fate (`CandidateVerdict` in the public schema)."""

    CHOSEN = "CHOSEN"
    REJECTED = "REJECTED"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One statement that was looked at on the way to an answer; losers are kept too.

    `names` is the (kind, key) of the rule, assignment, agreement, delegation or selector; None for defaults (R50).
    """

    step: Step
    layer: Layer
    scope: str
    verdict: Standing
    reason: Reason
    message: str
    names: tuple[str, str] | None = None
    recorded_by: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone who has a part in a responsibility; `delegated_from` is the original owner (R42)."""

    owner: OwnerRef
    function: FunctionKey
    letter: Letter
    delegated_from: OwnerRef | None = None


@dataclass(frozen=True, slots=True)
class Ownership:
    """One responsibility in one area at one instant: who, and how we know. Freshness is told beside it."""

    area: AreaKey | None
    responsibility: ResponsibilityKey
    outcome: Outcome
    lead: FunctionKey | None = None
    accountable: OwnerRef | None = None
    holders: tuple[Holder, ...] = ()
    trace: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer's data is; `data_as_of` None: no source has ever been read. `degraded` names sources."""

    data_as_of: datetime | None
    lag_s: int | None
    degraded: tuple[str, ...]
    model_version: str


@dataclass(frozen=True, slots=True)
class IssueOwnership:
    """The answer for one issue: is it known here, where does it belong, and who holds what."""

    issue_key: str
    known: bool
    current_key: str | None
    area: AreaKey | None
    ownership: tuple[Ownership, ...]
    freshness: Freshness
