"""What a gap says: one sentence with what is wrong, where, and what to do about it."""

from remit.domain.answers import Outcome
from remit.domain.facts import Fact
from remit.domain.gaps import GapKind
from remit.domain.ids import ALL, AreaKey, ResponsibilityKey
from remit.domain.intervals import instant_text
from remit.domain.policy import Agreement, Assignment
from remit.resolution.verdicts import Verdict


def remedy(
    kind: GapKind,
    area: AreaKey,
    responsibility: ResponsibilityKey,
    count: int,
    told: Verdict | None,
    row: Fact[Assignment] | Fact[Agreement] | None,
) -> str:
    """The sentence for a gap at `area` from which `count` cells suffer, those of areas below among them."""
    where = f"at {area}" if count <= 1 else f"at {area} and {count - 1} {'area' if count == 2 else 'areas'} below"
    if row is not None and isinstance(row.body, Agreement):
        return (
            f"The agreement that {row.body.lead} leads {responsibility} {where} was to be reviewed by "
            f"{row.body.review}: confirm it with a later date, or change it."
        )
    if row is not None and isinstance(row.body, Assignment):
        left = "only a fallback answers" if told is not None and told.outcome is Outcome.FALLBACK else "nobody followed"
        return (
            f"The assignment of {_assigned(row)} ended at {_end(row)}, and {left} for {responsibility} {where}: "
            "renew it, or assign somebody else."
        )
    if told is None or kind is GapKind.BLURRY_WITHOUT_AGREEMENT:
        return f"No function leads {responsibility} {where}: record an agreement, or a rule that names a lead."
    if kind is GapKind.UNOWNED and told.block is not None:
        return (
            f"Nobody of {told.lead} is accountable for {responsibility} {where}, since the block at "
            f"{told.block.body.area} hides everybody above: name an owner there, or end the block."
        )
    if kind is GapKind.UNOWNED:
        return (
            f"Nobody of {told.lead} is accountable for {responsibility} {where}: "
            "assign somebody, or record a rule with `unowned: true` if that is meant."
        )
    if kind is GapKind.OWNER_INACTIVE:
        return (
            f"{told.claims[0].body.owner}, who would be accountable for {responsibility} {where} by the assignment of "
            f"{_assigned(told.claims[0])}, is not active: assign somebody else, or let somebody stand in."
        )
    claims = " and ".join(sorted(_assigned(row) for row in told.claims))
    return (
        f"Several owners claim {responsibility} {where}: {claims}; "
        "give one of them the letter `accountable`, or end all but one."
    )


def _assigned(row: Fact[Assignment]) -> str:
    body = row.body
    what = "everything" if body.responsibility == ALL else body.responsibility
    return f"{what} for {body.function} at {body.area} to {body.owner}"


def _end(row: Fact[Assignment]) -> str:
    return instant_text(row.valid.end) if row.valid.end is not None else "no time"
