"""What every store of feedback promises, in memory and in PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.feedback import ActKind, FeedbackState, offering
from remit.domain.ids import AreaKey
from remit.domain.records import Gone, Loss
from remit.domain.tallies import FeedbackTally
from remit.ports import MirroredFeedback, MirrorStore
from remit.storage.mirror import PostgresMirror
from remit.usecases.apply_model import apply
from remit.usecases.desk import Desk
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, Taken, take_records
from support.counting import count_statements
from support.desks import NOW, a_desk
from support.feedback import DESK, an_act, an_item, said
from support.memory_mirror import MemoryMirror

HOUR = timedelta(hours=1)
SHOP, CHECKOUT = AreaKey("shop"), AreaKey("checkout")
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments]}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, feedback: [{source: zendesk, tags: [cards]}]}
"""


@pytest.fixture(params=["memory", "postgres"])
def mirror(request: pytest.FixtureRequest) -> MirrorStore:
    if request.param == "memory":
        return MemoryMirror()
    engine: AsyncEngine = request.getfixturevalue("engine")
    return PostgresMirror(engine)


async def a_help_desk(mirror: MirrorStore, model: str = MODEL) -> Desk:
    return await a_desk(model=model, mirror=mirror, synchronised=False)


async def courses(desk: Desk, area: AreaKey) -> int:
    return len((await desk.evidence.courses([area])).created)


async def marks(desk: Desk) -> dict[AreaKey, int]:
    return dict(await desk.mirror.watermarks([SHOP, CHECKOUT]))


async def the_item(desk: Desk, id_: str = "1") -> MirroredFeedback:
    return (await desk.mirror.feedback.by_ids(DESK, [id_]))[id_]


