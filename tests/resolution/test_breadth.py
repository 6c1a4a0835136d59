"""In how many areas somebody acted, and of whom that is not known."""

import pytest

from remit.domain.evidence import Acts
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Reading
from remit.resolution.signals.breadth import areas_touched, trails

JIRA, DESK = SourceName("jira"), SourceName("helpdesk")
SHOP, PAY = AreaKey("shop"), AreaKey("pay")
ACTS = [
    Acts(JIRA, "a-1", SHOP, "status", 3), Acts(JIRA, "a-1", PAY, "rank", 1), Acts(JIRA, "a-2", PAY, "rank", 2),
    Acts(JIRA, "b-1", PAY, "status", 1), Acts(JIRA, "z", SHOP, "rank", 9),
]  # fmt: skip
ACCOUNTS = {
    (JIRA, "a-1"): "ana", (JIRA, "a-2"): "ana", (JIRA, "b-1"): "bo", (JIRA, "i-1"): "idle", (DESK, "p-1"): "pat",
}  # fmt: skip


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (["ana"], Reading(2, 6)),
        (["bo"], Reading(1, 1)),
        (["idle"], Reading(0, 0)),
        (["ana", "bo", "idle"], Reading(2, 7)),
        (["pat"], Reading(None, 0)),
        (["nobody"], Reading(None, 0)),
        (["ana", "pat"], Reading(None, 6)),
        ([], Reading(None, 0)),
    ],
)
def test_areas_count_once_and_are_not_known_where_no_source_tells_of_one_of_them(
    people: list[str], expected: Reading
) -> None:
    assert areas_touched(trails(ACTS, ACCOUNTS), people) == expected


def test_what_nobody_is_named_for_tells_of_nobody_where_they_acted() -> None:
    unnamed = [Acts(JIRA, None, SHOP, "status", 5), Acts(DESK, None, PAY, "feedback triaged", 5)]
    for person in ("ana", "bo", "idle", "pat"):
        assert areas_touched(trails([*ACTS, *unnamed], ACCOUNTS), [person]) == areas_touched(
            trails(ACTS, ACCOUNTS), [person]
        )


def test_a_source_that_names_nobody_tells_of_nobody() -> None:
    assert trails([], ACCOUNTS) == {}
