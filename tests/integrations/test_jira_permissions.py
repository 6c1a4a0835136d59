"""An account that may not list users, statuses or components, as most accounts may not: a run does without."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Rejected, SourceTrouble, Unavailable
from remit_integrations.sync import Synchronised
from support.desks import JIRA, a_desk
from support.jira_site import (
    MYSELF,
    PROJECTS,
    STATUSES,
    USERS,
    Served,
    a_record,
    a_site,
    answering,
    components_of,
    served,
)

ANA = {"accountId": "a1", "displayName": "Ana", "active": True}
CART = {"id": "5", "name": "Cart"}
PAY = {"id": "77", "key": "PAY", "name": "Pay"}
RECORDS = (
    a_record(1, assignee=ANA, components=[CART]),
    a_record(2, project=PAY, components=[{"id": "6", "name": "B"}]),
)
ALL = {"project 1314", "project 77", "component 5", "component 6", "status 3", "user a1"}
SHOP_COMPONENTS, PAY_COMPONENTS = components_of("1314"), components_of("77")


async def named(jira: Served) -> tuple[set[str], list[dict[str, Any]]]:
    """The references that are read, and what is told of those that are not."""
    with capture_logs() as logs:
        async with jira.feed() as feed:
            found = {f"{one.kind} {one.id}" async for batch in feed.references(None) for one in batch}
    return found, [dict(entry) for entry in logs]


async def test_an_account_that_may_list_everything_is_told_of_nothing() -> None:
    async with served(a_site(*RECORDS)) as jira:
        assert await named(jira) == (ALL, [])


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    ("call", "kind", "missing"),
    [
        (USERS, "user", {"user a1"}),
        (STATUSES, "status", {"status 3"}),
    ],
)
async def test_a_list_the_account_may_not_read_is_left_out_and_told(
    call: str, kind: str, missing: set[str], status: int
) -> None:
    site = a_site(*RECORDS)
    site.faults.next(call, answering({"errorMessages": ["No"]}, status))
    async with served(site) as jira:
        found, told = await named(jira)
    assert found == ALL - missing
    assert [(one["event"], one["log_level"], one["source"], one["kind"]) for one in told] == [
        ("jira.list_refused", "warning", JIRA, kind)
    ]
    assert call in told[0]["reason"]


async def test_components_of_some_projects_that_may_not_be_read_are_told_once() -> None:
    site = a_site(*RECORDS, a_record(3, project={"id": "88", "key": "WEB", "name": "Web"}))
    for call in (PAY_COMPONENTS, components_of("88")):
        site.faults.next(call, answering({}, 403))
    async with served(site) as jira:
        found, told = await named(jira)
    assert found == (ALL | {"project 88"}) - {"component 6"}
    assert [(one["event"], one["kind"]) for one in told] == [("jira.list_refused", "component")]


async def test_a_token_without_the_scope_of_a_list_does_without_the_list() -> None:
    site = a_site(*RECORDS)
    site.faults.next(STATUSES, answering({"message": "Unauthorized; scope does not match"}, 401))
    async with served(site) as jira:
        found, told = await named(jira)
    assert found == ALL - {"status 3"}
    assert [one["event"] for one in told] == ["jira.list_refused"]


async def test_those_who_look_after_the_source_are_told_what_the_account_may_not_list() -> None:
    site = a_site(*RECORDS)
    site.faults.next(USERS, answering({}, 403), after=1)
    site.faults.next(STATUSES, answering({}, 401), after=1)
    async with served(site) as jira, jira.feed() as feed:
        assert [await feed.withheld() for _ in range(3)] == [(), ("users", "statuses"), ()]


async def test_a_token_that_died_meanwhile_is_trouble() -> None:
    site = a_site(*RECORDS)
    site.faults.next(MYSELF, answering({}, 401), after=1)
    site.faults.next(USERS, answering({}, 401))
    async with served(site) as jira:
        with pytest.raises(Rejected, match="does not accept the credentials"):
            await named(jira)


@pytest.mark.parametrize("call", [USERS, STATUSES, SHOP_COMPONENTS])
@pytest.mark.parametrize(("status", "kind"), [(400, Rejected), (500, Unavailable)])
async def test_what_is_no_matter_of_permissions_is_trouble(call: str, status: int, kind: type[SourceTrouble]) -> None:
    site = a_site(*RECORDS)
    site.faults.next(call, answering({}, status), times=3)
    async with served(site) as jira:
        with pytest.raises(kind, match=str(status)):
            await named(jira)


async def test_without_the_projects_a_run_does_not_go_on() -> None:
    site = a_site(*RECORDS)
    site.faults.next(PROJECTS, answering({}, 403))
    async with served(site) as jira:
        with pytest.raises(Rejected, match="does not let this account call GET /rest/api/3/project/search"):
            await named(jira)


async def test_a_run_with_none_of_the_lists_brings_every_issue() -> None:
    site = a_site(*RECORDS)
    for call in (USERS, STATUSES, SHOP_COMPONENTS, PAY_COMPONENTS):
        site.faults.next(call, answering({}, 403))
    desk = await a_desk(model=None, synchronised=False)
    async with served(site) as jira:
        assert await jira.synchronised(desk) == Synchronised(JIRA, 2, 2, 0)
    (state,) = await desk.mirror.sources()
    assert state.trouble is None
