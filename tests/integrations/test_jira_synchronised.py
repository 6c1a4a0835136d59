"""Whole synchronisations against the stand-in: what arrives in the mirror, and what stays when a run ends badly."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Limited, Rejected, SourceTrouble, Unavailable
from remit.ports import SourceState
from remit.usecases.desk import Desk
from remit_integrations.standins.jira.faults import CUT, Fault, failing, limited
from remit_integrations.sync import EVERY_S, Synchronised
from support.desks import JIRA, NOW, AClock, a_desk
from support.jira_site import (
    CHANGELOGS,
    MYSELF,
    PROJECTS,
    SEARCH,
    Served,
    a_change,
    a_record,
    a_site,
    answering,
    many,
    served,
)
from support.memory_mirror import MemoryMirror

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Running:
    """A site, a mirror of it, and the time both live in."""

    jira: Served
    desk: Desk
    mirror: MemoryMirror
    clock: AClock

    async def state(self) -> SourceState:
        (state,) = await self.mirror.sources()
        return state

    def mirrored(self) -> list[str]:
        return sorted(row.item.key for row in self.mirror.items.values())

    def summaries(self) -> list[str]:
        return [row.item.summary for _, row in sorted(self.mirror.items.items())]


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    """250 issues, nothing of them mirrored yet."""
    clock, mirror = AClock(), MemoryMirror()
    async with served(a_site(*many(250), clock=clock)) as jira:
        yield Running(jira, await a_desk(model=None, mirror=mirror, clock=clock, synchronised=False), mirror, clock)


async def test_a_first_run_brings_everything_and_the_next_only_what_changed(running: Running) -> None:
    first = await running.jira.synchronised(running.desk)
    running.clock.goes_on(hours=0.1)
    running.jira.site.edit("10007", summary="Changed")
    running.clock.goes_on(hours=0.1)
    second = await running.jira.synchronised(running.desk)
    assert (first, second) == (Synchronised(JIRA, 250, 250, 0), Synchronised(JIRA, 1, 1, 0))
    assert running.summaries()[6] == "Changed"


async def test_a_run_after_an_upgrade_works_out_how_records_went_that_were_mirrored_before(running: Running) -> None:
    await running.jira.synchronised(running.desk)
    kept = dict(running.mirror.courses)
    running.mirror.courses.clear()
    running.mirror.basis.clear()
    with capture_logs() as logs:
        await running.jira.synchronised(running.desk)
        await running.jira.synchronised(running.desk)
    assert running.mirror.courses == kept
    assert [log["source"] for log in logs if log["event"] == "evidence.settled"] == [JIRA]


async def test_what_is_read_again_by_the_overlap_changes_nothing(running: Running) -> None:
    running.jira.site.edit("10007", summary="Changed")
    await running.jira.synchronised(running.desk)
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, 1, 0, 0)


async def test_a_change_the_index_tells_of_forty_minutes_later_arrives(running: Running) -> None:
    site = running.jira.site
    await running.jira.synchronised(running.desk)
    running.clock.goes_on(hours=1.5)
    await running.jira.synchronised(running.desk)
    site.index_lag = 40 * MINUTE
    site.edit("10007", summary="Late")
    site.create(a_record(900, updated=running.clock().isoformat()))
    arrived = []
    for _ in range(24):
        running.clock.goes_on(hours=1 / 12)
        await running.jira.synchronised(running.desk)
        arrived.append((running.summaries()[6], "SHOP-900" in running.mirrored()))
    assert arrived[6] == ("Issue 7", False)
    assert arrived[-1] == ("Late", True)
    assert arrived.index(("Late", True)) <= 20


async def test_an_issue_that_changes_all_the_time_is_read_all_the_same(running: Running) -> None:
    await running.jira.synchronised(running.desk)
    for turn in range(5):
        running.jira.site.edit("10007", summary=f"Turn {turn}")
        await running.jira.synchronised(running.desk)
        assert running.summaries()[6] == f"Turn {turn}"
        running.clock.goes_on(seconds=30)


async def test_a_moved_issue_keeps_its_id_and_answers_to_both_keys(running: Running) -> None:
    await running.jira.synchronised(running.desk)
    running.jira.site.move("10007", "PAY-1", {"id": "77", "key": "PAY", "name": "Pay"})
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, 1, 1, 0)
    found = await running.mirror.by_keys(["SHOP-7", "PAY-1"])
    assert {key: (one.item.id, one.item.key, one.item.project) for key, one in found.items()} == {
        "SHOP-7": ("10007", "PAY-1", "PAY"),
        "PAY-1": ("10007", "PAY-1", "PAY"),
    }
    assert len(running.mirror.items) == 250


async def test_issues_that_move_or_vanish_between_two_pages_do_no_harm(running: Running) -> None:
    site, seen = running.jira.site, 0
    async with running.jira.feed() as feed:
        async for page in feed.pages(None):
            seen += len(page.items)
            if "10150" in site.issues:
                site.delete("10150")
                site.delete("10240")
                site.move("10120", "PAY-1", {"id": "77", "key": "PAY", "name": "Pay"})
    assert seen >= 248


async def test_an_issue_without_permission_or_deleted_stays_in_the_mirror_as_gone(running: Running) -> None:
    await running.jira.synchronised(running.desk)
    running.jira.site.hide("10007")
    running.jira.site.delete("10008")
    assert await running.jira.synchronised(running.desk, full=True) == Synchronised(JIRA, 248, 0, 0, gone=2)
    assert (len(running.mirrored()), len(await running.mirror.present(JIRA))) == (250, 248)


async def test_an_unreadable_issue_is_parked_and_cleared_by_a_later_good_reading(running: Running) -> None:
    site = running.jira.site
    site.edit("10001", labels=7)
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, 249, 249, 1)
    assert [(parked.id, parked.reason) for parked in running.mirror.parked.values()] == [
        ("10001", "Expected `array | null`, got `int` - at `$.fields.labels`")
    ]
    site.edit("10001", labels=[], summary="Whole again")
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, 1, 1, 0)
    assert (running.mirror.parked, running.summaries()[0]) == ({}, "Whole again")


async def test_a_page_of_which_nothing_can_be_read_moves_the_cursor_all_the_same(running: Running) -> None:
    running.jira.site.faults.next(SEARCH, answering({"issues": [{"id": "1"}, 7]}))
    read_by_id = 250
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, read_by_id, read_by_id, 2)
    state = await running.state()
    assert (state.last_success_at, state.trouble) == (NOW, None)
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, 0, 0, 0)


async def test_an_issue_on_two_pages_is_one_record(running: Running) -> None:
    twice = [a_record(1), a_record(1, summary="Newer", updated=NOW.isoformat()), a_record(1)]
    running.jira.site.faults.next(SEARCH, answering({"issues": twice}))
    await running.jira.synchronised(running.desk)
    assert running.summaries()[:2] == ["Newer", "Issue 2"]


TROUBLES: list[tuple[str, Fault, type[SourceTrouble], str]] = [
    (MYSELF, answering({"errorMessages": ["No"]}, 401), Rejected, "does not accept the credentials (401 to GET"),
    (MYSELF, answering({"errorMessages": ["No"]}, 403), Rejected, "does not let this account call GET"),
    (MYSELF, Fault(404, body=b"<html>", media_type="text/html"), Rejected, "does not know GET /rest/api/3/myself"),
    (MYSELF, Fault(404, body=b'{"errorMessages": []}'), Rejected, '(404: {"errorMessages": []}); check REMIT_JIRA_URL'),
    (PROJECTS, answering({"values": [], "isLast": True}), Rejected, "shows no project to this account"),
    (SEARCH, answering({"errorMessages": ["Gone"]}, 410), Rejected, "refused POST /rest/api/3/search/jql (410): "),
    (SEARCH, failing(503), Unavailable, "answered 503 to POST /rest/api/3/search/jql; it may be down, try again later"),
    (SEARCH, CUT, Unavailable, "cannot be reached (RemoteProtocolError"),
    (CHANGELOGS, failing(500), Unavailable, "answered 500 to POST /rest/api/3/changelog/bulkfetch"),
    (SEARCH, limited(1847), Limited, "asked to slow down for 1847 s (jira-burst-based); try again after that"),
]


@pytest.mark.parametrize(("call", "fault", "kind", "says"), TROUBLES, ids=[says for *_, says in TROUBLES])
async def test_a_run_that_ends_badly_says_why_and_leaves_everything_as_it_was(
    running: Running, call: str, fault: Fault, kind: type[SourceTrouble], says: str
) -> None:
    await running.jira.synchronised(running.desk)
    before, rows = await running.state(), dict(running.mirror.items)
    running.clock.goes_on(hours=2)
    running.jira.site.edit("10007", summary="Changed")
    running.jira.site.faults.next(call, fault, times=3 if kind is Unavailable else 1)
    with pytest.raises(kind) as caught:
        await running.jira.synchronised(running.desk)
    assert says in caught.value.message
    failures, wait_s = (0, 1847) if kind is Limited else (1, EVERY_S)
    assert await running.state() == SourceState(
        JIRA,
        before.cursor,
        NOW,
        running.clock(),
        caught.value.message,
        failures,
        running.clock() + timedelta(seconds=wait_s),
    )
    assert running.mirror.items == rows
    await running.jira.synchronised(running.desk)
    assert (running.summaries()[6], (await running.state()).trouble) == ("Changed", None)


async def test_jira_down_half_way_keeps_what_was_written_and_goes_on_from_there(running: Running) -> None:
    site = running.jira.site
    site.faults.next(SEARCH, failing(502), times=3, after=1)
    with pytest.raises(Unavailable):
        await running.jira.synchronised(running.desk)
    kept = len(running.mirrored())
    site.calls.clear()
    rest = await running.jira.synchronised(running.desk)
    assert (kept, rest.seen, len(running.mirrored())) == (100, 150, 250)


async def test_a_short_disturbance_is_not_even_noticed(running: Running) -> None:
    running.jira.site.faults.next(SEARCH, failing(503))
    running.jira.site.faults.next(SEARCH, limited())
    running.jira.site.faults.next(CHANGELOGS, CUT)
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, 250, 250, 0)


async def test_a_site_that_suddenly_shows_nothing_is_trouble_not_an_empty_success(running: Running) -> None:
    await running.jira.synchronised(running.desk)
    before = await running.state()
    for id_ in running.jira.site.issues:
        running.jira.site.hide(id_)
    running.jira.site.faults.next(PROJECTS, answering({"values": [{"id": "1", "key": "SHOP"}], "isLast": True}))
    running.clock.goes_on(hours=2)
    with pytest.raises(Rejected, match="no longer shows any of the 250 records"):
        await running.jira.synchronised(running.desk, full=True)
    assert ((await running.state()).cursor, len(running.mirrored())) == (before.cursor, 250)


async def test_a_run_that_finds_nothing_new_is_a_success(running: Running) -> None:
    await running.jira.synchronised(running.desk)
    running.clock.goes_on(hours=0.5)
    assert await running.jira.synchronised(running.desk) == Synchronised(JIRA, 0, 0, 0)
    assert (await running.state()).last_success_at == running.clock()


async def test_a_history_is_mirrored_once_however_often_it_is_read(running: Running) -> None:
    running.jira.site.histories["10001"] = [a_change("7"), a_change("7"), a_change("8")]
    for _ in range(2):
        await running.jira.synchronised(running.desk, full=True)
    assert sorted(change for (_, _, change, _) in running.mirror.events) == ["7", "8"]
