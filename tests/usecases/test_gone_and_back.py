"""Is an issue gone or there, in whatever order what was asked of its source is written?"""

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.records import BacklogItem, Gone, Loss
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, Taken, take_records
from support.desks import JIRA, NOW, a_desk, an_issue, pulled
from support.memory_mirror import MemoryMirror

ISSUE = an_issue("SHOP-1")
HOUR = timedelta(hours=1)


async def written(desk: Desk, *pages: Page) -> list[Taken]:
    return [await take_records(desk, JIRA, page) for page in pages]


def shown(item: BacklogItem = ISSUE) -> Page:
    """By a search."""
    return Page((pulled(item),), cursor=b"a")


def told(hour: int, item: BacklogItem | None) -> Page:
    """By its id at that hour: the issue, or that it is not there."""
    at = NOW + hour * HOUR
    return Page((pulled(item),), asked_at=at) if item is not None else Page(gone=(Gone(JIRA, ISSUE.id, at),))


async def test_a_search_does_not_bring_back_what_is_gone_and_says_that_it_is_in_doubt() -> None:
    mirror = MemoryMirror()
    desk = await a_desk(mirror=mirror)
    *_, last = await written(desk, shown(), told(1, None), shown(replace(ISSUE, updated=ISSUE.updated + HOUR)))
    assert last == Taken(1, 0, doubtful=frozenset({ISSUE.id}))
    assert await mirror.present(JIRA) == frozenset()


async def test_asked_for_by_its_id_it_is_back() -> None:
    mirror = MemoryMirror()
    desk = await a_desk(mirror=mirror)
    *_, last = await written(desk, shown(), told(1, None), told(2, ISSUE))
    assert last == Taken(1, 1)
    assert await mirror.present(JIRA) == {ISSUE.id}


async def test_that_what_is_gone_was_deleted_is_news_once_and_is_no_further_loss() -> None:
    mirror = MemoryMirror()
    desk = await a_desk(mirror=mirror)
    deleted = Page(gone=(Gone(JIRA, ISSUE.id, NOW + 2 * HOUR, Loss.DELETED),))
    *_, first, second = await written(desk, shown(), told(1, None), deleted, told(3, None))
    assert (first, second) == (Taken(0, 0, 0), Taken(0, 0, 0))
    held = (await mirror.by_ids(JIRA, [ISSUE.id]))[ISSUE.id]
    assert (held.gone_at, held.gone_how) == (NOW + HOUR, Loss.DELETED)


@dataclass(frozen=True, slots=True)
class Life:
    """What an issue goes through: from each hour on it is there in a version, or not there (None)."""

    states: tuple[int | None, ...]

    def at(self, hour: int) -> BacklogItem | None:
        version = self.states[hour]
        return (
            replace(ISSUE, summary=f"version {version}", updated=NOW + version * HOUR) if version is not None else None
        )


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """An issue that is edited, hidden and shown again; its version rises by edits only."""
    version, states = 0, list[int | None]()
    for hour in range(draw(st.integers(2, 6))):
        kind = draw(st.sampled_from(["stays", "edited", "hidden"]))
        version = hour if kind == "edited" else version
        states.append(None if kind == "hidden" else version)
    return Life((0, *states))


@given(lives(), st.data())
async def test_whatever_is_written_late_the_last_answer_by_id_decides(life: Life, data: st.DataObject) -> None:
    """Pages of searches may be of any moment; answers by id are written in the order they were asked in, as they are
    where one process at a time applies what a source sends.
    """
    mirror = MemoryMirror()
    desk = await a_desk(mirror=mirror)
    last = len(life.states) - 1
    await written(desk, shown(life.at(0) or ISSUE))
    for hour in range(last + 1):
        for late in data.draw(st.lists(st.integers(0, hour), max_size=2), label=f"searches written at {hour}"):
            if (seen := life.at(late)) is not None:
                await written(desk, shown(seen))
        if data.draw(st.booleans(), label=f"asked by id at {hour}") or hour == last:
            await written(desk, told(hour, life.at(hour)))
    for late in data.draw(st.lists(st.integers(0, last), max_size=3), label="searches written at last"):
        if (seen := life.at(late)) is not None:
            await written(desk, shown(seen))
    held = (await mirror.by_ids(JIRA, [ISSUE.id]))[ISSUE.id]
    assert (held.item if held.gone_at is None else None) == life.at(last)
