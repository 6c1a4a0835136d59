"""What names a fact and a set of facts (R1, R49)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from remit.domain.areas import Selector, Stage
from remit.domain.catalogue import Driver
from remit.domain.facts import Body, Fact, Facts, Recorded
from remit.domain.intervals import ALWAYS, Interval
from remit.domain.people import Person
from remit.domain.workload import Wish
from remit.usecases.shipped import shipped_catalogue
from support.models import (
    PM,
    a_delegation,
    a_fact,
    a_lens,
    a_person,
    a_preference,
    a_rule,
    a_selector,
    a_split,
    a_stage_rule,
    an_absence,
    an_agreement,
    an_area,
    an_assignment,
    some_limits,
    some_minutes,
    the_root,
)

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def facts(*declared: Fact[Body]) -> Facts:
    return Facts(shipped_catalogue(), declared)


@pytest.mark.parametrize(
    ("fact", "key"),
    [
        (an_area("payments"), "payments"),
        (a_person("ana"), "ana"),
        (a_rule("payments", "leadership", a_split(PM)), "payments/leadership"),
        (a_rule("payments", "leadership", None, issue=a_selector(type="Bug", label=["a", "b c"])),
         'payments/leadership/label a or "b c" and type Bug'),
        (a_stage_rule(Stage.STARTUP, "leadership", None), "stage:startup/leadership"),
        (an_assignment("payments", "ana"), "payments/all/product_management/ana"),
        (an_assignment("payments", None), "payments/all/product_management/-"),
        (an_agreement("payments", "leadership", PM), "payments/leadership"),
        (a_delegation("ana", "omar"), "ana/omar/-/all"),
        (a_delegation("ana", "omar", "payments", "documentation", "leadership"),
         "ana/omar/payments/documentation/leadership"),
        (a_lens("rhythm"), "rhythm"),
        (some_minutes("leadership", Driver.AREAS, 60), "leadership/areas"),
        (some_limits("wip", 1, 2), "wip/-/-"),
        (some_limits("wip", 1, 2, area="payments"), "wip/payments/-"),
        (some_limits("wip", 1, 2, person="ana"), "wip/-/ana"),
        (an_absence("ana", ALWAYS), "ana"),
        (a_preference("ana", "leadership", Wish.LIKE), "ana/leadership"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_r1_a_row_without_a_key_has_its_natural_one(fact: Fact[Body], key: str) -> None:
    assert fact.key == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_rule("a/b", "c", None), a_rule("a", "b/c", None)),
        (a_rule("stage:startup", "leadership", None), a_stage_rule(Stage.STARTUP, "leadership", None)),
        (a_rule("a", "b", None, issue=a_selector(label="x or y")),
         a_rule("a", "b", None, issue=a_selector(label=["x", "y"]))),
        (an_assignment("a", None), an_assignment("a", "-")),
        (a_delegation("a", "b"), a_delegation("a", "b", "-")),
    ],
    ids=lambda fact: fact.key,
)  # fmt: skip
def test_r1_two_statements_never_share_a_natural_key_by_accident(one: Fact[Body], other: Fact[Body]) -> None:
    assert one.key != other.key


def test_r49_the_digest_does_not_depend_on_who_recorded_what_when() -> None:
    told = an_area("payments")
    later = Fact(told.key, told.body, told.valid, Recorded("omar", NEW_YEAR))
    assert facts(told).digest == facts(later).digest


def test_r49_the_digest_does_not_depend_on_the_offset_an_instant_was_told_in() -> None:
    told = an_area("payments").body
    east = timezone(timedelta(hours=2))
    utc, local = Interval(NEW_YEAR), Interval(NEW_YEAR.astimezone(east))
    assert facts(a_fact(told, utc)).digest == facts(a_fact(told, local)).digest


@pytest.mark.parametrize(
    "changed",
    [
        (the_root(), an_area("payments", stage=Stage.STARTUP)),
        (the_root(Stage.STARTUP), an_area("payments")),
        (the_root(),),
        (the_root(), an_area("payments"), an_area("billing")),
        (the_root(), a_fact(an_area("payments").body, Interval(NEW_YEAR))),
        (the_root(), a_fact(an_area("payments").body, key="other")),
        (the_root(), an_area("payments", jira=[Selector(())])),
    ],
)
def test_r49_every_difference_in_what_is_said_or_when_it_holds_changes_the_digest(
    changed: tuple[Fact[Body], ...],
) -> None:
    assert facts(*changed).digest != facts(the_root(), an_area("payments")).digest


def test_whole_hours_are_the_same_hours_however_they_are_written() -> None:
    one, other = (a_fact(Person(key=a_person("ana").body.key, name="Ana", capacity_hours=h)) for h in (40, 40.0))  # type: ignore[union-attr]
    assert facts(one).digest == facts(other).digest


def test_boundaries_are_the_instants_at_which_something_begins_or_ends() -> None:
    noon, evening = NEW_YEAR + timedelta(hours=12), NEW_YEAR + timedelta(hours=18)
    body = an_area("payments").body
    told = facts(the_root(), a_fact(body, Interval(noon, evening)), a_fact(body, Interval(None, noon)))
    assert told.boundaries == (noon, evening)
