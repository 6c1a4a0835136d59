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
    """The issue, area or responsibility is not known here, or the data is too old to say."""
    UNMATCHED = "UNMATCHED"
    """The issue belongs to no area."""
    CONFLICT = "CONFLICT"
    """Two statements of equal standing contradict each other: two areas, two issue rules or two owners."""
    DELIBERATELY_UNOWNED = "DELIBERATELY_UNOWNED"
    """A rule says that nobody owns this here, on purpose."""
    BLURRY = "BLURRY"
    """Several functions share it and nobody settled which one leads."""
    UNOWNED = "UNOWNED"
    """A function leads, but no assignment makes anybody of it accountable."""
    OWNER_INACTIVE = "OWNER_INACTIVE"
    """Whoever is accountable is not active, and nobody active stands in."""
    DELEGATED = "DELEGATED"
    """Somebody stands in for whoever is accountable, at this instant."""
    FALLBACK = "FALLBACK"
    """Only an assignment of last resort names somebody."""
    INHERITED = "INHERITED"
    """The accountable owner is assigned in an area above."""
    OWNED = "OWNED"
    """The accountable owner is assigned in this very area."""


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
    """What a source told of the issue."""
    SELECTOR = "selector"
    """A selector that ties issues to an area."""
    ISSUE_RULE = "issue_rule"
    """A rule for some issues of an area."""
    AREA = "area"
    """A rule or assignment of the asked area itself."""
    ANCESTOR = "ancestor"
    """A rule or assignment of an area between the asked one and the organisation."""
    ORGANISATION = "organisation"
    """A rule or assignment of the organisation, the root of the tree."""
    AGREEMENT = "agreement"
    """A recorded settlement of a blurry line."""
    STAGE = "stage"
    """The profile of the stage in force, shipped or declared."""
    CATALOGUE = "catalogue"
    """The default split of the responsibility."""
    FALLBACK = "fallback"
    """An assignment of last resort, wherever it sits."""
    DELEGATION = "delegation"
    """One person standing in for another."""
    OWNER = "owner"
    """The person or team an assignment names."""


class Reason(StrEnum):
    """Stable codes: why a candidate was chosen, rejected or skipped."""

    MOST_SPECIFIC = "MOST_SPECIFIC"
    """Nothing more specific was said."""
    LESS_SPECIFIC = "LESS_SPECIFIC"
    """Something more specific was said."""
    TIED = "TIED"
    """Another one stands equal, so neither decides."""
    NOT_MATCHING = "NOT_MATCHING"
    """The issue is not among those the rule is for."""
    NO_SELECTOR = "NO_SELECTOR"
    """No area's selector matches the issue."""
    NEAREST = "NEAREST"
    """No assignment is nearer or more specific."""
    FARTHER = "FARTHER"
    """A nearer or more specific assignment or delegation is used instead."""
    BLURRY_SETTLED = "BLURRY_SETTLED"
    """It names no lead, and an agreement settles who leads."""
    REOPENED = "REOPENED"
    """A blurry rule below an agreement opens the line again."""
    STAFFED = "STAFFED"
    """The profile's first split holds, since its lead function has an owner here."""
    UNSTAFFED = "UNSTAFFED"
    """The profile's second split holds, since its first lead function has no owner here."""
    NO_ROW = "NO_ROW"
    """The profile says nothing of the responsibility."""
    OUTRANKED = "OUTRANKED"
    """Another owner at the same place is expressly accountable; this one is responsible."""
    ADDED = "ADDED"
    """An assignment that adds its owner to those found."""
    LESSER_LETTER = "LESSER_LETTER"
    """A part below accountable, which does not end the search."""
    NOTHING_ELSE = "NOTHING_ELSE"
    """A fallback, used because nothing else was found."""
    NOT_NEEDED = "NOT_NEEDED"
    """A fallback, not used because something else was found."""
    BLOCKED = "BLOCKED"
    """A block without an owner: nobody here, and nothing above counts."""
    HIDDEN_BY_BLOCK = "HIDDEN_BY_BLOCK"
    """A block at or below its place hides it."""
    NOBODY = "NOBODY"
    """No assignment makes anybody accountable."""
    STANDS_IN = "STANDS_IN"
    """The delegation is in force."""
    DELEGATE_INACTIVE = "DELEGATE_INACTIVE"
    """Whoever would stand in is not active."""
    INACTIVE = "INACTIVE"
    """The person, or every member of the team, is not active."""
    NOT_HERE = "NOT_HERE"
    """No source has told of the issue."""
    NOT_YET_CREATED = "NOT_YET_CREATED"
    """The issue did not exist at that instant."""
    DELETED = "DELETED"
    """The issue is deleted: its source said so."""
    NOT_VISIBLE = "NOT_VISIBLE"
    """The issue is deleted or no longer visible to the account that reads, which its source does not tell apart."""
    NOT_MIRRORED = "NOT_MIRRORED"
    """The issue is there, but no longer among those to mirror."""
    TOO_OLD = "TOO_OLD"
    """The source was last read too long ago to say."""
    EARLIEST_KNOWN_STATE = "EARLIEST_KNOWN_STATE"
    """A later recorded state stands for the instant asked about."""
    REWOUND = "REWOUND"
    """The issue is taken as it was then: changes that came or were read later are undone."""
    PARTLY_REWOUND = "PARTLY_REWOUND"
    """Not every later change could be undone, or some of what was undone may have been known then."""
    UNKNOWN_AREA = "UNKNOWN_AREA"
    """The model has no such area."""
    UNKNOWN_RESPONSIBILITY = "UNKNOWN_RESPONSIBILITY"
    """The model has no such responsibility."""


class Standing(StrEnum):
    """A candidate's fate (`CandidateVerdict` in the public schema)."""

    CHOSEN = "CHOSEN"
    """It has a part in the answer."""
    REJECTED = "REJECTED"
    """It was considered and lost."""
    SKIPPED = "SKIPPED"
    """It did not come into question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One statement that was looked at on the way to an answer; losers are kept too.

    `scope` is where it stands: an area, a stage, an owner or an issue. `names` is the (kind, key) of the rule,
    assignment, agreement, delegation or selector; None for defaults (R50).
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
