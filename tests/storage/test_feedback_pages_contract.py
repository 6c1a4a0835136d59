"""What every store of feedback promises of its lists, in memory and in PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.feedback import FeedbackItem, FeedbackState
from remit.domain.feedback_lists import FeedbackExcerpt, FeedbackPage, FeedbackPlace
from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import Gone
from remit.ports import MirrorStore
from remit.storage.mirror import PostgresMirror
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from support.counting import count_statements
from support.desks import NOW, a_desk
from support.feedback import DESK, an_item, said
from support.memory_mirror import MemoryMirror

DAY = timedelta(days=1)
SHOP, CHECKOUT = AreaKey("shop"), AreaKey("checkout")
FORUM = SourceName("forum")
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments]}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cards]}]}
"""
ITEMS = (
    an_item("1"),
    an_item("10", state=FeedbackState.TRIAGED, excerpt="It fails.", linked=("SHOP-1",), segment="enterprise"),
    an_item("2", tags=("cards",), created=NOW - 2 * DAY),
    an_item("3", tags=("weather",), created=NOW - 5 * DAY, state=FeedbackState.CLOSED, closed_at=NOW),
    an_item("B", tags=("cards",), created=NOW - 9 * DAY),
    an_item("a", tags=("cards",), created=NOW - 9 * DAY, state=FeedbackState.CLOSED),
)
THREAD = an_item("7", source=FORUM, created=NOW - DAY)
EVERYTHING = (THREAD, ITEMS[2], ITEMS[0], ITEMS[1], ITEMS[3], ITEMS[4], ITEMS[5])


@pytest.fixture(params=["memory", "postgres"])
def mirror(request: pytest.FixtureRequest) -> MirrorStore:
    if request.param == "memory":
        return MemoryMirror()
    engine: AsyncEngine = request.getfixturevalue("engine")
    return PostgresMirror(engine)


async def a_help_desk(mirror: MirrorStore) -> Desk:
    desk = await a_desk(model=MODEL, mirror=mirror, synchronised=False)
    await take_records(desk, DESK, said(*ITEMS, an_item("gone")))
    await take_records(desk, DESK, Page(gone=(Gone(DESK, "gone", NOW),)))
    await take_records(desk, FORUM, said(THREAD))
    return desk


async def listed(desk: Desk, asked: FeedbackExcerpt) -> FeedbackPage:
    return (await desk.mirror.feedback.pages([asked]))[asked]


async def test_the_newest_come_first_and_what_is_gone_not_at_all(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    assert await listed(desk, FeedbackExcerpt(50)) == FeedbackPage(EVERYTHING, 7, more=False)


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (FeedbackExcerpt(50, areas=(SHOP,)), ["1", "10"]),
        (FeedbackExcerpt(50, areas=(SHOP, CHECKOUT)), ["2", "1", "10", "B", "a"]),
        (FeedbackExcerpt(50, areas=()), []),
        (FeedbackExcerpt(50, areas=(SHOP,), unplaced=True), []),
        (FeedbackExcerpt(50, areas=(CHECKOUT,), state=FeedbackState.CLOSED), ["a"]),
        (FeedbackExcerpt(50, unplaced=True), ["7", "3"]),
        (FeedbackExcerpt(50, source=FORUM), ["7"]),
        (FeedbackExcerpt(50, state=FeedbackState.CLOSED, source=DESK), ["3", "a"]),
        (FeedbackExcerpt(50, created_after=NOW - 2 * DAY), ["7", "2"]),
        (FeedbackExcerpt(50, created_before=NOW - 5 * DAY), ["B", "a"]),
    ],
    ids=str,
)
async def test_only_what_is_meant_is_listed(mirror: MirrorStore, asked: FeedbackExcerpt, ids: list[str]) -> None:
    found = await listed(await a_help_desk(mirror), asked)
    assert ([item.id for item in found.items], found.total, found.more) == (ids, len(ids), False)


async def test_pages_follow_each_other_whatever_was_taken_away_meanwhile(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    first = await listed(desk, FeedbackExcerpt(3))
    assert (first.items, first.total, first.more) == (EVERYTHING[:3], 7, True)
    await take_records(desk, DESK, Page(gone=(Gone(DESK, EVERYTHING[2].id, NOW),)))
    rest = await listed(desk, FeedbackExcerpt(4, after=place(EVERYTHING[2])))
    assert (rest.items, rest.total, rest.more) == (EVERYTHING[3:], 6, False)
    assert await listed(desk, FeedbackExcerpt(4, after=place(EVERYTHING[6]))) == FeedbackPage((), 6, more=False)
    assert await listed(desk, FeedbackExcerpt(0)) == FeedbackPage((), 6, more=True)


async def test_each_of_many_lists_is_what_it_is_alone(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    places = [(SHOP,), (), (CHECKOUT, SHOP), (AreaKey("acme"),), (CHECKOUT,), (SHOP, AreaKey("acme"), CHECKOUT)]
    asked = [FeedbackExcerpt(first, areas=areas) for areas in places for first in (1, 3)]
    found = await desk.mirror.feedback.pages(asked)
    assert [found[one] for one in asked] == [await listed(desk, one) for one in asked]


async def test_many_lists_cost_as_many_statements_as_two(engine: AsyncEngine) -> None:
    desk = await a_help_desk(PostgresMirror(engine))
    two = [FeedbackExcerpt(1), FeedbackExcerpt(1, areas=(SHOP,))]
    many = [*two, *(FeedbackExcerpt(n, areas=(CHECKOUT,)) for n in range(9)), FeedbackExcerpt(50, unplaced=True)]
    for asked in (two, many):
        with count_statements(engine) as statements:
            found = await desk.mirror.feedback.pages(asked)
        assert (len(statements), list(found)) == (2, asked)
    assert await desk.mirror.feedback.pages([]) == {}


@pytest.mark.parametrize("first", [1, 2, 5])
@pytest.mark.parametrize("areas", [None, (CHECKOUT, SHOP)], ids=["everywhere", "somewhere"])
async def test_the_pages_of_a_list_are_the_list(
    mirror: MirrorStore, first: int, areas: tuple[AreaKey, ...] | None
) -> None:
    desk = await a_help_desk(mirror)
    whole = await listed(desk, FeedbackExcerpt(50, areas=areas))
    told: list[FeedbackItem] = []
    more = True
    while more:
        page = await listed(desk, FeedbackExcerpt(first, place(told[-1]) if told else None, areas))
        told += page.items
        more = page.more
    assert tuple(told) == whole.items


def place(item: FeedbackItem) -> FeedbackPlace:
    return FeedbackPlace(item.created, item.source, item.id)
