"""A whole backlog read in parts, side by side: nothing between them, nothing twice, and resumed part by part."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from remit.domain.errors import Rejected
from remit_integrations.jira.window import MOST_PARTS, Part, Window, jql, resumed, stored
from remit_integrations.standins.jira.faults import Fault
from remit_integrations.standins.jira.jql import parse
from support.desks import NOW, a_desk
from support.jira_site import SEARCH, a_record, a_site, keys, served

OLDEST = NOW - timedelta(days=1000)
instants = st.integers(1_262_304_000, 1_790_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


def aged(count: int) -> list[dict[str, Any]]:
    """Issues that were created one after another, evenly, until a day ago."""
    step = timedelta(days=999) / count
    return [a_record(n, created=(OLDEST + n * step).isoformat()) for n in range(1, count + 1)]


def numbered(count: int) -> set[str]:
    return {f"SHOP-{number}" for number in range(1, count + 1)}


def window(cursor: bytes | None) -> Window:
    assert cursor is not None
    return msgspec.json.decode(cursor, type=Window)


@given(instants, instants, st.integers(0, 200_000), st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns"]))
def test_every_issue_is_in_a_part_whenever_it_was_created(
    oldest: datetime, created: datetime, issues: int, zone: str
) -> None:
    parts = Window(NOW).divided(oldest, issues).parts
    row = {"created": created, "updated": NOW}
    holding = [
        part for part in parts if parse(jql(Window(NOW), ZoneInfo(zone), "", part), ZoneInfo(zone), NOW).fits(row)
    ]
    assert holding != []
    assert len(parts) <= MOST_PARTS
    assert (parts[0].start, parts[-1].end) == (None, None)


def test_parts_are_of_equal_time_and_as_many_as_the_issues_are_worth() -> None:
    window = Window(NOW).divided(NOW - timedelta(days=30), 1_700)
    bounds = [NOW - timedelta(days=20), NOW - timedelta(days=10)]
    assert window.parts == (Part(None, bounds[0]), Part(bounds[0], bounds[1]), Part(bounds[1], None))


def test_an_issue_that_says_it_is_a_thousand_years_old_does_not_spoil_the_parts() -> None:
    bounds = [part.start for part in Window(NOW).divided(datetime(1, 1, 1, tzinfo=UTC), 5_000).parts[1:]]
    assert [bound for bound in bounds if bound is None or bound.year < 2002] == []


@pytest.mark.parametrize("issues", [0, 1, 999])
def test_a_small_backlog_stays_in_one_part(issues: int) -> None:
    assert Window(NOW).divided(OLDEST, issues).parts == (Part(),)


def test_a_window_is_read_when_every_part_is_and_under_way_from_its_first_page() -> None:
    begun = Window(NOW, parts=(Part(None, NOW), Part(NOW, None)))
    first = begun.at(0, None)
    both = first.at(1, "token").at(1, None)
    assert [(one.under_way, one.read) for one in (begun, first, both)] == [(False, False), (True, False), (True, True)]
    assert both.next().parts == (Part(),)


async def test_a_large_backlog_is_read_in_parts_every_issue_once() -> None:
    async with served(a_site(*aged(1_600))) as jira:
        pages = await jira.pages()
    assert sorted(keys(pages)) == sorted(numbered(1_600))
    assert len(window(pages[0].cursor).parts) == 3
    assert window(pages[-1].cursor) == resumed(pages[-1].cursor, NOW, window(pages[-1].cursor).scope, "UTC").next()


async def test_whatever_page_was_the_last_the_rest_is_read_and_no_more() -> None:
    async with served(a_site(*aged(1_600))) as jira:
        pages = await jira.pages()
        for taken in (1, len(pages) // 2, len(pages) - 1):
            rest = await jira.pages(pages[taken - 1].cursor)
            assert sorted(keys(pages[:taken]) + keys(rest)) == sorted(numbered(1_600))


async def test_in_another_time_zone_the_parts_begin_again() -> None:
    site = a_site(*aged(1_600))
    async with served(site) as jira:
        first = (await jira.pages())[0]
        site.zone = ZoneInfo("Asia/Tokyo")
        assert sorted(keys(await jira.pages(first.cursor))) == sorted(numbered(1_600))


async def test_a_part_whose_token_has_died_begins_again_and_the_others_go_on() -> None:
    async with served(a_site(*aged(1_600))) as jira:
        pages = await jira.pages()
        under_way = window(pages[3].cursor)
        dead = next(part for part in under_way.parts if part.token is not None)
        broken = stored(
            replace(
                under_way,
                parts=tuple(Part(p.start, p.end, "dead", False) if p == dead else p for p in under_way.parts),
            )
        )
        with capture_logs() as logs:
            rest = await jira.pages(broken)
    assert set(keys(pages[:4])) | set(keys(rest)) == numbered(1_600)
    assert [entry["event"] for entry in logs] == ["jira.token_refused"]


async def test_parts_that_are_empty_say_nothing_of_the_site() -> None:
    """All of it was created within the last day: the first parts hold nothing, which is not a site that went empty."""
    young = [a_record(n, created=(NOW - timedelta(minutes=n)).isoformat()) for n in range(1, 1_600)]
    old = a_record(1_600, created=OLDEST.isoformat())
    desk = await a_desk()
    async with served(a_site(*young, old)) as jira:
        await jira.synchronised(desk)
        again = await jira.synchronised(desk, full=True)
    assert (again.seen, again.changed) == (1_600, 0)


async def test_a_part_that_is_refused_ends_the_run_and_keeps_what_was_read() -> None:
    site = a_site(*aged(1_600))
    site.faults.next(SEARCH, Fault(403, body=b"{}"), after=6)
    desk = await a_desk()
    async with served(site) as jira:
        with pytest.raises(Rejected):
            await jira.synchronised(desk)
        state = {one.name: one for one in await desk.mirror.sources()}["jira"]
        kept = (await desk.mirror.counts())["jira"].records
        done = await jira.synchronised(desk)
    assert state.trouble is not None
    assert 0 < kept < 1_600
    assert kept + done.seen == 1_600
