"""An import speaks of now: windows recorded before it keep their ends, and what is to come stays to come."""

from datetime import UTC, datetime

from remit.domain.facts import Fact
from remit.domain.intervals import Interval
from remit.exchange.raci import read_raci
from support.exchanging import A_HOUSE, after, imported
from support.models import NOON, PM, A, I, R, a_fact, an_assignment

MAY, JULY, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 7, 8))
HEAD = "area,responsibility,ana,eva\n"
KEY = "checkout/all/product_management/ana"


def of_ana(valid: Interval, letter: object = None) -> Fact:
    return a_fact(an_assignment("checkout", "ana", letter=letter).body, valid)  # type: ignore[arg-type]


def windows(text: str, *held: Fact) -> list[tuple[object, Interval]]:
    """What Ana's part in checkout comes to: letters and when they hold."""
    result = after(read_raci, HEAD + text, [*A_HOUSE, *held])
    found = [(fact.body.letter, fact.valid) for fact in result if fact.key == KEY]
    return sorted(found, key=lambda one: str(one[1]))


def test_a_part_that_reads_as_stated_keeps_its_window() -> None:
    held = of_ana(Interval(MAY, JULY))
    assert imported(read_raci, f"{HEAD}checkout,all,A,\n", [*A_HOUSE, held]).is_empty


def test_a_part_that_changes_ends_when_it_would_have() -> None:
    assert windows("checkout,all,I,A\n", of_ana(Interval(MAY, JULY))) == [
        (None, Interval(MAY, NOON)),
        (I, Interval(NOON, JULY)),
    ]


def test_a_new_part_ends_where_the_next_one_that_is_recorded_begins() -> None:
    assert windows("checkout,all,A,\n", of_ana(Interval(JULY, AUGUST), R)) == [
        (A, Interval(NOON, JULY)),
        (R, Interval(JULY, AUGUST)),
    ]


def test_whose_part_ends_now_still_has_the_one_to_come() -> None:
    held = of_ana(Interval(None, JULY)), of_ana(Interval(AUGUST), R)
    assert windows("checkout,all,,A\n", *held) == [(R, Interval(AUGUST)), (None, Interval(None, NOON))]


def test_what_has_ended_is_no_part_of_the_cell() -> None:
    assert windows("checkout,all,A,\n", of_ana(Interval(None, MAY), R)) == [
        (A, Interval(NOON)),
        (R, Interval(None, MAY)),
    ]


def test_everything_that_is_not_named_stays_with_its_window() -> None:
    others = [a_fact(an_assignment("payments", "eva", function=PM, key="x").body, Interval(MAY, JULY), key="x")]
    plan = imported(read_raci, f"{HEAD}checkout,all,A,\n", [*A_HOUSE, *others])
    assert (plan.closes, [fact.key for fact in plan.opens]) == ((), [KEY])
    assert {(fact.key, fact.valid) for fact in plan.result} >= {(f.key, f.valid) for f in [*A_HOUSE, *others]}
