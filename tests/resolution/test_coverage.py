"""Coverage: of the cells that want an owner, how many have somebody accountable, by subtree and function."""

from remit.domain.facts import Body, Fact
from remit.domain.gaps import Coverage, Share
from remit.resolution.coverage import coverage
from remit.resolution.verdicts import verdicts
from support.models import (
    FALLBACK,
    PM,
    PO,
    UNOWNED,
    a_delegation,
    a_model,
    a_person,
    a_rule,
    a_split,
    an_agreement,
    an_assignment,
)

LED_BY_PM, LED_BY_PO, BLURRY = 7, 6, 4
"""Responsibilities of the shipped catalogue in the stage of LINE."""


def covered(*facts: Fact[Body], area: str = "acme") -> Coverage:
    model = a_model(*facts)
    (found,) = coverage(model, verdicts(model), [area])
    return found


def test_a_model_without_assignments_covers_nothing() -> None:
    cells = LED_BY_PM + LED_BY_PO + BLURRY
    assert covered() == Coverage(
        "acme", Share(4 * cells, 0), ((PM, Share(4 * LED_BY_PM, 0)), (PO, Share(4 * LED_BY_PO, 0)))
    )


def test_an_area_counts_everything_below_it_and_nothing_above() -> None:
    row = an_assignment("checkout", "ana")
    assert [covered(row, area=area).functions[0][1] for area in ("acme", "payments", "checkout", "cart")] == [
        Share(28, 14),
        Share(21, 14),
        Share(14, 14),
        Share(7, 7),
    ]


def test_a_blurry_cell_wants_an_owner_has_none_and_is_no_functions() -> None:
    people = [an_assignment("acme", "ana"), an_assignment("acme", "omar", function=PO)]
    told = covered(*people, area="cart")
    assert (told.share, told.functions) == (Share(17, 13), ((PM, Share(7, 7)), (PO, Share(6, 6))))
    assert covered(*people, an_agreement("cart", "leadership", PM), area="cart").share == Share(17, 14)


def test_deliberate_non_ownership_does_not_count() -> None:
    rules = [a_rule("cart", "innovation", UNOWNED), a_rule("cart", "documentation", UNOWNED)]
    assert covered(*rules, area="cart").share == Share(15, 0)


def test_delegates_and_fallbacks_cover_and_conflicts_and_leavers_do_not() -> None:
    def share(*facts: Fact[Body]) -> Share:
        return covered(*facts, area="cart").functions[0][1]

    assert share(an_assignment("acme", "ana", FALLBACK)) == Share(7, 7)
    assert share(an_assignment("acme", "ana"), a_delegation("ana", "ivo")) == Share(7, 7)
    assert share(an_assignment("acme", "ana"), an_assignment("acme", "ivo")) == Share(7, 0)
    assert share(an_assignment("acme", "ana"), a_person("ana", active=False)) == Share(7, 0)


def test_a_function_that_leads_nothing_here_is_left_out() -> None:
    rules = [a_rule("cart", row, a_split(PO)) for row in _LED_BY_PM]
    assert [function for function, _ in covered(*rules, area="cart").functions] == [PO]


_LED_BY_PM = (
    "vision_and_strategy", "innovation", "user_empathy", "mvp_development", "market_research", "roadmap_ownership",
    "goal_setting",
)  # fmt: skip


def test_percent_has_one_decimal_is_100_for_all_alone_and_nothing_where_nobody_is_wanted() -> None:
    shares = [Share(3, 2), Share(8, 8), Share(170_000, 169_999), Share(7, 0), Share(0, 0)]
    assert [share.percent for share in shares] == [66.6, 100.0, 99.9, 0.0, None]


def test_areas_come_in_the_order_asked() -> None:
    model = a_model()
    asked = ["cart", "acme"]
    assert [told.area for told in coverage(model, verdicts(model), asked)] == asked
