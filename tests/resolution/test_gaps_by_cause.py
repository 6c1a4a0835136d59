"""However gaps are gathered by cause, no cell that lacks something is lost, counted twice or told elsewhere."""

from collections import Counter

from hypothesis import given, settings

from remit.domain.answers import Outcome
from remit.domain.facts import Facts
from remit.domain.gaps import GapKind
from remit.domain.model import model_at
from remit.resolution.findings import find, gaps_within
from remit.resolution.ownership import resolve
from support.model_strategies import models
from support.models import NOON

KINDS = {
    Outcome.UNOWNED: GapKind.UNOWNED,
    Outcome.CONFLICT: GapKind.CONFLICT,
    Outcome.OWNER_INACTIVE: GapKind.OWNER_INACTIVE,
    Outcome.BLURRY: GapKind.BLURRY_WITHOUT_AGREEMENT,
}


@given(facts=models())
@settings(max_examples=100)
def test_the_gaps_of_any_subtree_count_each_of_its_open_cells_once(facts: Facts) -> None:
    model = model_at(facts, NOON)
    found = find(model, facts, NOON, NOON.date())
    for area in model.areas:
        inside = model.under(area)
        answers = (resolve(model, one, row) for one in inside for row in model.responsibilities)
        open_cells = Counter((KINDS[a.outcome], a.responsibility) for a in answers if a.outcome in KINDS)
        told = gaps_within(found, tuple(KINDS.values()), area)
        counted: Counter[tuple[GapKind, object]] = Counter()
        for gap in told:
            counted[gap.kind, gap.responsibility] += gap.count
        assert counted == open_cells
        assert {gap.area for gap in told} <= set(inside)
        assert len({gap.key for gap in told}) == len(told)


@given(facts=models())
@settings(max_examples=50)
def test_the_area_of_a_gap_lacks_what_it_says_and_the_one_above_lacks_it_for_another_reason(facts: Facts) -> None:
    model = model_at(facts, NOON)
    found = find(model, facts, NOON, NOON.date())
    for gap in gaps_within(found, tuple(KINDS.values())):
        assert gap.area is not None
        assert gap.responsibility is not None
        own = found.ailing[gap.kind, gap.area, gap.responsibility]
        for above in model.paths[gap.area][1:2]:
            assert found.ailing.get((gap.kind, above, gap.responsibility)) != own
