"""Projects, components, statuses and users: read about hourly, as far as they can be read."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import Raw
from pydantic import ValidationError
from structlog.testing import capture_logs

from remit.domain.errors import Invalid, Rejected, Unavailable
from remit.domain.records import Reference, StatusCategory
from remit_integrations.jira.references import read_as
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.sources.jira import jira
from support.desks import JIRA, AClock
from support.jira_site import (
    MYSELF,
    PROJECTS,
    SEARCH,
    SERVER_INFO,
    USERS,
    Served,
    a_record,
    a_site,
    answering,
    keys,
    many,
    served,
)

ANA = {"accountId": "a1", "displayName": "Ana", "active": False}
CART = {"id": "5", "name": "Cart"}


async def references(jira: Served, cursor: bytes | None = None) -> list[Reference]:
    async with jira.feed() as feed:
        return [reference async for batch in feed.references(cursor) for reference in batch]


def named(found: list[Reference]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.id, one.name) for one in found]


async def test_each_kind_is_read_page_by_page() -> None:
    records = [
        a_record(
            number,
            project={"id": str(5000 + number), "key": f"P{number}", "name": f"Project {number}"},
            components=[{"id": str(7000 + number), "name": "Cart"}],
            assignee={"accountId": f"a{number}", "displayName": "Somebody", "active": True},
        )
        for number in range(150)
    ]
    async with served(a_site(*records)) as jira:
        found = {(one.kind, one.id) for one in await references(jira)}
    assert found == {
        *(("project", str(5000 + number)) for number in range(150)),
        *(("component", str(7000 + number)) for number in range(150)),
        *(("user", f"a{number}") for number in range(150)),
        ("status", "3"),
    }


async def test_a_reference_is_told_wholly() -> None:
    async with served(a_site(a_record(1, assignee=ANA, components=[CART]))) as jira:
        found = await references(jira)
    assert [(one.source, one.kind, one.id, one.key, one.name, one.active) for one in found] == [
        (JIRA, "project", "1314", "SHOP", "Shop", True),
        (JIRA, "component", "5", None, "Cart", True),
        (JIRA, "status", "3", None, "Open", True),
        (JIRA, "user", "a1", None, "Ana", False),
    ]


@pytest.mark.parametrize(
    ("told", "category"),
    [
        ("TODO", StatusCategory.NEW),
        ("IN_PROGRESS", StatusCategory.IN_PROGRESS),
        ("DONE", StatusCategory.DONE),
        ({"id": 4, "key": "indeterminate", "name": "In Progress"}, StatusCategory.IN_PROGRESS),
        ({"id": 1, "key": "undefined"}, None),
        ("SOMETHING_NEW", None),
        ({"key": ["odd"]}, None),
        (7, None),
        (None, None),
    ],
    ids=str,
)
def test_the_category_of_a_status_is_read_as_either_kind_of_jira_tells_it(
    told: Any, category: StatusCategory | None
) -> None:
    (found,) = read_as(JIRA, "status", [Raw(json.dumps({"id": "3", "name": "Doing", "statusCategory": told}).encode())])
    assert (found.id, found.name, found.category) == ("3", "Doing", category)


async def test_what_has_no_id_is_left_out_and_told_and_the_rest_is_read() -> None:
    told: list[Any] = [{"id": None}, {"name": "Lost"}, 7, {"id": 8, "key": "PAY\x00", "name": None, "active": None}]
    site = a_site(a_record(1))
    site.faults.next(PROJECTS, answering({"values": told, "isLast": True}))
    with capture_logs() as logs:
        async with served(site) as jira:
            found = await references(jira)
    assert found[0] == Reference(JIRA, "project", "8", "", found[0].raw, "PAY\ufffd", True)
    assert [log["event"] for log in logs] == ["jira.reference_left_out"] * 3


async def test_a_reference_told_twice_is_one() -> None:
    site = a_site(a_record(1))
    site.faults.next(USERS, answering([ANA, ANA | {"displayName": "Ana B."}]))
    async with served(site) as jira:
        found = await references(jira)
    assert named(found)[-1:] == [("user", "a1", "Ana B.")]
    assert len([one for one in found if one.kind == "user"]) == 1


async def test_they_are_read_again_when_an_hour_has_passed() -> None:
    clock = AClock()
    async with served(a_site(a_record(1), clock=clock)) as jira:
        cursor = (await jira.pages())[-1].cursor
        read = []
        for hours in (0.5, 0.4, 0.1):
            clock.goes_on(hours=hours)
            read.append(bool(await references(jira, cursor)))
            cursor = (await jira.pages(cursor))[-1].cursor
    assert read == [False, False, True]


async def test_a_list_that_never_moves_on_is_trouble() -> None:
    site = a_site(a_record(1))
    site.faults.next(PROJECTS, answering({"values": [{"id": "1", "key": "A"}]}), times=9)
    async with served(site) as jira:
        with pytest.raises(Unavailable, match="same page again and again"):
            await references(jira)


async def test_a_project_that_vanished_since_it_was_listed_has_no_components() -> None:
    site = a_site(a_record(1, components=[CART]))
    site.faults.next(PROJECTS, answering({"values": [{"id": "404"}, {"id": "1314"}], "isLast": True}))
    async with served(site) as jira:
        assert ("component", "5", "Cart") in named(await references(jira))


async def test_a_failure_among_many_calls_waits_for_the_others_and_cancels_none() -> None:
    records = [
        a_record(number, project={"id": str(5000 + number), "key": f"P{number}", "name": "P"}) for number in range(40)
    ]
    site = a_site(*records)
    site.faults.next("GET /rest/api/3/project/5000/component", answering({}, 400))
    async with served(site) as jira:
        with pytest.raises(Rejected, match="refused GET /rest/api/3/project/5000/component"):
            await references(jira)
    assert len([call for call in site.calls if call.endswith("/component")]) == 40


async def test_an_account_that_sees_no_project_is_told_to_get_permission() -> None:
    async with served(a_site()) as jira:
        with pytest.raises(Rejected, match="shows no project to this account; give it permission"):
            await references(jira)


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "../etc/passwd", "America"])
async def test_in_an_unknown_time_zone_more_is_read_again_and_nothing_missed(zone: str | None) -> None:
    clock = AClock()
    site = a_site(*many(3), clock=clock, zone=ZoneInfo("Pacific/Pago_Pago"))
    async with served(site) as jira:
        cursor = (await jira.pages())[-1].cursor
        clock.goes_on(hours=0.2)
        site.edit("10002", summary="Changed")
        site.faults.next(MYSELF, answering({"accountId": "a", "timeZone": zone}))
        with capture_logs() as logs:
            assert keys(await jira.pages(cursor)) == ["SHOP-2"]
    assert [log["event"] for log in logs] == ["jira.zone_unknown"]


@pytest.mark.parametrize(
    ("call", "told", "kind", "says"),
    [
        (
            SERVER_INFO,
            {"deploymentType": "Teapot"},
            Rejected,
            "this Jira is Teapot, and only Cloud and Data Center are",
        ),
        (SERVER_INFO, {}, Rejected, "this Jira is of a kind it does not tell, and only Cloud and"),
        (SERVER_INFO, {"deploymentType": "Cloud"}, Unavailable, "does not tell its time"),
        (MYSELF, {}, Rejected, "Jira takes us for nobody"),
        (MYSELF, "hello", Unavailable, "answer about the account cannot be read"),
    ],
)
async def test_a_greeting_that_says_too_little_is_trouble(call: str, told: Any, kind: type[Exception],
                                                          says: str) -> None:  # fmt: skip
    site = a_site(*many(1))
    site.faults.next(call, answering(told))
    async with served(site) as jira:
        with pytest.raises(kind, match=says):
            await jira.pages()
    assert SEARCH not in site.calls


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"url": "acme.atlassian.net"}, "write the site's address"),
        ({"url": "ftp://acme.atlassian.net"}, "write the site's address"),
        ({"url": "https://acme.atlassian.net/?x=1"}, "write the site's address"),
        ({"url": "https://a.example", "jql": "project = A ORDER BY key"}, "leave out ORDER BY"),
        (
            {"url": "https://a.example", "jql": "project = A) OR (project = B"},
            "close every quote",
        ),
        ({"url": "https://a.example", "jql": "(project = A"}, "close every quote"),
        ({"url": "https://a.example", "jql": 'project = "A'}, "close every quote"),
        ({"url": "https://a.example", "team_field": "team"}, "write the id of a custom field"),
        ({"url": "https://a.example", "team_field": "summary"}, "write the id of a custom field"),
    ],
)
def test_settings_that_cannot_work_are_refused(told: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        JiraSettings.model_validate(told)


@pytest.mark.parametrize(
    "jql",
    [
        "",
        " project = A ",
        '(project = A) OR (summary ~ "order by (" )',
        "labels = 'it\\'s)'",
        "a in (1, 2) AND b in (3)",
    ],
)
def test_a_restriction_may_be_anything_that_is_closed(jql: str) -> None:
    assert JiraSettings(url="https://a.example", jql=jql).jql == jql.strip()


@pytest.mark.parametrize("account", [{}, {"email": "me@example.com"}, {"token": "t"}])
def test_an_account_needs_both_its_address_and_its_token(account: dict[str, str]) -> None:
    settings = JiraSettings.model_validate({"url": "https://acme.atlassian.net"} | account)
    with pytest.raises(Invalid, match="REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN"):
        jira(settings)
