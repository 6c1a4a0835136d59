"""A model that was changed over time, written out and applied to an empty house, is the same model at every instant."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.changing.planning import plan_changes
from remit.domain.changes import Change
from remit.domain.errors import Invalid
from remit.domain.facts import FactKind, Facts
from remit.modelfile.write import write
from remit.usecases.shipped import shipped_catalogue
from support.change_strategies import CHANGES
from support.changing import JULY, MODEL
from support.dated_models import dated_models
from support.lives import BEGINNING
from support.model_files import HEAD, JUNE, Beliefs, after, mistakes, told

WEEK = timedelta(days=7)
LISTS = st.lists(st.lists(CHANGES, min_size=1, max_size=4), min_size=1, max_size=5)


def digest(beliefs: Beliefs) -> str:
    """Names what a file can say of them: all but confirmations."""
    rows = tuple(fact for fact in beliefs if fact.kind is not FactKind.CONFIRMATION)
    return Facts(shipped_catalogue(), rows).digest


def elsewhere(beliefs: Beliefs, now: datetime) -> Beliefs:
    """What an empty house believes once the file of these beliefs is applied there."""
    exported = write(beliefs, now)
    assert mistakes(exported, now=now) == []
    return after(exported, now=now)


def changed(beliefs: Beliefs, changes: Sequence[Change], now: datetime) -> Beliefs:
    """What is believed after those of the changes that can be made."""
    for change in changes:
        try:
            beliefs = plan_changes(Facts(shipped_catalogue(), tuple(beliefs)), [change], now).plan.result
        except Invalid:
            continue
    return beliefs


@settings(max_examples=150)
@given(LISTS)
def test_whatever_was_changed_is_the_same_elsewhere(lists: list[list[Change]]) -> None:
    beliefs, now = after(MODEL, now=JUNE), JULY
    for changes in lists:
        now += WEEK
        beliefs = changed(beliefs, changes, now)
    assert digest(elsewhere(beliefs, now)) == digest(beliefs)


@settings(max_examples=100)
@given(st.lists(dated_models(), min_size=1, max_size=5))
def test_whatever_files_were_applied_one_after_the_other_the_last_state_is_the_same_elsewhere(files: list[str]) -> None:
    beliefs: Beliefs = ()
    now = BEGINNING
    for text in files:
        if not mistakes(text, beliefs, now):
            beliefs = after(text, beliefs, now)
        now += timedelta(days=2)
    assert digest(elsewhere(beliefs, now)) == digest(beliefs)


def test_what_began_under_an_earlier_version_of_a_person_is_accepted_elsewhere() -> None:
    text = HEAD + "assignments:\n  - {area: payments, responsibility: all, function: product_management, owner: ana}\n"
    beliefs = after(text.replace("name: Ana", "name: Ana Ruiz"), after(text), JULY)
    assert digest(elsewhere(beliefs, JULY + WEEK)) == digest(beliefs)


AGREED = HEAD + "agreements:\n  - {area: payments, responsibility: leadership, lead: product_management, %s}\n"


@pytest.mark.parametrize("window", ["from: 2026-05-01", "from: 2026-05-01, to: 2026-06-10", "to: 2026-06-10"])
def test_r51_an_agreement_overdue_meanwhile_is_accepted_elsewhere(window: str) -> None:
    beliefs = after(AGREED % f"review: 2026-06-15, {window}")
    assert digest(elsewhere(beliefs, JULY)) == digest(beliefs)


def test_r51_one_that_has_held_since_ever_is_new_there_and_refused() -> None:
    beliefs = after(AGREED % "review: 2026-06-15")
    assert [problem.code for problem in mistakes(write(beliefs, JULY), now=JULY)] == ["REVIEW_PAST"]


VERSIONS = (
    "version: 1\norganisation:\n  - {{key: a, name: A, stage: startup{}}}\n  - {{key: a, name: A, stage: scale_up{}}}\n"
)


@pytest.mark.parametrize(
    ("windows", "found"),
    [
        ((", to: 2026-01-01", ", from: 2026-01-01"), []),
        ((", from: 2026-01-01", ", to: 2026-01-01"), []),
        ((", to: 2026-01-01", ", from: 2026-02-01"), ["2 WINDOW"]),
        ((", to: 2026-02-01", ", from: 2026-01-01"), ["2 WINDOW", "3 DUPLICATE_ROW"]),
        ((", to: 2026-01-01", ", from: 2026-01-01, to: 2027-01-01"), ["2 WINDOW"]),
        ((", to: tomorrow", ", from: 2026-01-01, timezone: Mars"), ["3 TIME", "4 TIMEZONE"]),
        ((", to: 2026-01-01", ", from: 2026-01-01, kind: x"), ["4 UNKNOWN_FIELD"]),
    ],
)
def test_versions_of_the_organisation_leave_no_gap(windows: tuple[str, str], found: list[str]) -> None:
    assert told(mistakes(VERSIONS.format(*windows))) == found


def test_the_days_of_a_file_are_those_of_the_latest_version() -> None:
    text = VERSIONS.format(", to: 2026-01-01", ", from: 2026-01-01, timezone: Europe/Madrid")
    starts = [fact.valid.start for fact in after(text) if fact.valid.start is not None]
    assert starts == [datetime(2025, 12, 31, 23, tzinfo=UTC)]


def test_a_list_of_no_versions_is_no_organisation() -> None:
    assert told(mistakes("version: 1\norganisation: []\n")) == ["2 WINDOW"]
