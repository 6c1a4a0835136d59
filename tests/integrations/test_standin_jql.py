"""The part of JQL the stand-in reads, and how it reads times."""

from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit_integrations.standins.jira.jql import Unacceptable, parse
from remit_integrations.standins.jira.rows import row
from support.desks import NOW
from support.jira_site import a_record, at

RECORD = a_record(
    7,
    components=[{"id": "1", "name": "Cart"}, {"id": "2", "name": "Über uns"}],
    labels=["urgent"],
    created="2026-10-01T00:00:00.000+0000",
    updated="2026-11-20T10:30:45.500+0000",
)


def fits(jql: str, zone: str = "UTC") -> bool:
    return parse(jql, ZoneInfo(zone), NOW).fits(row(RECORD))


@pytest.mark.parametrize(
    "jql",
    [
        "project = SHOP",
        "project = shop",
        "project=SHOP AND type=Bug",
        'issuetype in (Task, "Bug")',
        "project not in (PAY, WEB)",
        "NOT project = PAY",
        "project = PAY OR component = 'Über uns'",
        "key = SHOP-7",
        "issuekey in (SHOP-7, SHOP-8)",
        "id = 10007",
        "component = Cart and labels = urgent",
        "labels is not EMPTY",
        "status != Closed",
        "(project = PAY OR project = SHOP) AND (labels = urgent)",
        'updated >= "2026/11/20 10:30"',
        "updated >= '2026-11-20 10:30'",
        'updated = "2026/11/20 10:30"',
        'updated <= "2026/11/20 10:30"',
        "updated > 2026-11-20",
        "updated >= -4d",
        "updated < -3d",
        "updated >= 1795170600000",
        'created < "2026/11/01" ORDER BY key DESC, updated',
    ],
)
def test_what_fits(jql: str) -> None:
    assert fits(jql)


@pytest.mark.parametrize(
    "jql",
    [
        "project = PAY",
        "project = PAY AND type = Bug OR type = Task",
        "not (project = SHOP)",
        "labels is EMPTY",
        "component not in (Cart)",
        'updated >= "2026/11/20 10:31"',
        'updated > "2026/11/20 10:30"',
        "updated >= -2d",
        "updated >= 1795170660000",
    ],
)
def test_what_does_not(jql: str) -> None:
    assert not fits(jql)


@pytest.mark.parametrize(
    ("literal", "zone", "means"),
    [
        ("2026/11/20 11:30", "Europe/Berlin", "2026-11-20 10:30"),
        ("2026/11/20 02:30", "America/Los_Angeles", "2026-11-20 10:30"),
        ("2026/11/20 16:15", "Asia/Kathmandu", "2026-11-20 10:30"),
    ],
)
def test_a_literal_is_read_in_the_zone_of_the_account(literal: str, zone: str, means: str) -> None:
    assert fits(f'updated = "{literal}"', zone)
    assert datetime.strptime(literal, "%Y/%m/%d %H:%M").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) == at(means)


@pytest.mark.parametrize(
    "jql",
    ["", "ORDER BY key", "project", "project =", "project IN ()", "project ~ SHOP", "and", "updated >= x", "a = 'b"],
)
def test_what_cannot_be_read_is_refused(jql: str) -> None:
    with pytest.raises(Unacceptable):
        parse(jql, ZoneInfo("UTC"), NOW)


def test_keys_are_sorted_by_their_numbers() -> None:
    rows = [row(a_record(number, project)) for project, number in (("SHOP", 10), ("SHOP", 9), ("PAY", 11))]
    search = parse("project in (SHOP, PAY) ORDER BY key ASC", ZoneInfo("UTC"), NOW)
    assert [one["key"] for one in search.sorted(rows)] == ["PAY-11", "SHOP-9", "SHOP-10"]


TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2020, 1, 1, 0, 10)).map(lambda told: told.replace(tzinfo=UTC))  # noqa: DTZ001
OPERATORS = st.sampled_from(["=", "!=", ">", "<", ">=", "<="])


def to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@given(TIMES, OPERATORS, TIMES, st.booleans())
def test_times_are_compared_to_the_minute_whatever_the_literals_form(
    created: datetime, operator: str, literal: datetime, exact: bool
) -> None:
    literal = literal.replace(microsecond=0)
    told = str(round(literal.timestamp() * 1000)) if exact else f'"{literal:%Y/%m/%d %H:%M}"'
    bound = literal if exact else to_the_minute(literal)
    holds = {"=": eq, "!=": ne, ">": gt, "<": lt, ">=": ge, "<=": le}[operator](to_the_minute(created), bound)
    search = parse(f"created {operator} {told}", ZoneInfo("UTC"), NOW)
    assert search.fits({"created": created}) == holds


@given(TIMES, st.lists(st.tuples(OPERATORS, TIMES), min_size=1, max_size=3), st.sampled_from([" AND ", " OR "]))
def test_what_fits_was_created_within_the_span_that_a_search_is_cut_to(
    created: datetime, clauses: list[tuple[str, datetime]], joined: str
) -> None:
    jql = joined.join(f'created {operator} "{literal:%Y/%m/%d %H:%M}"' for operator, literal in clauses)
    search = parse(jql, ZoneInfo("UTC"), NOW)
    assert not search.fits({"created": created}) or search.created[0] <= created < search.created[1]


def test_a_search_for_a_part_is_cut_to_it() -> None:
    search = parse('created >= "2020/01/01 00:00" AND created < "2020/01/02 00:00"', ZoneInfo("UTC"), NOW)
    assert search.created == (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
