"""Where does the declared model leave a cell without an owner it should have? One gap for each cause."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from remit.domain.answers import Outcome
from remit.domain.facts import Fact, Facts
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Agreement
from remit.resolution.expiry import lapsed
from remit.resolution.remedies import Cause, remedy
from remit.resolution.verdicts import Verdict, Verdicts

Cell = tuple[GapKind, AreaKey, ResponsibilityKey]
Ailing = Mapping[Cell, Cause]
"""Every cell that lacks something, under each kind of gap it is part of."""
_KINDS = {
    Outcome.UNOWNED: GapKind.UNOWNED,
    Outcome.CONFLICT: GapKind.CONFLICT,
    Outcome.OWNER_INACTIVE: GapKind.OWNER_INACTIVE,
    Outcome.BLURRY: GapKind.BLURRY_WITHOUT_AGREEMENT,
}


def ailing(model: Model, facts: Facts, cells: Verdicts, instant: datetime, today: date) -> Ailing:
    """Every cell with a gap. `today` is the day of `instant` where the organisation is (R3)."""
    found: dict[Cell, Cause] = {}
    causes: dict[int, tuple[tuple[GapKind, Cause], ...]] = {}  # quiet areas share their verdicts
    for area, row in cells.items():
        for responsibility, told in row.items():
            if id(told) not in causes:
                causes[id(told)] = _causes(model, told, today)
            for kind, cause in causes[id(told)]:
                found[kind, area, responsibility] = cause
    for (area, responsibility), assignment in lapsed(model, facts, cells, instant).items():
        owner = model.owner(assignment.body.owner) if assignment.body.owner is not None else None
        cause = Cause((assignment.key,), owner, cells[area][responsibility], assignment)
        found[GapKind.EXPIRED_ASSIGNMENT, area, responsibility] = cause
    return found


def gaps(model: Model, ailing: Ailing, within: Iterable[AreaKey] | None = None) -> tuple[Gap, ...]:
    """One gap for each cause, at the topmost area that suffers from it, counting all cells that do.

    `within` (a subtree, parents first; None: every area) leaves all others out, above it too. In the order of kinds,
    areas from the root down, and responsibilities.
    """
    order = {area: n for n, area in enumerate(within if within is not None else by_depth(model))}
    tops: dict[Cell, AreaKey] = {}
    counts: Counter[Cell] = Counter()
    for cell in sorted((cell for cell in ailing if cell[1] in order), key=lambda cell: order[cell[1]]):
        kind, area, responsibility = cell
        above = next(iter(model.paths[area][1:2]), None)
        same = (kind, above, responsibility) if above is not None else None
        tops[cell] = tops[same] if same in tops and ailing[same] == ailing[cell] else area
        counts[kind, tops[cell], responsibility] += 1
    kinds, rows = list(GapKind), list(model.responsibilities)
    told = sorted(counts, key=lambda cell: (kinds.index(cell[0]), order[cell[1]], rows.index(cell[2])))
    return tuple(_gap(cell, ailing[cell], counts[cell]) for cell in told)


def idle_agreements(model: Model, cells: Verdicts, today: date) -> tuple[Gap, ...]:
    """Agreements past their review date that settle nothing, since a rule of the same area decides (R17)."""
    used = {id(told.source.fact) for row in cells.values() for told in row.values()}
    due = (fact for fact in model.agreements.values() if _is_due(fact, today) and id(fact) not in used)
    return tuple(_idle(fact) for fact in sorted(due, key=lambda fact: fact.key))


def _idle(fact: Fact[Agreement]) -> Gap:
    body = fact.body
    message = (
        f"The agreement at {body.area} on {body.responsibility} was to be reviewed by {body.review}, and settles "
        "nothing, since a rule there decides: end the agreement, or the rule."
    )
    return Gap(GapKind.AGREEMENT_REVIEW_DUE, body.area, body.responsibility, None, 0, message, fact.key)


def by_depth(model: Model) -> list[AreaKey]:
    """Every area, from the root down; areas of one depth by key."""
    return sorted(model.areas, key=lambda key: (len(model.paths[key]), key))


def _causes(model: Model, told: Verdict, today: date) -> tuple[tuple[GapKind, Cause], ...]:
    found = []
    if (kind := _KINDS.get(told.outcome)) is not None:
        found.append((kind, _cause(model, told)))
    fact = told.source.fact
    if fact is not None and isinstance(fact.body, Agreement) and _is_due(fact, today):
        found.append((GapKind.AGREEMENT_REVIEW_DUE, Cause((fact.key,), None, told, fact)))
    return tuple(found)


def _cause(model: Model, told: Verdict) -> Cause:
    """What one remedy would mend: the missing people of a function, the rows that contradict, the rule that is open."""
    if told.outcome is Outcome.UNOWNED:
        return Cause((told.lead or "", *((told.block.key,) if told.block is not None else ())), None, told)
    if told.outcome is Outcome.BLURRY:
        return Cause((told.source.fact.key,) if told.source.fact is not None else (), None, told)
    owner = told.claims[0].body.owner if told.outcome is Outcome.OWNER_INACTIVE else None
    rows = tuple(sorted(row.key for row in told.claims))
    return Cause(rows, model.owner(owner) if owner is not None else None, told)


def _is_due(fact: Fact[Agreement], today: date) -> bool:
    return fact.body.review is not None and fact.body.review < today


def _gap(cell: Cell, cause: Cause, count: int) -> Gap:
    kind, area, responsibility = cell
    message = remedy(kind, area, responsibility, count, cause)
    return Gap(kind, area, responsibility, cause.owner, count, message, " ".join(cause.names))
