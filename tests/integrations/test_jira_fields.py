"""Which of a site's own fields hold sprints and story points, and what is read of them."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from remit.domain.errors import Rejected
from remit.domain.records import Pulled
from remit.usecases.take_records import Page
from remit_integrations.jira.custom import Custom, points, sprint_ids
from remit_integrations.jira.payloads import IssueReader
from remit_integrations.standins.jira.custom_fields import SPRINT, STORY_POINT_ESTIMATE, STORY_POINTS
from remit_integrations.standins.jira.site import Flavour, Site
from support.desks import JIRA, NOW, AClock
from support.jira_site import Served, a_record, a_site, a_source, answering, keys, many, served

FIELDS, BOARDS = "GET /rest/api/3/field", "GET /rest/agile/1.0/board"
BOARD = f"{BOARDS}/1/configuration"
SIZE = "customfield_10500"
OLD_SPRINT = (
    "com.atlassian.greenhopper.service.sprint.Sprint@5a1[id=37,rapidViewId=5,state=CLOSED,name=Sprint, id=9,goal=]"
)


def a_field(id_: str, name: str, custom: str = "com.atlassian.jira.plugin.system.customfieldtypes:float") -> Any:
    return {"id": id_, "name": name, "custom": True, "schema": {"type": "number", "custom": custom}}


def boards(*estimations: str | None) -> list[dict[str, Any]]:
    return [
        {"id": number, "name": "A board", "project": {"id": "1", "key": "SHOP"}, "estimation": field}
        for number, field in enumerate(estimations, 1)
    ]


def estimates(pages: list[Page]) -> dict[str, float | None]:
    return {pulled.item.key: pulled.item.estimate for page in pages for pulled in page.items}


def configured(site: Site) -> int:
    return site.calls.count(BOARD)


@pytest.mark.parametrize("flavour", list(Flavour))
async def test_sprints_and_the_estimate_of_the_boards_field_are_read(flavour: Flavour) -> None:
    own = {SIZE: 5, STORY_POINTS["id"]: 8, SPRINT["id"]: [{"id": 37, "name": "One"}, {"id": 41, "name": "Two"}]}
    site = a_site(a_record(1, **own), a_record(2), flavour=flavour, own_boards=boards(None, SIZE))
    site.custom_fields.append(a_field(SIZE, "Size"))
    async with served(site) as jira:
        (page,) = await jira.pages()
    told = [(pulled.item.estimate, pulled.item.sprints) for pulled in page.items]
    assert told == [(5.0, ("37", "41")), (None, ())]


async def test_fields_of_many_boards_are_looked_at_in_the_order_of_how_many_boards_name_them() -> None:
    more = STORY_POINTS["id"]
    records = [a_record(1, **{SIZE: 1, more: 2}), a_record(2, **{SIZE: 3}), a_record(3, **{SIZE: 4, more: None})]
    site = a_site(*records, own_boards=boards(SIZE, more, more, "timeoriginalestimate", None))
    site.custom_fields.append(a_field(SIZE, "Size"))
    async with served(site) as jira:
        assert estimates(await jira.pages()) == {"SHOP-1": 2.0, "SHOP-2": 3.0, "SHOP-3": 4.0}


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_an_account_that_may_see_no_boards_does_with_the_fields_known_by_kind_or_name(status: int) -> None:
    records = [a_record(1, **{STORY_POINTS["id"]: 3}), a_record(2, **{STORY_POINT_ESTIMATE["id"]: 0.5})]
    site = a_site(*records)
    site.faults.next(BOARDS, answering({}, status), times=9)
    async with served(site) as jira:
        with capture_logs() as logs:
            assert estimates(await jira.pages()) == {"SHOP-1": 3.0, "SHOP-2": 0.5}
    assert [(log["event"], log["kind"]) for log in logs] == [("jira.list_refused", "board")]


async def test_an_account_that_may_list_no_fields_reads_the_others() -> None:
    site = a_site(a_record(1, **{STORY_POINTS["id"]: 3}))
    site.faults.next(FIELDS, answering({}, 403), times=9)
    async with served(site) as jira:
        with capture_logs() as logs:
            assert estimates(await jira.pages()) == {"SHOP-1": None}
    assert [(log["event"], log["kind"]) for log in logs] == [("jira.list_refused", "field")]


@pytest.mark.parametrize("status", [400, 404])
async def test_a_board_that_is_broken_or_gone_is_left_out(status: int) -> None:
    site = a_site(a_record(1, **{SIZE: 3}), own_boards=boards(SIZE, SIZE))
    site.custom_fields.append(a_field(SIZE, "Size"))
    site.faults.next(BOARD, answering({}, status), times=9)
    async with served(site) as jira:
        assert estimates(await jira.pages()) == {"SHOP-1": 3.0}


async def test_a_dead_token_is_not_taken_for_a_missing_permission() -> None:
    site = a_site(a_record(1))
    site.faults.next(FIELDS, answering({}, 401), times=9)
    site.faults.next("GET /rest/api/3/myself", answering({}, 401), times=9, after=1)
    async with served(site) as jira:
        with pytest.raises(Rejected, match="does not accept the credentials"):
            await jira.pages()


async def test_lists_of_issues_that_are_to_be_removed_are_never_asked_for() -> None:
    site = a_site(*many(3))
    async with served(site) as jira:
        await jira.pages()
    assert {call for call in site.calls if "agile" in call} == {BOARDS, BOARD}


@pytest.fixture
async def jira() -> AsyncIterator[Served]:
    async with served(a_site(*many(3), clock=AClock())) as jira:
        yield jira


async def test_a_field_that_appears_is_read_within_the_hour_without_a_restart_and_once_for_all_issues(
    jira: Served,
) -> None:
    """Its values may be older than the board's wish for them: everything is read again, once."""
    site, clock = jira.site, jira.site.clock
    assert isinstance(clock, AClock)
    source = a_source(jira.url, site)

    async def read(cursor: bytes | None) -> list[Page]:
        async with source.open() as feed:
            await feed.greet()
            return [page async for page in feed.pages(cursor)]

    first = await read(None)
    site.custom_fields.append(a_field(SIZE, "Size"))
    site.own_boards = boards(SIZE)
    for number in range(1, 4):
        site.edit(f"1000{number}", **{SIZE: number, "updated": (NOW - timedelta(days=30)).isoformat()})
    clock.goes_on(minutes=59)
    soon = await read(first[-1].cursor)
    clock.goes_on(minutes=1)
    with capture_logs() as logs:
        later = await read(soon[-1].cursor)
    clock.goes_on(hours=1)
    again = await read(later[-1].cursor)
    assert [keys(pages) for pages in (soon, again)] == [[], []]
    assert estimates(later) == {"SHOP-1": 1.0, "SHOP-2": 2.0, "SHOP-3": 3.0}
    assert [(log["event"], log["fields"]) for log in logs] == [("jira.fields_added", [SIZE])]


