"""What Jira may send and PostgreSQL may not hold: a whole synchronisation of it into the real database."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.engine import reading
from remit.storage.mirror import PostgresMirror
from remit.storage.tables import backlog_event, backlog_item, backlog_key, parked, source_reference
from remit.usecases.desk import Desk
from remit_integrations.jira.payloads import FIELDS
from remit_integrations.standins.jira.custom_fields import SPRINT, STORY_POINTS
from remit_integrations.standins.jira.faults import Fault
from remit_integrations.sync import Synchronised
from support.desks import JIRA, NOW, a_desk
from support.jira_site import (
    CHANGELOGS,
    PROJECTS,
    SEARCH,
    Served,
    a_change,
    a_record,
    a_site,
    answering,
    served,
)

NUL = "a\x00b"
TEXT = st.text() | st.sampled_from([NUL, "\x00", "\ud800", "x" * 5000, "\U0001f600"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "key", "name", "accountId", "value"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@pytest.fixture
async def desk(engine: AsyncEngine) -> Desk:
    return await a_desk(model=None, mirror=PostgresMirror(engine), synchronised=False)


@pytest.fixture
async def jira() -> AsyncIterator[Served]:
    async with served(a_site(a_record(1))) as jira:
        yield jira


async def rows(engine: AsyncEngine, *columns: Any) -> list[tuple[Any, ...]]:
    async with reading(engine) as connection:
        return sorted(tuple(row) for row in await connection.execute(select(*columns)))


def histories(issue_id: str, *entries: Any) -> Fault:
    return answering({"issueChangeLogs": [{"issueId": issue_id, "changeHistories": entries}]})


async def test_texts_that_a_database_cannot_hold_are_held_without_what_it_cannot(
    engine: AsyncEngine, desk: Desk, jira: Served
) -> None:
    named = {"name": NUL, "accountId": NUL, "key": NUL}
    record = a_record(1, summary=NUL, labels=[NUL], components=[named], assignee=named, reporter=named,
                      priority=named, status=named, issuetype=named, parent=named, customfield_1=[named])  # fmt: skip
    item = {"field": NUL, "fieldId": NUL, "from": NUL, "fromString": NUL, "to": NUL, "toString": NUL}
    entry = a_change("7\x00", **item) | {"author": named}
    jira.site.faults.next(PROJECTS, answering({"values": [{"id": "1\x00", "key": NUL, "name": NUL}], "isLast": True}))
    jira.site.faults.next(SEARCH, answering({"issues": [record]}))
    jira.site.faults.next(CHANGELOGS, histories("10001", entry))
    assert await jira.synchronised(desk) == Synchronised(JIRA, 1, 1, 0)
    assert await rows(engine, backlog_item.c.summary, backlog_item.c.assignee, backlog_item.c.parent) == [
        ("a\ufffdb", "a\ufffdb", "a\ufffdb")
    ]
    assert await rows(engine, backlog_event.c.change_id, backlog_event.c.from_value) == [("7\ufffd", "a\ufffdb")]
    assert ("project", "1\ufffd", "a\ufffdb") in await rows(
        engine, source_reference.c.kind, source_reference.c.id, source_reference.c.name
    )


async def test_everything_that_cannot_be_read_is_parked_beside_what_can(
    engine: AsyncEngine, desk: Desk, jira: Served
) -> None:
    broken = [a_change("8") | {"created": None}, a_change("8") | {"items": 7}, a_change("9") | {"items": "x"}]
    told = {"issueId": "10001", "changeHistories": [a_change("7"), a_change("7"), *broken]}
    issues = [a_record(1), a_record(2, updated=None), a_record(2, updated="soon"), None, {"id": NUL}, a_record(1)]
    jira.site.faults.next(SEARCH, answering({"issues": issues}))
    jira.site.faults.next(CHANGELOGS, answering({"issueChangeLogs": [told, told]}))
    await jira.synchronised(desk)
    kept = {id_: json.loads(raw) for id_, raw in await rows(engine, parked.c.id, parked.c.raw)}
    (nameless,) = [id_ for id_ in kept if id_.startswith("unreadable-")]
    assert kept == {
        "10001/changelog/8": broken[1],
        "10001/changelog/9": broken[2],
        "10002": a_record(2, updated="soon"),
        "a\ufffdb": {"id": NUL},
        nameless: None,
    }
    assert await rows(engine, backlog_item.c.id) == [("10001",)]
    assert await rows(engine, backlog_event.c.change_id, backlog_event.c.at) == [("7", NOW)]


async def test_what_was_parked_of_a_history_is_cleared_when_it_can_be_read(
    engine: AsyncEngine, desk: Desk, jira: Served
) -> None:
    jira.site.faults.next(CHANGELOGS, histories("10001", a_change("7") | {"items": 7}))
    await jira.synchronised(desk)
    waiting = await rows(engine, parked.c.id)
    jira.site.histories["10001"] = [a_change("7")]
    await jira.synchronised(desk, full=True)
    assert (waiting, await rows(engine, parked.c.id)) == ([("10001/changelog/7",)], [])
    assert await rows(engine, backlog_event.c.change_id) == [("7",)]


async def test_a_custom_field_called_key_is_no_move(engine: AsyncEngine, desk: Desk, jira: Served) -> None:
    custom = a_change("7", field="Key", fieldId="customfield_1", fromString="SHOP-2")
    endless = a_change("8", field="Key", fieldId=None, fromString="".join(map(chr, range(300, 9000))))
    move = a_change("9", field="Key", fieldId=None, fromString="OLD-1", toString="SHOP-1")
    jira.site.histories["10001"] = [custom, endless, move]
    await jira.synchronised(desk)
    assert await rows(engine, backlog_key.c.key, backlog_key.c.id) == [("OLD-1", "10001"), ("SHOP-1", "10001")]


async def test_an_estimate_and_sprints_are_stored_and_follow_what_jira_says(
    engine: AsyncEngine, desk: Desk, jira: Served
) -> None:
    asked = (backlog_item.c.estimate, backlog_item.c.sprints)
    met = []
    for points, sprints in ((2.5, [{"id": 37}, {"id": 41}]), (0, [{"id": 41}]), (None, None)):
        jira.site.edit("10001", **{STORY_POINTS["id"]: points, SPRINT["id"]: sprints, "updated": NOW.isoformat()})
        await jira.synchronised(desk)
        met += await rows(engine, *asked)
    assert met == [(2.5, ["37", "41"]), (0.0, ["41"]), (None, [])]
    found = (await desk.mirror.by_ids(JIRA, ["10001"]))["10001"].item
    assert (found.estimate, found.sprints) == (None, ())


@pytest.mark.parametrize("year", ["0001", "0099", "9999"])
async def test_any_year_that_can_be_read_can_be_stored(
    engine: AsyncEngine, desk: Desk, jira: Served, year: str
) -> None:
    edge = "01-01T00:00:00.000-1200" if year == "0001" else "12-31T23:59:59.999+1200"
    record = a_record(1, created=f"{year}-{edge}", updated=f"{year}-{edge}", resolutiondate=f"{year}-{edge}")
    jira.site.faults.next(SEARCH, answering({"issues": [record]}))
    assert await jira.synchronised(desk) == Synchronised(JIRA, 1, 1, 0)
    assert [created.year for (created,) in await rows(engine, backlog_item.c.created)] == [int(year)]


async def test_the_first_instant_there_is_would_be_stored_as_infinite_and_is_parked(desk: Desk, jira: Served) -> None:
    record = a_record(1, created="0001-01-01T00:00:00.000+0000")
    jira.site.faults.next(SEARCH, answering({"issues": [record]}))
    assert await jira.synchronised(desk) == Synchronised(JIRA, 1, 1, 1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from((*FIELDS, "id", "key")), JSON), min_size=1, max_size=20), st.data())
async def test_any_page_is_stored_or_parked_and_the_run_ends_well(
    desk: Desk, jira: Served, wild: list[tuple[str, Any]], data: st.DataObject
) -> None:
    issues = []
    for number, (field, value) in enumerate(wild):
        plain = a_record(number, updated=f"{2000 + data.draw(st.integers(0, 9))}-01-01T00:00:00.000+0000")
        issues.append(
            plain | {field: value} if field in plain else plain | {"fields": plain["fields"] | {field: value}}
        )
    entry = a_change(wild[0][1], **{wild[0][0]: wild[0][1]}) | {"author": wild[0][1]}
    jira.site.faults.next(SEARCH, answering({"issues": issues}))
    jira.site.faults.next(CHANGELOGS, histories("10000", entry))
    done = await jira.synchronised(desk, full=True)
    jira.site.faults.take(CHANGELOGS)  # when no issue of the page could be read, no history was asked for
    assert done.seen + done.parked >= len({str(issue.get("id")) for issue in issues}) - 1
