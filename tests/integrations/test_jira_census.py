"""How Jira is counted: a walk over ids, then each missing issue by its id, past the index."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from remit.domain.answers import Outcome, Reason
from remit.domain.errors import Rejected, Unavailable
from remit.domain.records import Gone, Loss
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page
from remit_integrations.source import Census, Doubt
from remit_integrations.standins.jira.faults import failing
from remit_integrations.sync import Synchronised
from support.desks import JIRA, NOW, AClock, a_desk
from support.jira_site import (
    BY_ID,
    MYSELF,
    SEARCH,
    Served,
    a_record,
    a_site,
    answering,
    many,
    served,
)
from support.memory_mirror import MemoryMirror

PAY = {"id": "77", "key": "PAY", "name": "Pay"}
ONLY_SHOP = {"jql": "project = SHOP OR labels = keep"}


@dataclass(frozen=True, slots=True)
class Counting:
    """A site of 130 issues, a mirror of it, and the time both live in; a day has passed since the first run."""

    jira: Served
    desk: Desk
    mirror: MemoryMirror
    clock: AClock

    async def run(self, **settings: Any) -> Synchronised:
        return await self.jira.synchronised(self.desk, **settings)

    def gone(self) -> set[str]:
        return {id_ for (_, id_), row in self.mirror.items.items() if row.gone_at is not None}

    async def outcome(self, key: str, moment: Moment | None = None) -> tuple[bool, Outcome, list[Reason]]:
        snap = await snapshot(self.desk, moment or Moment())
        answer = (await issue_ownership(self.desk, snap, [key]))[key]
        cell = answer.ownership[0]
        return answer.known, cell.outcome, [candidate.reason for candidate in cell.trace[:1]]


@pytest.fixture
async def counting() -> AsyncIterator[Counting]:
    clock, mirror = AClock(), MemoryMirror()
    async with served(a_site(*many(130), clock=clock)) as jira:
        parts = Counting(jira, await a_desk(mirror=mirror, clock=clock, synchronised=False), mirror, clock)
        await parts.run()
        clock.goes_on(days=1)
        jira.site.calls.clear()
        yield parts


async def confirmed(jira: Served, *ids: str, **settings: Any) -> Page:
    async with jira.feed(**settings) as feed:
        (page,) = [page async for page in feed.confirmed(ids)]
    return page


def read(page: Page) -> list[str]:
    return [pulled.item.id for pulled in page.items]


async def test_a_deleted_and_a_hidden_issue_are_unknown_from_now_on_and_as_before_until_now(counting: Counting) -> None:
    site = counting.jira.site
    site.delete("10007")
    site.hide("10008")
    before = counting.clock() - timedelta(hours=1)
    assert (await counting.run()).gone == 2
    assert counting.gone() == {"10007", "10008"}
    for key in ("SHOP-7", "SHOP-8"):
        assert await counting.outcome(key) == (True, Outcome.UNKNOWN, [Reason.NOT_VISIBLE])
        assert (await counting.outcome(key, Moment(as_of=before)))[1] is Outcome.OWNED
    assert (await counting.outcome("SHOP-9"))[1] is Outcome.OWNED


async def test_an_issue_given_back_is_answered_again(counting: Counting) -> None:
    counting.jira.site.hide("10008")
    await counting.run()
    counting.clock.goes_on(days=1)
    counting.jira.site.hide("10008", hidden=False)
    assert await counting.run() == Synchronised(JIRA, 1, 1, 0)
    assert (await counting.outcome("SHOP-8"))[1] is Outcome.OWNED


async def test_an_issue_the_index_has_not_seen_yet_is_not_gone(counting: Counting) -> None:
    site = counting.jira.site
    site.index_lag = timedelta(hours=6)
    site.create(a_record(500))
    counting.clock.goes_on(hours=7)
    await counting.run()
    del site.issues["10500"]
    site.create(a_record(500))  # out of the index again, for six hours
    counting.clock.goes_on(days=0.2)
    assert await counting.run(full=True) == Synchronised(JIRA, 131, 0, 0)
    assert counting.gone() == set()


async def test_a_census_without_findings_is_one_walk_over_the_ids(counting: Counting) -> None:
    await counting.run()
    counting.clock.goes_on(days=1)
    counting.jira.site.calls.clear()
    await counting.run()
    assert list(counting.jira.site.calls)[-3:] == [SEARCH, MYSELF, SEARCH]
    assert BY_ID not in counting.jira.site.calls


async def test_an_issue_that_left_the_restriction_is_no_longer_mirrored(counting: Counting) -> None:
    await counting.run(**ONLY_SHOP)
    counting.clock.goes_on(days=1)
    counting.jira.site.move("10007", "PAY-1", PAY)
    assert (await counting.run(**ONLY_SHOP)).gone == 1
    known, outcome, reasons = await counting.outcome("SHOP-7")
    assert (known, outcome, reasons) == (True, Outcome.UNKNOWN, [Reason.NOT_MIRRORED])


async def test_a_restriction_narrowed_on_purpose_leaves_out_most_without_a_doubt(counting: Counting) -> None:
    done = await counting.run(jql="id in (10001, 10002)")
    assert (done.seen, done.gone) == (2, 128)
    (state,) = await counting.mirror.sources()
    assert state.trouble is None


async def test_a_restriction_widened_again_brings_them_back(counting: Counting) -> None:
    await counting.run(jql="id in (10001, 10002)")
    await counting.run()
    assert counting.gone() == set()


async def test_whether_an_issue_is_within_the_restriction_is_asked_past_the_index(counting: Counting) -> None:
    site = counting.jira.site
    site.index_lag = timedelta(hours=6)
    site.edit("10007", labels=["keep"], project=PAY)
    site.edit("10008", project=PAY)
    page = await confirmed(counting.jira, "10007", "10008", "10009", **ONLY_SHOP)
    assert (read(page), page.gone) == (["10007", "10009"], (Gone(JIRA, "10008", counting.clock(), Loss.LEFT_OUT),))


async def test_more_issues_than_jira_reconciles_at_once_are_asked_for_in_turns(counting: Counting) -> None:
    ids = [str(10_000 + number) for number in range(1, 101)]
    page = await confirmed(counting.jira, *ids, **ONLY_SHOP)
    assert (sorted(read(page)), page.gone) == (ids, ())
    assert counting.jira.site.calls.count(SEARCH) == 2


async def test_issues_are_asked_for_by_id_a_hundred_at_a_time(counting: Counting) -> None:
    ids = [str(10_000 + number) for number in range(1, 131)]
    async with counting.jira.feed() as feed:
        pages = [page async for page in feed.confirmed(ids)]
    assert [len(page.items) for page in pages] == [100, 30]
    assert counting.jira.site.calls.count(BY_ID) == 2


async def test_an_issue_asked_for_by_id_comes_with_its_history(counting: Counting) -> None:
    counting.jira.site.move("10007", "PAY-1", PAY)
    page = await confirmed(counting.jira, "10007")
    assert [(event.item_id, event.from_text, event.to_text) for event in page.events] == [
        ("10007", "Shop", "Pay"),
        ("10007", "SHOP-7", "PAY-1"),
    ]


TOLD: list[tuple[str, dict[str, Any], set[str]]] = [
    ("nothing of either", {"issues": [], "issueErrors": []}, {"10001", "10002"}),
    ("no list of errors", {"issues": [a_record(1)]}, {"10002"}),
    ("an error", {"issues": [], "issueErrors": [{"id": "10002", "errorMessage": "later"}]}, {"10001"}),
    ("an error without an id", {"issues": [a_record(1)], "issueErrors": [{"errorMessage": "later"}]}, set()),
    ("an issue without an id", {"issues": [a_record(1), {"key": "SHOP-2"}]}, set()),
    ("an issue that cannot be read", {"issues": [a_record(1), a_record(2, updated=None)]}, set()),
    ("a numeric id", {"issues": [a_record(1) | {"id": 10001}]}, {"10002"}),
    ("another issue", {"issues": [a_record(3)]}, {"10001", "10002"}),
]


@pytest.mark.parametrize(("told", "absent"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
async def test_gone_is_only_what_neither_comes_nor_fails(
    counting: Counting, told: dict[str, Any], absent: Collection[str]
) -> None:
    counting.jira.site.faults.next(BY_ID, answering(told))
    page = await confirmed(counting.jira, "10001", "10002")
    assert {one.id for one in page.gone} == absent


async def test_an_answer_without_its_list_is_trouble_and_no_loss(counting: Counting) -> None:
    counting.jira.site.delete("10007")
    counting.jira.site.faults.next(BY_ID, answering({}))
    with pytest.raises(Unavailable, match="issues by id has no issues"):
        await counting.run()
    assert counting.gone() == set()


async def test_jira_down_during_a_census_is_trouble_and_the_next_run_counts_again(counting: Counting) -> None:
    counting.jira.site.delete("10007")
    counting.jira.site.faults.next(BY_ID, failing(503), times=3)
    with pytest.raises(Unavailable):
        await counting.run()
    (state,) = await counting.mirror.sources()
    assert (state.last_success_at, counting.gone()) == (counting.clock(), set())
    assert (await counting.run()).gone == 1


async def test_a_token_that_dies_during_a_census_marks_nothing(counting: Counting) -> None:
    counting.jira.site.delete("10007")
    counting.jira.site.faults.next(MYSELF, answering({}, 401), after=1)
    with pytest.raises(Rejected, match="does not accept the credentials"):
        await counting.run()
    assert counting.gone() == set()


async def test_in_doubt_it_is_counted_hourly_and_daily_without() -> None:
    clock = AClock()
    async with served(a_site(*many(1), clock=clock)) as jira:
        cursor = (await jira.pages())[-1].cursor
        assert cursor is not None
        doubt = Doubt(NOW, "too many")
        async with jira.feed() as feed:
            assert feed.census(cursor) == Census(due=True)
            calm, doubtful = feed.counted(cursor, None), feed.counted(cursor, doubt)
        due = []
        for hours in (0.9, 0.1, 22.9, 0.1):
            clock.goes_on(hours=hours)
            async with jira.feed() as feed:
                due.append((feed.census(calm), feed.census(doubtful)))
    assert [(one.due, other.due) for one, other in due] == [(False, False), (False, True), (False, True), (True, True)]
    assert {(one.doubt, other.doubt) for one, other in due} == {(None, doubt)}


async def test_a_census_leaves_the_place_to_go_on_from_where_it_was() -> None:
    clock = AClock()
    async with served(a_site(*many(3), clock=clock)) as jira:
        cursor = (await jira.pages())[-1].cursor
        assert cursor is not None
        clock.goes_on(hours=5)
        async with jira.feed() as feed:
            counted = feed.counted(cursor, None)
        jira.site.edit("10002", summary="Changed")
        pages = await jira.pages(cursor), await jira.pages(counted)
    assert [[pulled.item.id for page in run for pulled in page.items] for run in pages] == [["10002"], ["10002"]]


async def test_another_restriction_is_counted_anew_and_without_the_old_doubt(counting: Counting) -> None:
    (state,) = await counting.mirror.sources()
    async with counting.jira.feed() as feed:
        assert state.cursor is not None
        doubtful = feed.counted(state.cursor, Doubt(NOW, "too many"))
    async with counting.jira.feed(**ONLY_SHOP) as feed:
        assert feed.census(doubtful) == Census(due=True)
