"""Jira Data Center as a source: known by what it says of itself, read by its own API into the same records."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from remit.domain.errors import Rejected, Unavailable
from remit.domain.records import BacklogEvent, Gone, Loss, Reference
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.sources import jira as source
from remit_integrations.standins.jira.site import Flavour, Site
from support.desks import JIRA, NOW, AClock, a_desk
from support.jira_site import IMPATIENT, a_change, a_record, a_site, answering, keys, many, served
from support.memory_mirror import MemoryMirror

API = "/rest/api/2"
SEARCH, USERS, SERVER_INFO = f"POST {API}/search", f"GET {API}/user/search", f"GET {API}/serverInfo"
ANA = {"name": "ana", "key": "JIRAUSER1", "displayName": "Ana", "emailAddress": "ana@example.com", "active": True}


def a_data_center(*records: dict[str, Any], **settings: Any) -> Site:
    return a_site(*records, flavour=Flavour.DATACENTER, **settings)


async def test_a_site_that_calls_itself_a_server_is_read_by_the_second_version_only() -> None:
    site = a_data_center(*many(3))
    async with served(site) as jira:
        assert keys(await jira.pages()) == ["SHOP-1", "SHOP-2", "SHOP-3"]
    assert list(site.calls)[:2] == [SERVER_INFO, f"GET {API}/myself"]
    assert [call for call in site.calls if "/rest/api/3/" in call] == []


async def test_people_are_known_by_their_key_and_texts_stay_as_they_are() -> None:
    site = a_data_center(a_record(1, assignee=ANA, reporter={"name": "bo"}, summary="{*}Bold{*}"))
    site.histories["10001"] = [a_change(5) | {"author": ANA}]
    async with served(site) as jira:
        (page,) = await jira.pages()
    (item,) = [pulled.item for pulled in page.items]
    assert (item.assignee, item.reporter, item.summary) == ("JIRAUSER1", "bo", "{*}Bold{*}")
    told = {"author": "JIRAUSER1", "from_text": "Open", "to_text": "Closed"}
    assert page.events == (BacklogEvent(JIRA, "10001", "5", 0, NOW, "status", **told),)  # type: ignore[arg-type]


async def test_a_run_reads_everything_and_the_next_only_what_changed() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_data_center(*many(250), clock=clock)) as jira:
        first = await jira.synchronised(desk)
        clock.goes_on(minutes=5)
        jira.site.edit("10007", summary="Changed")
        second = await jira.synchronised(desk)
    assert [(run.seen, run.changed, run.gone) for run in (first, second)] == [(250, 250, 0), (1, 1, 0)]
    assert len(await mirror.present(JIRA)) == 250


async def test_each_page_carries_the_cursor_that_goes_on_right_after_it() -> None:
    async with served(a_data_center(*many(250))) as jira:
        pages = await jira.pages()
        rest = [keys(await jira.pages(page.cursor)) for page in pages[:-1]]
    every = [f"SHOP-{number}" for number in range(1, 251)]
    assert [keys(pages), *rest] == [every, every[100:], every[199:]]


async def test_a_large_backlog_is_read_in_parts_side_by_side() -> None:
    aged = [
        a_record(number, created=(NOW - timedelta(days=number)).isoformat(), updated=NOW.isoformat())
        for number in range(1, 1_601)
    ]
    async with served(a_data_center(*aged)) as jira:
        found = keys(await jira.pages())
    assert sorted(found) == sorted(f"SHOP-{number}" for number in range(1, 1_601))


async def test_an_issue_that_is_deleted_is_told_apart_from_one_that_is_hidden() -> None:
    site = a_data_center(*many(4))
    site.delete("10002")
    site.hide("10003")
    async with served(site) as jira, jira.feed() as feed:
        (page,) = [page async for page in feed.confirmed(["10001", "10002", "10003"])]
    assert keys([page]) == ["SHOP-1"]
    assert page.gone == (Gone(JIRA, "10002", NOW, Loss.DELETED), Gone(JIRA, "10003", NOW, Loss.NOT_VISIBLE))


async def test_a_census_marks_what_is_gone_and_how() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    async with served(a_data_center(*many(60), clock=clock)) as jira:
        await jira.synchronised(desk)
        jira.site.delete("10002")
        jira.site.hide("10003")
        clock.goes_on(days=1)
        assert (await jira.synchronised(desk)).gone == 2
    found = await mirror.by_ids(JIRA, ["10001", "10002", "10003"])
    assert {id_: one.gone_how for id_, one in found.items()} == {
        "10001": None, "10002": Loss.DELETED, "10003": Loss.NOT_VISIBLE,
    }  # fmt: skip


async def test_what_is_there_and_not_to_be_mirrored_is_left_out() -> None:
    site = a_data_center(*many(1), a_record(2, "PAY"))
    async with served(site) as jira, jira.feed(jql="project = SHOP") as feed:
        (page,) = [page async for page in feed.confirmed(["10001", "10002"])]
    assert (keys([page]), page.gone) == (["SHOP-1"], (Gone(JIRA, "10002", NOW, Loss.LEFT_OUT),))


async def references(site: Site) -> list[Reference]:
    async with served(site) as jira, jira.feed() as feed:
        return [one async for batch in feed.references(None) for one in batch]


async def test_projects_components_statuses_and_users_are_read() -> None:
    site = a_data_center(a_record(1, assignee=ANA, components=[{"id": "5", "name": "Cart"}]), a_record(2, "PAY"))
    told = [(one.kind, one.id, one.name, one.key, one.email) for one in await references(site)]
    assert sorted(told, key=str) == [
        ("component", "5", "Cart", None, None),
        ("project", "1234", "Pay", "PAY", None),
        ("project", "1314", "Shop", "SHOP", None),
        ("status", "3", "Open", None, None),
        ("user", "JIRAUSER1", "Ana", "JIRAUSER1", "ana@example.com"),
    ]


async def test_an_account_that_may_not_look_for_users_does_without() -> None:
    site = a_data_center(a_record(1, assignee=ANA))
    site.faults.next(USERS, answering({}, 403), times=9)
    with capture_logs() as logs:
        kinds = {one.kind for one in await references(site)}
    assert (kinds, [log["kind"] for log in logs]) == ({"project", "status"}, ["user"])
    async with served(site) as jira, jira.feed() as feed:
        assert await feed.withheld() == ("users",)


async def test_an_account_that_is_shown_no_project_is_refused() -> None:
    with pytest.raises(Rejected, match="shows no project to this account"):
        await references(a_data_center())


async def test_a_dead_token_is_refused_before_the_search_could_look_empty() -> None:
    site = a_data_center(*many(1))
    async with served(site) as jira:
        site.token = "another"
        with pytest.raises(Rejected, match="does not accept the credentials"):
            async with a_source_with(jira.url, "dead") as feed:
                await feed.greet()
    assert SEARCH not in site.calls


def a_source_with(url: str, token: str) -> Any:
    return source.jira(JiraSettings(url=url, token=SecretStr(token)), IMPATIENT).open()


@pytest.mark.parametrize(
    ("told", "kind", "says"),
    [
        ({"issues": [], "total": None}, Unavailable, "not how many there are"),
        ({"total": 3}, Unavailable, "has no issues"),
        ({"issues": [], "total": 3, "maxResults": 100}, Unavailable, "tells of 3 issues and shows none"),
        ([], Unavailable, "answer about issues cannot be read"),
    ],
)
async def test_an_answer_without_issues_is_trouble_not_an_empty_page(
    told: Any, kind: type[Exception], says: str
) -> None:
    site = a_data_center(*many(3))
    site.faults.next(SEARCH, answering(told), times=3)
    async with served(site) as jira:
        with pytest.raises(kind, match=says):
            await jira.pages()


@pytest.mark.parametrize("status", [400, 500])
async def test_an_issue_whose_answer_is_neither_is_trouble_and_not_gone(status: int) -> None:
    site = a_data_center(*many(2))
    site.faults.next(f"GET {API}/issue/10001", answering({}, status), times=9)
    async with served(site) as jira, jira.feed() as feed:
        with pytest.raises((Rejected, Unavailable), match=str(status)):
            assert [page async for page in feed.confirmed(["10001", "10002"])] == []
