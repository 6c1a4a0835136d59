"""Which function leads? The most specific statement wins; every other one is kept as a loser (R8 to R20)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.catalogue import Split
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Agreement, Rule
from remit.domain.records import Criteria
from remit.resolution.climb import is_staffed
from remit.resolution.matching import holds


@dataclass(frozen=True, slots=True)
class Statement:
    """One layer's word on a responsibility; `split` None is deliberate non-ownership."""

    layer: Layer
    scope: str
    split: Split | None
    fact: Fact[Rule] | Fact[Agreement] | None = None
    reason: Reason = Reason.MOST_SPECIFIC

    @property
    def blurry(self) -> bool:
        return self.split is not None and self.split.lead is None


@dataclass(frozen=True, slots=True)
class Decision:
    """Who leads: `split` None with no conflict is deliberate non-ownership."""

    split: Split | None
    conflict: bool
    trace: tuple[Candidate, ...]


def decide(model: Model, area: AreaKey, responsibility: ResponsibilityKey, issue: Criteria | None = None) -> Decision:
    """The split of a responsibility in an area, or for an issue with these criteria in that area."""
    trace: list[Candidate] = []
    asked = list(_issue_statements(model, area, responsibility, issue, trace)) if issue is not None else []
    standing = list(_area_statements(model, area, responsibility))
    if asked:
        ranked = sorted(asked, key=lambda ranked_statement: ranked_statement[0], reverse=True)
        tied = [statement for rank, statement in ranked if rank == ranked[0][0]]
        losers = [statement for rank, statement in ranked if rank != ranked[0][0]] + standing
        if len(tied) > 1:
            trace.extend(_said(statement, Standing.REJECTED, Reason.TIED) for statement in tied)
            trace.extend(_said(statement, Standing.REJECTED, Reason.LESS_SPECIFIC) for statement in losers)
            return Decision(None, True, tuple(trace))
        winner = tied[0]
        settling = _settling_agreement(model, area, winner, losers) if winner.blurry else None
        if settling is not None:
            trace.append(_said(winner, Standing.REJECTED, Reason.BLURRY_SETTLED))
            winner, losers = settling, [statement for statement in losers if statement is not settling]
    else:
        winner, losers = standing[0], standing[1:]
    reason = Reason.REOPENED if _reopens(winner, losers) else winner.reason
    trace.append(_said(winner, Standing.CHOSEN, reason))
    trace.extend(_said(statement, Standing.REJECTED, Reason.LESS_SPECIFIC) for statement in losers)
    return Decision(winner.split, False, tuple(trace))


def _issue_statements(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, issue: Criteria, trace: list[Candidate]
) -> Iterator[tuple[tuple[int, tuple[int, tuple[bool, ...]]], Statement]]:
    """Issue rules that match, with their rank: nearest area, then standing (R11). The others go to the trace."""
    for distance, level in enumerate(model.paths[area]):
        for fact in model.issue_rules.get((level, responsibility), ()):
            predicate = fact.body.predicate
            if predicate is None:
                continue
            statement = Statement(Layer.ISSUE_RULE, level, fact.body.split, fact)
            if holds(predicate, issue):
                yield (-distance, predicate.standing), statement
            else:
                trace.append(_said(statement, Standing.SKIPPED, Reason.NOT_MATCHING))


def _area_statements(model: Model, area: AreaKey, responsibility: ResponsibilityKey) -> Iterator[Statement]:
    """Every statement about the area itself, most specific first: a total order (R13, R14, R17)."""
    path = model.paths[area]
    for distance, level in enumerate(path):
        layer = Layer.AREA if distance == 0 else Layer.ANCESTOR
        if distance and model.areas[level].parent is None:
            layer = Layer.ORGANISATION
        rule = model.rules.get((level, responsibility))
        agreement = model.agreements.get((level, responsibility))
        said = Statement(layer, level, rule.body.split, rule) if rule is not None else None
        if said is not None and not said.blurry:
            yield said
        if agreement is not None:
            yield Statement(Layer.AGREEMENT, level, agreement.body.split, agreement)
        if said is not None and said.blurry:
            yield said
    yield from _stage_statements(model, area, responsibility)
    yield Statement(Layer.CATALOGUE, "catalogue", model.responsibilities[responsibility].split)