async def test_tells_what_placing_would_move_and_moves_nothing(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    leaving, staying, coming = an_item("1"), an_item("2", tags=("cards",)), an_item("3", tags=("other",))
    await take_records(desk, DESK, said(leaving, staying, coming))
    within = [SHOP, CHECKOUT]
    was = await desk.evidence.courses(within)
    areas = {(DESK, one.offers): area for one, area in ((leaving, None), (staying, CHECKOUT), (coming, SHOP))}
    moving = await mirror.feedback.moving(areas, within)
    assert [list(one.area) for one in (moving.leaving, moving.coming)] == [[0], [0]]
    assert [list(one.is_feedback) for one in (moving.leaving, moving.coming)] == [[1], [1]]
    moving = await mirror.feedback.moving({(DESK, leaving.offers): CHECKOUT}, within)
    assert [list(one.area) for one in (moving.leaving, moving.coming)] == [[0], [1]]
    assert await desk.evidence.courses(within) == was


async def test_an_item_is_kept_whole_with_its_acts(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    item = an_item(
        state=FeedbackState.ANSWERED,
        triaged_at=NOW - 2 * HOUR,
        answered_at=NOW - HOUR,
        segment="enterprise",
        linked=("SHOP-1", "SHOP-2"),
        offers=offering(tags=["payments", 'a "b" ä'], groups=["Money"]),
        excerpt="It fails.",
    )
    acts = (an_act(at=NOW - 2 * HOUR), an_act(kind=ActKind.ANSWERED, at=NOW - HOUR, id_="a-2"))
    taken = await take_records(desk, DESK, said(item, acts=acts))
    assert taken == Taken(1, 1)
    assert await the_item(desk) == MirroredFeedback(item, NOW, acts)
    assert (await desk.mirror.counts())[DESK].records == 1
    assert await desk.mirror.present(DESK) == {"1"}
    assert (await desk.mirror.sources())[0].cursor == b"next"


async def test_it_belongs_to_an_area_whose_watermark_rises(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    await take_records(desk, DESK, said(an_item("1"), an_item("2", tags=("cards",)), an_item("3", tags=("none",))))
    assert (await courses(desk, SHOP), await courses(desk, CHECKOUT)) == (1, 1)
    assert await marks(desk) == {SHOP: 1, CHECKOUT: 1}


async def test_the_same_again_changes_nothing(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    page = said(an_item(), acts=(an_act(),))
    await take_records(desk, DESK, page)
    before = await the_item(desk), await marks(desk)
    assert await take_records(desk, DESK, page) == Taken(1, 0)
    assert (await the_item(desk), await marks(desk)) == before


async def test_an_older_version_does_not_replace_a_newer_one(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    newer = an_item(updated=NOW, state=FeedbackState.CLOSED, closed_at=NOW)
    await take_records(desk, DESK, said(newer))
    assert await take_records(desk, DESK, said(an_item())) == Taken(1, 0)
    assert (await the_item(desk)).item == newer


async def test_one_that_moves_raises_the_area_it_leaves_and_the_one_it_enters(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    await take_records(desk, DESK, said(an_item()))
    await take_records(desk, DESK, said(an_item(tags=("cards",), updated=NOW)))
    assert (await courses(desk, SHOP), await courses(desk, CHECKOUT)) == (0, 1)
    assert await marks(desk) == {SHOP: 2, CHECKOUT: 1}


async def test_an_act_told_later_leads_its_item_on(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    await take_records(desk, DESK, said(an_item()))
    act = an_act(at=NOW - HOUR)
    await take_records(desk, DESK, Page(acts=(act,)))
    assert (await the_item(desk)).acts == (act,)
    packed = await desk.evidence.courses([SHOP])
    assert (len(packed.step_at), list(packed.has_history)) == (2, [True])
    assert await marks(desk) == {SHOP: 2}


async def test_what_is_gone_is_back_when_it_was_changed_after_that(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    await take_records(desk, DESK, said(an_item()))
    gone = Gone(DESK, "1", NOW - HOUR, Loss.DELETED)
    assert await take_records(desk, DESK, Page(gone=(gone,))) == Taken(0, 0, 1)
    assert (await the_item(desk)).gone_at == NOW - HOUR
    assert await desk.mirror.present(DESK) == frozenset()
    assert await take_records(desk, DESK, said(an_item())) == Taken(1, 0, 0, frozenset({"1"}))
    assert (await the_item(desk)).gone_at == NOW - HOUR
    assert await take_records(desk, DESK, said(an_item(updated=NOW))) == Taken(1, 1)
    assert (await the_item(desk)).gone_at is None


async def test_changed_selectors_place_everything_anew(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    await take_records(desk, DESK, said(an_item("1"), an_item("2", tags=("cards",))))
    swapped = MODEL.replace("[payments]", "[x]").replace("[cards]", "[payments]").replace("[x]", "[cards]")
    await apply(desk, swapped, actor="ana", reason="")
    model = (await snapshot(desk, Moment())).model
    assert await settle_evidence(desk, model)
    packed = await desk.evidence.courses([SHOP, CHECKOUT])
    assert sorted(packed.area) == [0, 1]
    assert await marks(desk) == {SHOP: 3, CHECKOUT: 3}
    assert not await settle_evidence(desk, model)


async def test_a_page_placed_by_other_selectors_is_told_apart(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    await take_records(desk, DESK, said(an_item("1")))
    await apply(desk, MODEL.replace("[payments]", "[cards, payments]"), actor="ana", reason="")
    await take_records(desk, DESK, said(an_item("2")))
    model = (await snapshot(desk, Moment())).model
    assert await desk.mirror.feedback.outdated(model.matching) == (DESK,)


async def test_what_is_open_or_came_lately_is_counted_with_its_like(mirror: MirrorStore) -> None:
    desk = await a_help_desk(mirror)
    old = {"created": NOW - timedelta(days=60)}
    both = {"tags": ("cards", "payments")}
    items = (
        an_item("1"),
        an_item("2", state=FeedbackState.CLOSED),
        an_item("3", state=FeedbackState.TRIAGED, **old, **both),
        an_item("4", state=FeedbackState.ANSWERED, **old, **both),
        an_item("5", **both),
    )
    await take_records(desk, DESK, said(*items))
    await take_records(desk, DESK, Page(gone=(Gone(DESK, "5", NOW),)))
    assert await desk.mirror.feedback.tallies(NOW - timedelta(days=28)) == (
        FeedbackTally(DESK, offering(tags=["cards", "payments"]), 1),
        FeedbackTally(DESK, offering(tags=["payments"]), 2),
    )


async def test_a_page_of_many_costs_as_many_statements_as_a_page_of_one(engine: AsyncEngine) -> None:
    desk = await a_help_desk(PostgresMirror(engine))

    async def cost(*ids: str, **of_each: Any) -> int:
        page = said(*(an_item(id_, **of_each) for id_ in ids), acts=tuple(an_act(id_) for id_ in ids))
        with count_statements(engine) as statements:
            await take_records(desk, DESK, page)
        return len(statements)

    assert await cost("1") == await cost(*map(str, range(2, 60)))
