"""How long the thinking takes for a large organisation, and whether twice the areas take twice as long."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from remit.domain.facts import Facts
from remit.domain.model import model_at
from remit.usecases.ask_ownership import compute
from support.budgets import Section, Stopwatch, resident_mb
from support.large_models import large_facts

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ABOUT = """A generated organisation of five levels, half as many people as areas, every product and team staffed in both
functions, a tenth of the areas with rules of their own; every responsibility of the catalogue in every area, with whole
traces, in one process and one pass. The limit builds and keeps one tuple per cell. Ratios of the growth are per area:
1 is linear."""
INSTANT = datetime(2026, 11, 25, tzinfo=UTC)
SMALL, LARGE = 1_000, 10_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds for each step, cells resolved, and the memory their answers hold."""

    digest_s: float
    index_s: float
    resolve_s: float
    cells: int
    held_mb: float


def cost(areas: int) -> Cost:
    facts = large_facts(areas, areas // 2, seed=1)
    facts = Facts(facts.catalogue, facts.declared)
    with Stopwatch() as digest:
        named = facts.digest
    model = model_at(facts, INSTANT)
    index_s = statistics.median(indexing_s(facts) for _ in range(5))
    gc.collect()
    before_mb = resident_mb()
    with Stopwatch() as resolve:
        answers = [compute(model, area) for area in model.areas]
    held_mb = resident_mb() - before_mb
    assert model.version == named
    cells = sum(len(of_area) for of_area in answers)
    return Cost(digest.spent.cpu_s, index_s, resolve.spent.cpu_s, cells, held_mb)


def indexing_s(facts: Facts) -> float:
    """Garbage is collected before: a collection of everything that lives in the process takes longer than the index."""
    gc.collect()
    with Stopwatch() as watch:
        model_at(facts, INSTANT)
    return watch.spent.cpu_s


def limit_s(cells: int) -> float:
    with Stopwatch() as watch:
        kept = [(number, "area", "responsibility", None) for number in range(cells)]
    assert len(kept) == cells
    return watch.spent.cpu_s


def test_resolving_every_cell_of_a_large_organisation(section: Callable[[str, str], Section]) -> None:
    shown = section("3. Resolving a whole organisation", ABOUT)
    small, large = cost(SMALL), cost(LARGE)
    for size, told in ((SMALL, small), (LARGE, large)):
        bound = limit_s(told.cells)
        rate = f"{told.resolve_s:.2f} s, {told.cells / told.resolve_s:,.0f} cells/s"
        shown.add(f"{size:,} areas, {told.cells:,} cells: resolve", rate, f"{told.resolve_s / bound:.0f}")
        shown.add(f"{size:,} areas: digest of all facts", f"{told.digest_s:.2f} s")
        shown.add(f"{size:,} areas: index the model", f"{told.index_s:.2f} s")
        shown.add(f"{size:,} areas: memory of the answers", f"{told.held_mb:.0f} MB")
    growth = (large.resolve_s / small.resolve_s) / (LARGE / SMALL)
    shown.add(f"growth from {SMALL:,} to {LARGE:,} areas, per area: resolve", f"{growth:.2f}", f"{growth:.2f}")
    growth = (large.index_s / small.index_s) / (LARGE / SMALL)
    shown.add(f"growth from {SMALL:,} to {LARGE:,} areas, per area: index", f"{growth:.2f}", f"{growth:.2f}")
