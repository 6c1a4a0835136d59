"""Whose answers grow old when a record changes: the areas it belongs to and belonged to, by any key of an epic."""

from dataclasses import replace
from datetime import timedelta

import pytest

from remit.domain.ids import AreaKey
from remit.domain.records import BacklogItem
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, a_desk, a_page, an_issue, pulled

DAY = timedelta(days=1)
SHOP, CHECKOUT = AreaKey("shop"), AreaKey("checkout")
BY_FORMER_KEY = A_MODEL.replace("{project: SHOP, component: Checkout}", "{epic: OLD-1}")
EPIC = an_issue("OLD-1", type="Epic")
MOVED = replace(EPIC, key="SHOP-9", project="SHOP", updated=NOW - 2 * DAY)


async def rises(desk: Desk, item: BacklogItem) -> dict[AreaKey, int]:
    before = await desk.mirror.watermarks([SHOP, CHECKOUT])
    await take_records(desk, JIRA, Page((pulled(item),)))
    after = await desk.mirror.watermarks([SHOP, CHECKOUT])
    return {area: after[area] - before.get(area, 0) for area in after if after[area] != before.get(area, 0)}


async def test_a_changed_record_ages_the_area_it_left_and_the_one_it_came_to() -> None:
    issue = an_issue("SHOP-1", components=("Checkout",))
    desk = await a_desk(items=[issue])
    assert await rises(desk, replace(issue, components=(), updated=NOW)) == {SHOP: 1, CHECKOUT: 1}


@pytest.mark.parametrize("told", ["OLD-1", "SHOP-9"])
async def test_what_is_below_a_moved_epic_ages_the_area_that_names_its_former_key(told: str) -> None:
    desk = await a_desk(model=BY_FORMER_KEY, items=[EPIC])
    await desk.mirror.take(a_page(MOVED))
    assert await rises(desk, an_issue("SHOP-2", parent=told)) == {CHECKOUT: 1}


async def test_so_does_the_moved_epic_itself() -> None:
    desk = await a_desk(model=BY_FORMER_KEY, items=[EPIC])
    await desk.mirror.take(a_page(MOVED))
    assert await rises(desk, replace(MOVED, summary="Changed", updated=NOW)) == {CHECKOUT: 1}
