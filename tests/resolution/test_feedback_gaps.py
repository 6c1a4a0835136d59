"""Feedback that belongs to no area, or to several alike."""

from remit.domain.feedback import offering
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import SourceName
from remit.domain.tallies import FeedbackTally
from remit.resolution.feedback_gaps import feedback_gaps
from support.feedback import DESK
from support.model_files import after
from support.models import a_model

CANNY = SourceName("canny")
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme}
  - {key: cart, name: Cart, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cart, till]}]}
  - {key: desk, name: Desk, kind: team, parent: shop, feedback: [{source: zendesk, tags: [desk, till]}]}
"""


def alike(count: int, *tags: str, source: SourceName = DESK, **also: tuple[str, ...]) -> FeedbackTally:
    return FeedbackTally(source, offering(tags=tags, **also), count)


def a_gap(area: str | None, count: int, message: str, subject: str) -> Gap:
    return Gap(GapKind.UNMATCHED_FEEDBACK, area, None, None, count, message, subject)


def told(*tallies: FeedbackTally) -> tuple[Gap, ...]:
    return feedback_gaps(a_model(*after(MODEL)), tallies)


def test_feedback_that_one_area_claims_is_no_gap() -> None:
    assert told(alike(3, "cart"), alike(4, "desk", "other")) == ()


def test_feedback_of_no_area_is_told_by_source_with_what_most_of_it_offers() -> None:
    found = told(
        alike(3, "billing"),
        alike(2, "billing", "login", groups=("Support",)),
        alike(1, "slow"),
        alike(1, source=CANNY),
    )
    assert found == (
        a_gap(
            "shop",
            6,
            "6 pieces of feedback of zendesk belong to no area (5 with tags 'billing', 2 with groups 'Support', "
            "2 with tags 'login'): give an area a selector for them.",
            "zendesk",
        ),
        a_gap(None, 1, "1 piece of feedback of canny belongs to no area: give an area a selector for them.", "canny"),
    )


def test_feedback_of_several_areas_is_told_by_those_areas() -> None:
    assert told(alike(3, "till"), alike(2, "till", "new"), alike(1, "cart", "desk")) == (
        a_gap(
            "shop",
            6,
            "6 pieces of feedback of zendesk belong to cart, desk alike, and so to none of them (5 with tags 'till', "
            "2 with tags 'new', 1 with tags 'cart'): let one of their selectors ask for more, or take one away.",
            "zendesk cart desk",
        ),
    )


def test_the_most_come_first() -> None:
    assert [gap.count for gap in told(alike(1, "none"), alike(5, "till"), alike(2, source=CANNY))] == [5, 2, 1]


def test_a_selector_is_found_however_its_values_are_spaced() -> None:
    assert feedback_gaps(a_model(*after(MODEL)), [FeedbackTally(DESK, (("tags", (" cart ",)),), 2)]) == ()
