"""Feedback as it is asked for: what became of each item, where it belongs, and no more text than is kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Invalid, NotFound, Refused
from remit.domain.feedback import FeedbackState
from remit.domain.ids import AreaKey, SourceName
from remit.storage.mirror import PostgresMirror
from remit.usecases.apply_model import apply
from remit.usecases.ask_feedback import FeedbackWanted, HeardPage, Placement, feedback
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import take_records
from support.counting import count_statements
from support.desks import NOW, a_desk
from support.feedback import DESK, an_item, said
from support.memory_mirror import MemoryMirror

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SHOP, CHECKOUT, ACME = AreaKey("shop"), AreaKey("checkout"), AreaKey("acme")
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments]}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cards]}]}
  - {key: basket, name: Basket, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cards, baskets]}]}
"""
ANSWERED = an_item(
    "1",
    state=FeedbackState.ANSWERED,
    triaged_at=NOW - 2 * DAY,
    answered_at=NOW - 2 * DAY + HOUR / 2,
    linked=("SHOP-1",),
    segment="enterprise",
    excerpt="It fails.",
)
TIED = an_item("2", tags=("cards",), created=NOW - 2 * DAY)
ELSEWHERE = an_item("3", tags=("weather",), created=NOW - DAY, triaged_at=NOW - 2 * DAY)
BASKETS = an_item("4", tags=("baskets",), created=NOW - 9 * DAY)


async def a_help_desk(mirror: PostgresMirror | None = None) -> Desk:
    desk = await a_desk(model=MODEL, mirror=mirror or MemoryMirror())
    await take_records(desk, DESK, said(ANSWERED, TIED, ELSEWHERE, BASKETS))
    await desk.mirror.succeeded(DESK, NOW - HOUR, b"")
    return desk


async def heard(desk: Desk, **wanted: Any) -> HeardPage:
    asked = FeedbackWanted(**wanted)
    return (await feedback(desk, await snapshot(desk, Moment()), [asked]))[asked]


async def ids(desk: Desk, **wanted: Any) -> list[str]:
    return [one.item.id for one in (await heard(desk, **wanted)).items]


async def test_an_item_tells_what_became_of_it_and_how_old_that_is() -> None:
    one = (await heard(await a_help_desk(), area=SHOP)).items[0]
    assert (one.item, one.areas, one.placement) == (ANSWERED, (SHOP,), Placement.MATCHED)
    assert (one.hours_to_triage, one.hours_to_answer) == (24, 24.5)
    assert (one.fresh.data_as_of, one.fresh.lag_s) == (NOW - HOUR, 3600)


async def test_where_an_item_belongs_is_told_with_the_areas_that_stand_equal() -> None:
    found = await heard(await a_help_desk())
    assert [(one.item.id, one.placement, one.areas) for one in found.items] == [
        ("3", "UNMATCHED", ()), ("2", "TIED", (AreaKey("basket"), CHECKOUT)), ("1", "MATCHED", (SHOP,)),
        ("4", "MATCHED", (AreaKey("basket"),)),
    ]  # fmt: skip
    assert (found.items[0].hours_to_triage, found.items[1].hours_to_triage) == (0, None)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"area": SHOP}, ["1"]), ({"under": SHOP}, ["1", "4"]), ({"under": ACME}, ["1", "4"]), ({"area": CHECKOUT}, []),
        ({"unplaced": True}, ["3", "2"]), ({"state": FeedbackState.NEW, "under": SHOP}, ["4"]),
        ({"source": DESK, "created_after": NOW - 2 * DAY}, ["3", "2"]), ({"created_before": NOW - 3 * DAY}, ["4"]),
    ],
    ids=str,
)  # fmt: skip
async def test_only_what_is_meant_is_told(wanted: dict[str, Any], expected: list[str]) -> None:
    assert await ids(await a_help_desk(), **wanted) == expected


async def test_pages_follow_each_other() -> None:
    desk = await a_help_desk()
    first = await heard(desk, first=3)
    assert (len(first.items), first.total, first.more) == (3, 4, True)
    rest = await heard(desk, first=3, after=first.items[-1].cursor)
    assert ([one.item.id for one in rest.items], rest.more) == (["4"], False)


async def test_after_a_change_of_selectors_it_is_told_where_items_belong_now() -> None:
    desk = await a_help_desk()
    await apply(desk, MODEL.replace("tags: [cards]", "tags: [weather]"), actor="test", reason="another")
    assert await ids(desk, area=CHECKOUT) == ["3"]
    assert await ids(desk, unplaced=True) == []


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"area": AreaKey("nowhere")}, NotFound), ({"under": AreaKey("nowhere")}, NotFound),
        ({"source": SourceName("forum\0")}, NotFound), ({"area": SHOP, "under": SHOP}, Invalid),
        ({"area": SHOP, "unplaced": True}, Invalid), ({"first": 201}, Invalid), ({"first": -1}, Invalid),
        ({"after": "nothing"}, Invalid), ({"after": "MjAyNi0xMS0yM3xhfGI="}, Invalid),
    ],
    ids=str,
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused(wanted: dict[str, Any], error: type[Refused]) -> None:
    with pytest.raises(error):
        await heard(await a_help_desk(), **wanted)


async def test_the_statements_do_not_grow_with_the_lists(engine: AsyncEngine) -> None:
    desk = await a_help_desk(PostgresMirror(engine))
    snap = await snapshot(desk, Moment())
    many = [FeedbackWanted(area=SHOP, first=first) for first in range(1, 9)]
    counts = []
    for asked in (many[:1], [*many, FeedbackWanted(under=SHOP)]):
        with count_statements(engine) as statements:
            await feedback(desk, snap, asked)
        counts.append(len(statements))
    assert counts == [2, 2]
