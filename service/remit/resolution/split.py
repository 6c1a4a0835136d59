"""Which function leads? The most specific statement wins; every other one is kept as a loser (R8 to R20)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.catalogue import Split
from remit.domain.facts import Fact
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import Model
from remit.domain.policy import Agreement, Rule
from remit.domain.records import Criteria
from remit.resolution.candidates import because, of_fact
from remit.resolution.climb import Climbs
from remit.resolution.matching import holds


@dataclass(frozen=True, slots=True)
class Statement:
    """One layer's word on a responsibility; `split` None is deliberate non-ownership. `origin` sets the stage."""

    layer: Layer
    scope: str
    split: Split | None
    fact: Fact[Rule] | Fact[Agreement] | None = None
    reason: Reason = Reason.MOST_SPECIFIC
    origin: AreaKey | None = None

    @property
    def silent(self) -> bool:
        """A profile that says nothing of the responsibility."""
        return self.reason is Reason.NO_ROW

    @property
    def blurry(self) -> bool:
        return self.split is not None and self.split.lead is None


@dataclass(frozen=True, slots=True)
class Decision:
    """Who leads, by the word of `source`; None where those of `tied`, of equal standing, contradict each other."""

    source: Statement | None
    trace: tuple[Candidate, ...]
    tied: tuple[Statement, ...] = ()


def decide(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, climbs: Climbs, issue: Criteria | None = None
) -> Decision:
    """The split of a responsibility in an area, or for an issue with these criteria in that area.

    `climbs` are those from the area: one profile asks whether a function has an owner there (R15).
    """
    others = list(_area_statements(model, area, responsibility, climbs))
    trace: list[Candidate] = []
    asked = list(_issue_statements(model, area, responsibility, issue, trace)) if issue is not None else []
    if not asked:
        return _decision(_first(others), others, trace)
    ranked = sorted(asked, key=lambda ranked_statement: ranked_statement[0], reverse=True)
    tied = [statement for rank, statement in ranked if rank == ranked[0][0]]
    order = [*(statement for _, statement in ranked), *others]
    if len(tied) > 1:
        trace.extend(_said(statement, *_fate(statement, None, tied)) for statement in order)
        return Decision(None, tuple(trace), tuple(tied))
    settling = _settling_agreement(model, area, tied[0], others) if tied[0].blurry else None
    return _decision(settling or tied[0], order, trace)


def standing(model: Model, area: AreaKey, responsibility: ResponsibilityKey, climbs: Climbs) -> Statement:
    """The statement by which `decide` decides for an area, without looking at those that lose."""
    return _first(_area_statements(model, area, responsibility, climbs))


def _first(statements: Iterable[Statement]) -> Statement:
    return next(statement for statement in statements if not statement.silent)


def _decision(winner: Statement, order: Sequence[Statement], trace: Sequence[Candidate]) -> Decision:
    told = (_said(statement, *_fate(statement, winner, order)) for statement in order)
    return Decision(winner, (*trace, *told))


def _fate(statement: Statement, winner: Statement | None, others: Sequence[Statement]) -> tuple[Standing, Reason]:
    """What became of a statement; without a winner those of `others` tie (R11, R17, R18)."""
    if statement.silent:
        return Standing.SKIPPED, Reason.NO_ROW
    if statement is winner:
        reopens = statement.blurry and any(other.layer is Layer.AGREEMENT for other in others)
        return Standing.CHOSEN, Reason.REOPENED if reopens else statement.reason
    if winner is None and statement in others:
        return Standing.REJECTED, Reason.TIED
    settled = winner is not None and winner.layer is Layer.AGREEMENT and statement.blurry
    return Standing.REJECTED, Reason.BLURRY_SETTLED if settled else Reason.LESS_SPECIFIC


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


def _area_statements(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, climbs: Climbs
) -> Iterator[Statement]:
    """Every statement about the area itself, most specific first: a total order (R13, R14, R17)."""
    path = model.paths[area]
    for distance, level in enumerate(path):
        rule = model.rules.get((level, responsibility))
        agreement = model.agreements.get((level, responsibility))
        if rule is None and agreement is None:
            continue
        layer = Layer.AREA if distance == 0 else Layer.ANCESTOR
        if distance and model.areas[level].parent is None:
            layer = Layer.ORGANISATION
        said = Statement(layer, level, rule.body.split, rule) if rule is not None else None
        if said is not None and not said.blurry:
            yield said
        if agreement is not None:
            yield Statement(Layer.AGREEMENT, level, agreement.body.split, agreement)
        if said is not None and said.blurry:
            yield said
    yield from _stage_statements(model, area, responsibility, climbs)
    yield Statement(Layer.CATALOGUE, "catalogue", model.responsibilities[responsibility].split)


