"""What questions about a whole model cost: its gaps, what a change would come to, and one area after a change."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from remit.changing.planning import plan_changes
from remit.domain.changes import SetAssignment, SetStage
from remit.domain.differences import Difference
from remit.domain.facts import Facts
from remit.domain.gaps import GapKind
from remit.domain.model import Model, model_at
from remit.resolution.difference import difference
from remit.resolution.findings import Findings, find, gaps_within
from remit.resolution.verdicts import verdicts
from remit.usecases.ask_ownership import compute
from support.budgets import Section, Stopwatch
from support.large_models import large_facts

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ABOUT = """The generated organisation of section 3. Gaps: what every cell comes to, without traces, and what it lacks,
by cause. Simulate: the organisation gets another stage, which touches every area without one of its own; from the
change to the difference, checks and digest included, with the findings of the model as it is at hand. One area: every
responsibility with whole traces, after a team got another owner; the median of 200 areas of the same depth. The limit
is one pass over every cell with whole traces; ratios are times over it. Ratios of the growth are per area: 1 is linear,
0.1 does not depend on the size."""
INSTANT = datetime(2026, 11, 25, tzinfo=UTC)
TODAY = INSTANT.date()
SMALL, LARGE = 1_000, 10_000


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds."""

    pass_s: float
    find_s: float
    list_s: float
    simulate_s: float
    one_area_s: float
    cells: int
    gaps: int
    changed: int


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    with Stopwatch() as watch:
        made = work()
    return watch.spent.cpu_s, made


def cost(areas: int) -> Cost:
    facts = large_facts(areas, areas // 2, seed=1)
    model = model_at(facts, INSTANT)
    pass_s, cells = timed(lambda: sum(len(compute(model, area)) for area in model.areas))
    verdicts(model)  # the first of a process is slower
    find_s, found = timed(lambda: found_in(facts, model))
    list_s, gaps = timed(lambda: gaps_within(found, tuple(GapKind)))
    simulate_s, told = timed(lambda: simulated(facts, found))
    return Cost(pass_s, find_s, list_s, simulate_s, one_area(facts), cells, len(gaps), len(told.cells))


def found_in(facts: Facts, model: Model) -> Findings:
    return find(model, facts, INSTANT, TODAY)


def simulated(facts: Facts, found: Findings) -> Difference:
    planned = plan_changes(facts, [SetStage(area="org", stage="startup")], INSTANT)
    after = Facts(facts.catalogue, planned.plan.result)
    return difference(found, found_in(after, model_at(after, INSTANT)))


def one_area(facts: Facts) -> float:
    """Seconds for all answers of a component, after its team got another owner."""
    change = SetAssignment(area="team-1", responsibility="all", function="product_management", owner="p0")
    planned = plan_changes(facts, [change], INSTANT)
    model = model_at(Facts(facts.catalogue, planned.plan.result), INSTANT)
    deepest = max(len(path) for path in model.paths.values())
    areas = [area for area, path in sorted(model.paths.items()) if len(path) == deepest][:200]
    return statistics.median(timed(lambda area=area: compute(model, area))[0] for area in areas)


def test_questions_about_a_whole_model(section: Callable[[str, str], Section]) -> None:
    shown = section("4. Gaps, and what a change would come to", ABOUT)
    small, large = cost(SMALL), cost(LARGE)
    for size, told in ((SMALL, small), (LARGE, large)):
        limit_s = told.pass_s

        def row(what: str, spent_s: float, more: str, size: int = size, limit_s: float = limit_s) -> None:
            shown.add(f"{size:,} areas: {what}", f"{spent_s:.2f} s, {more}", f"{spent_s / limit_s:.2f}")

        row("one pass with whole traces (limit)", told.pass_s, f"{told.cells:,} cells")
        row("find what every cell comes to and lacks", told.find_s, f"{told.cells / told.find_s:,.0f} cells/s")
        row("list the gaps by cause", told.list_s, f"{told.gaps:,} gaps")
        row("simulate another stage of the organisation", told.simulate_s, f"{told.changed:,} cells change")
        figure = f"{told.one_area_s * 1000:.2f} ms"
        shown.add(f"{size:,} areas: one area after a change", figure, f"{told.one_area_s / limit_s:.5f}")
    for what, growth in (
        ("find", large.find_s / small.find_s),
        ("list", large.list_s / small.list_s),
        ("simulate", large.simulate_s / small.simulate_s),
        ("one area", large.one_area_s / small.one_area_s),
    ):
        per_area = growth / (LARGE / SMALL)
        shown.add(f"growth from {SMALL:,} to {LARGE:,} areas, per area: {what}", f"{per_area:.2f}", f"{per_area:.2f}")