async def test_boards_out_of_sight_for_an_hour_change_nothing_and_cost_no_reading_again(jira: Served) -> None:
    site, clock = jira.site, jira.site.clock
    assert isinstance(clock, AClock)
    site.own_boards = boards(SIZE)
    site.custom_fields.append(a_field(SIZE, "Size"))
    cursor = (await jira.pages())[-1].cursor
    clock.goes_on(hours=1)
    site.edit("10001", **{SIZE: 13})
    site.faults.next(BOARDS, answering({}, 403))
    blind = await jira.pages(cursor)
    clock.goes_on(hours=1)
    again = keys(await jira.pages(blind[-1].cursor))
    assert (estimates(blind)["SHOP-1"], again) == (13.0, ["SHOP-1"])  # by the hourly pass over the last hours


async def test_the_boards_are_looked_at_once_an_hour_however_often_a_source_is_read(jira: Served) -> None:
    source, clock = a_source(jira.url, jira.site), jira.site.clock
    assert isinstance(clock, AClock)
    met = []
    for _ in range(3):
        async with source.open() as feed:
            await feed.greet()
            (page,) = [page async for page in feed.pages(None)]
            assert [page async for page in feed.confirmed(["10001"])] != []
        met.append(configured(jira.site))
        clock.goes_on(minutes=30)
    assert (met, page.cursor is None) == ([1, 1, 2], False)


async def test_an_issue_asked_for_by_its_id_brings_its_estimate_too(jira: Served) -> None:
    jira.site.edit("10001", **{STORY_POINTS["id"]: 8})
    async with jira.feed() as feed:
        pages = [page async for page in feed.confirmed(["10001"])]
    assert estimates(pages) == {"SHOP-1": 8.0}


@pytest.mark.parametrize(
    ("told", "means"),
    [
        ([{"id": 37}, {"id": "41", "name": "Two"}, {"name": "none"}, None], ("37", "41")),
        ([OLD_SPRINT, OLD_SPRINT.replace("id=37,", "").replace("[", "[id=38,")], ("37", "38")),
        (OLD_SPRINT, ("37",)),
        (37, ("37",)),
        ("no sprint", ()),
        (True, ()),
        (None, ()),
    ],
)
def test_a_sprint_is_told_in_several_ways(told: Any, means: tuple[str, ...]) -> None:
    assert tuple(sprint_ids(told)) == means


@pytest.mark.parametrize(
    ("told", "means"),
    [(3, 3.0), (0.5, 0.5), (0, 0.0), (-1, -1.0), ("3", None), (True, None), (None, None), ([3], None), (1e300, None)],
)
def test_an_estimate_is_a_number_or_none(told: Any, means: float | None) -> None:
    assert points(told) == means


def test_a_field_may_be_the_team_s_and_the_estimate_s_at_once() -> None:
    reader = IssueReader(JIRA, SIZE, Custom(estimates=(SIZE,)))
    record = reader.read(b'{"id":1,"key":"A-1","fields":{"project":{"key":"A"},"created":"2026-01-01T00:00:00Z",'
                         b'"updated":"2026-01-01T00:00:00Z","customfield_10500":7}}')  # fmt: skip
    assert (record.item.team, record.item.estimate) == (("7",), 7.0)  # type: ignore[union-attr]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name"]), inner, max_size=2),
    max_leaves=5,
)


@given(ANYTHING, ANYTHING)
def test_whatever_is_in_these_fields_the_issue_is_read(sprint: Any, estimate: Any) -> None:
    record = a_record(1, customfield_10020=sprint, customfield_10024=estimate)
    reader = IssueReader(JIRA, None, Custom(("customfield_10020",), ("customfield_10024",)))
    read = reader.read(json.dumps(record).encode())
    assert isinstance(read, Pulled), read
    assert all(read.item.sprints)