def _stage_statements(
    model: Model, area: AreaKey, responsibility: ResponsibilityKey, climbs: Climbs
) -> Iterator[Statement]:
    """The profile of the nearest area with a stage: the organisation's own row, then the one that ships (R14, R15)."""
    if (nearest := model.stage_of(area)) is None:
        return
    stage, origin = nearest
    rule = model.stage_rules.get((stage, responsibility))
    row = model.profiles.get((stage, responsibility))
    if rule is not None:
        yield Statement(Layer.STAGE, stage.value, rule.body.split, rule, origin=origin)
    if row is not None:
        split, reason = row.split, Reason.MOST_SPECIFIC
        if row.unstaffed is not None and split.lead is not None:
            staffed = climbs.find(responsibility, split.lead).staffed
            split, reason = (split, Reason.STAFFED) if staffed else (row.unstaffed, Reason.UNSTAFFED)
        yield Statement(Layer.STAGE, stage.value, split, None, reason, origin)
    if rule is None and row is None:
        yield Statement(Layer.STAGE, stage.value, None, None, Reason.NO_ROW, origin)


def _settling_agreement(
    model: Model, area: AreaKey, blurry: Statement, others: Sequence[Statement]
) -> Statement | None:
    """The nearest agreement from the issue's area up to the blurry issue rule's own area (R18)."""
    path = model.paths[area]
    reach = path[: path.index(AreaKey(blurry.scope)) + 1]
    return next((s for s in others if s.layer is Layer.AGREEMENT and s.scope in reach), None)


def _said(statement: Statement, verdict: Standing, reason: Reason) -> Candidate:
    fact = statement.fact
    reasons = (statement.reason,) if reason is statement.reason else (statement.reason, reason)
    ending = "".join(_ENDINGS.get(one, "") for one in reasons)
    word = "nothing of it" if statement.silent else _word(statement.split)
    message = f"{_source(statement)} says {word}{_because(fact)}{ending}."
    if fact is None:
        return Candidate(Step.SPLIT, statement.layer, statement.scope, verdict, reason, message)
    return of_fact(fact, Step.SPLIT, statement.layer, statement.scope, verdict, reason, message)


_ENDINGS = {
    Reason.STAFFED: ", since that function has an owner here",
    Reason.UNSTAFFED: ", since the function that would lead has no owner here",
    Reason.LESS_SPECIFIC: "; something more specific is said",
    Reason.TIED: "; another rule for the same issues stands equal, so no function leads",
    Reason.NOT_MATCHING: "; the issue does not match",
    Reason.BLURRY_SETTLED: "; an agreement settles who does",
    Reason.REOPENED: "; that reopens what an agreement higher up had settled",
}


def _source(statement: Statement) -> str:
    fact = statement.fact
    if statement.layer is Layer.CATALOGUE:
        return "The catalogue"
    if statement.layer is Layer.STAGE:
        own = "The rule for" if fact is not None else "The profile of"
        return f"{own} the stage {statement.scope}, set at {statement.origin},"
    if statement.layer is Layer.AGREEMENT:
        return f"The agreement at {statement.scope}"
    if fact is not None and isinstance(fact.body, Rule) and fact.body.predicate is not None:
        return f"The rule at {statement.scope} for issues with {fact.body.predicate}"
    return f"The rule at {statement.scope}"


def _word(split: Split | None) -> str:
    if split is None:
        return "nobody owns this, on purpose"
    support = ", ".join(f"{function} {letter}" for function, letter in split.support)
    lead = f"{split.lead} leads" if split.lead is not None else "no function leads"
    return f"{lead} ({support})" if support else lead


def _because(fact: Fact[Rule] | Fact[Agreement] | None) -> str:
    if fact is None:
        return ""
    return because(fact.body.note if isinstance(fact.body, Agreement) else fact.body.reason)