def _stage_statements(model: Model, area: AreaKey, responsibility: ResponsibilityKey) -> Iterator[Statement]:
    """The profile of the nearest area with a stage: the organisation's own row, then the one that ships (R14, R15)."""
    if (nearest := model.stage_of(area)) is None:
        return
    stage, _ = nearest
    if (rule := model.stage_rules.get((stage, responsibility))) is not None:
        yield Statement(Layer.STAGE, stage, rule.body.split, rule)
    if (row := model.profiles.get((stage, responsibility))) is None:
        return
    if row.unstaffed is None or row.split.lead is None:
        yield Statement(Layer.STAGE, stage, row.split)
    elif is_staffed(model, area, responsibility, row.split.lead):
        yield Statement(Layer.STAGE, stage, row.split, reason=Reason.STAFFED)
    else:
        yield Statement(Layer.STAGE, stage, row.unstaffed, reason=Reason.UNSTAFFED)


def _settling_agreement(
    model: Model, area: AreaKey, blurry: Statement, others: Sequence[Statement]
) -> Statement | None:
    """The nearest agreement from the issue's area up to the blurry issue rule's own area (R18)."""
    path = model.paths[area]
    reach = path[: path.index(AreaKey(blurry.scope)) + 1]
    return next((s for s in others if s.layer is Layer.AGREEMENT and s.scope in reach), None)


def _reopens(winner: Statement, losers: Sequence[Statement]) -> bool:
    """A blurry rule that stands below an agreement opens the line again (R18)."""
    return winner.blurry and any(statement.layer is Layer.AGREEMENT for statement in losers)


def _said(statement: Statement, verdict: Standing, reason: Reason) -> Candidate:
    fact = statement.fact
    names = None if fact is None else ("Agreement" if isinstance(fact.body, Agreement) else "Rule", fact.key)
    by, when = (fact.recorded.by, fact.recorded.at) if fact is not None and fact.recorded else (None, None)
    message = f"{_source(statement)} says {_word(statement.split)}{_because(fact)}{_ENDINGS.get(reason, '')}."
    return Candidate(Step.SPLIT, statement.layer, statement.scope, verdict, reason, message, names, by, when)


_ENDINGS = {
    Reason.LESS_SPECIFIC: "; something more specific is said",
    Reason.TIED: "; another rule for these issues stands equal",
    Reason.NOT_MATCHING: "; the issue does not match it",
    Reason.BLURRY_SETTLED: "; an agreement settles that",
    Reason.REOPENED: "; that reopens what an agreement above had settled",
    Reason.STAFFED: ", since that function is staffed here",
    Reason.UNSTAFFED: ", since the function that would lead has nobody here",
}


def _source(statement: Statement) -> str:
    match statement.layer:
        case Layer.CATALOGUE:
            return "The catalogue"
        case Layer.STAGE:
            return f"The {statement.scope} profile"
        case Layer.AGREEMENT:
            return f"The agreement at {statement.scope}"
        case Layer.ISSUE_RULE:
            predicate = (
                statement.fact.body.predicate if statement.fact and isinstance(statement.fact.body, Rule) else ""
            )
            return f"The rule at {statement.scope} for issues with {predicate}"
        case _:
            return f"The rule at {statement.scope}"


def _word(split: Split | None) -> str:
    if split is None:
        return "nobody owns it, on purpose"
    support = ", ".join(f"{function} {letter}" for function, letter in split.support)
    lead = f"{split.lead} leads" if split.lead is not None else "no function leads"
    return f"{lead} ({support})" if support else lead


def _because(fact: Fact[Rule] | Fact[Agreement] | None) -> str:
    if fact is None:
        return ""
    told = fact.body.note if isinstance(fact.body, Agreement) else fact.body.reason
    return f" («{told}»)" if told else ""
