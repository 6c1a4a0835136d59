"""Assignments that ended: told as long as nobody, or only a fallback, has followed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from remit.domain.facts import Body, Fact
from remit.domain.gaps import GapKind
from remit.domain.intervals import Interval
from support.findings import brief, findings, gaps_of
from support.models import BLOCK, FALLBACK, PO, UNOWNED, A, R, a_person, a_rule, an_assignment

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def ended(fact: Fact[Body], at: datetime = MAY) -> Fact[Body]:
    return replace(fact, valid=Interval(None, at))


def test_an_assignment_that_ended_and_left_nobody_is_told_with_whom() -> None:
    found = findings(ended(an_assignment("payments", "ana")))
    assert [brief(gap) for gap in gaps_of(found)] == ["UNOWNED acme 4", "EXPIRED_ASSIGNMENT payments ana 3"]
    (gap,) = gaps_of(found, GapKind.EXPIRED_ASSIGNMENT)
    assert gap.message == (
        "The assignment of everything for product_management at payments to ana ended at 2026-05-01T00:00:00Z, and "
        "nobody followed for innovation at payments and 2 areas below: renew it, or assign somebody else."
    )


def test_an_assignment_that_ended_and_left_the_fallback_is_told() -> None:
    found = findings(ended(an_assignment("payments", "ana")), an_assignment("acme", "ivo", FALLBACK))
    (gap,) = gaps_of(found)
    assert (brief(gap), "only a fallback answers" in gap.message) == ("EXPIRED_ASSIGNMENT payments ana 3", True)


@pytest.mark.parametrize(
    "follower",
    [
        an_assignment("payments", "ivo"),
        an_assignment("acme", "ivo"),
        an_assignment("payments", "ivo", responsibility="innovation", letter=A),
        a_rule("acme", "innovation", UNOWNED),
    ],
    ids=["a successor", "one above", "for this alone", "on purpose"],
)
def test_an_assignment_that_somebody_followed_is_history(follower: Fact[Body]) -> None:
    found = findings(ended(an_assignment("payments", "ana")), follower)
    assert gaps_of(found, GapKind.EXPIRED_ASSIGNMENT) == []


def test_the_last_of_several_is_named() -> None:
    rows = [ended(an_assignment("payments", "ana")), ended(an_assignment("payments", "ivo"), JUNE)]
    assert [brief(gap) for gap in gaps_of(findings(*rows), GapKind.EXPIRED_ASSIGNMENT)] == [
        "EXPIRED_ASSIGNMENT payments ivo 3"
    ]


@pytest.mark.parametrize(
    "row",
    [
        ended(an_assignment("payments", "ana"), datetime(2025, 6, 1, 12, tzinfo=UTC)),
        ended(an_assignment("payments", "ana"), datetime(2026, 6, 1, 12, 0, 1, tzinfo=UTC)),
        ended(an_assignment("payments", "ana", letter=R)),
        ended(an_assignment("payments", None, BLOCK)),
        ended(an_assignment("nowhere", "ana")),
        ended(an_assignment("payments", "omar", function=PO)),
    ],
    ids=["a year ago", "not yet", "a lesser letter", "a block", "an area that ended too", "another function"],
)
def test_other_endings_are_none(row: Fact[Body]) -> None:
    assert gaps_of(findings(row), GapKind.EXPIRED_ASSIGNMENT) == []


def test_a_row_that_holds_again_has_not_ended() -> None:
    row = an_assignment("payments", "ana", responsibility="innovation")
    again = replace(row, valid=Interval(datetime(2026, 7, 1, tzinfo=UTC), None))
    assert gaps_of(findings(ended(row), again), GapKind.EXPIRED_ASSIGNMENT) == []


def test_somebody_who_left_the_model_is_told_by_key_alone() -> None:
    row = ended(an_assignment("payments", "ana"))
    (gap,) = gaps_of(findings(row, ended(a_person("ana"))), GapKind.EXPIRED_ASSIGNMENT)
    assert (gap.owner, "to ana ended" in gap.message) == (None, True)
