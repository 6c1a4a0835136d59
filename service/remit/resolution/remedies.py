"""What a gap says: one sentence with what is wrong, where, and what to do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from remit.domain.answers import Outcome
from remit.domain.facts import Fact
from remit.domain.gaps import GapKind
from remit.domain.ids import ALL, AreaKey, ResponsibilityKey
from remit.domain.intervals import instant_text
from remit.domain.people import OwnerKind, OwnerRef
from remit.domain.policy import Agreement, Assignment
from remit.resolution.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a cell lacks something. Cells next to each other in the tree with equal causes are one gap.

    `names` are the rows to be mended, or the function that nobody is assigned for. `verdict` is what the cell comes to;
    `row` is the assignment that ended, or the agreement to be reviewed.
    """

    names: tuple[str, ...]
    owner: OwnerRef | None
    verdict: Verdict = field(compare=False)
    row: Fact[Assignment] | Fact[Agreement] | None = field(default=None, compare=False)


def remedy(kind: GapKind, area: AreaKey, responsibility: ResponsibilityKey, count: int, cause: Cause) -> str:
    """The sentence for a gap at `area` from which `count` cells suffer, those of areas below among them."""
    below = f" and {count - 1} {'area' if count == 2 else 'areas'} below" if count > 1 else ""
    return _SENTENCES[kind](f"{responsibility} at {area}{below}", cause)


def _unowned(what: str, cause: Cause) -> str:
    nobody = f"Nobody of {cause.verdict.lead} is accountable for {what}"
    if (block := cause.verdict.block) is not None:
        at = block.body.area
        return f"{nobody}, since the block at {at} hides everybody above: name an owner there, or end the block."
    return f"{nobody}: assign somebody, or record a rule with `unowned: true` if that is meant."


def _conflict(what: str, cause: Cause) -> str:
    claims = " and ".join(sorted(_assigned(row) for row in cause.verdict.claims))
    return f"Several owners claim {what}: {claims}; give one of them the letter `accountable`, or end all but one."


def _inactive(what: str, cause: Cause) -> str:
    row = cause.verdict.claims[0]
    is_team = cause.owner is not None and cause.owner.kind is OwnerKind.TEAM
    state = "has no active member" if is_team else "is not active"
    return (
        f"{row.body.owner}, who would be accountable for {what} by the assignment of {_assigned(row)}, {state}: "
        "assign somebody else, or let somebody stand in."
    )


def _expired(what: str, cause: Cause) -> str:
    row = cause.row
    if row is None or not isinstance(row.body, Assignment) or row.valid.end is None:
        raise TypeError(f"an assignment that ended is needed, not {row!r}")
    left = "only a fallback answers" if cause.verdict.outcome is Outcome.FALLBACK else "nobody followed"
    return (
        f"The assignment of {_assigned(row)} ended at {instant_text(row.valid.end)}, and {left} for {what}: "
        "renew it, or assign somebody else."
    )


def _blurry(what: str, cause: Cause) -> str:
    return f"No function leads {what}: record an agreement, or a rule that names a lead."


def _review_due(what: str, cause: Cause) -> str:
    row = cause.row
    if row is None or not isinstance(row.body, Agreement):
        raise TypeError(f"an agreement is needed, not {row!r}")
    return (
        f"The agreement that {row.body.lead} leads {what} was to be reviewed by {row.body.review}: "
        "confirm it with a later date, or change it."
    )


_SENTENCES: Mapping[GapKind, Callable[[str, Cause], str]] = {
    GapKind.UNOWNED: _unowned,
    GapKind.CONFLICT: _conflict,
    GapKind.OWNER_INACTIVE: _inactive,
    GapKind.EXPIRED_ASSIGNMENT: _expired,
    GapKind.BLURRY_WITHOUT_AGREEMENT: _blurry,
    GapKind.AGREEMENT_REVIEW_DUE: _review_due,
}


def _assigned(row: Fact[Assignment]) -> str:
    body = row.body
    what = "everything" if body.responsibility == ALL else body.responsibility
    return f"{what} for {body.function} at {body.area} to {body.owner}"
