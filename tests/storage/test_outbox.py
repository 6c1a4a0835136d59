"""Every change leaves an event in its own transaction, and none without it; what it comes to is added once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Conflict
from remit.domain.events import ChangeEvent, Shift, Touched
from remit.domain.facts import FactKind
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.intervals import ALWAYS, Interval
from remit.ports import Recording
from remit.storage.models import PostgresModels
from remit.storage.outbox import PostgresOutbox
from remit.storage.tables import outbox
from support.desks import NOW
from support.models import A, a_fact, an_area, an_assignment

LATER = Interval(NOW + timedelta(days=7))
SHIFT = Shift(AreaKey("shop"), ResponsibilityKey("innovation"), (AreaKey("shop"), AreaKey("acme")), None, None)


async def untold(engine: AsyncEngine) -> ChangeEvent:
    event = await PostgresOutbox(engine).untold()
    assert event is not None
    return event


async def test_a_change_leaves_an_event_with_who_when_why_and_its_rows(engine: AsyncEngine) -> None:
    models = PostgresModels(engine)
    shop = an_area("shop")
    first = await models.record(Recording("ana", "to begin with", (shop,), (), "one", await models.head()))
    assert await untold(engine) == ChangeEvent(
        1, first.recorded_at, "ana", "to begin with", (Touched(FactKind.AREA, "shop", (), (ALWAYS,)),)
    )  # type: ignore[arg-type]
    await PostgresOutbox(engine).tell(1, ())
    renamed = replace(a_fact(replace(shop.body, name="Store")), valid=LATER)  # type: ignore[type-var]
    opens = replace(shop, valid=Interval(None, LATER.start)), renamed
    second = await models.record(Recording("pat", "a new name", opens, (shop,), "two", first))
    assert await untold(engine) == ChangeEvent(
        2,
        second.recorded_at,
        "pat",
        "a new name",
        (Touched(FactKind.AREA, "shop", (ALWAYS,), (Interval(None, LATER.start), LATER)),),
    )  # type: ignore[arg-type]


async def test_a_change_that_is_refused_leaves_none(engine: AsyncEngine) -> None:
    models = PostgresModels(engine)
    both = tuple(an_assignment("shop", owner, letter=A, key=owner) for owner in ("ana", "omar"))
    with pytest.raises(Conflict):
        await models.record(Recording("ana", "", both, (), "one", await models.head()))
    assert await PostgresOutbox(engine).untold() is None


async def test_what_it_comes_to_is_added_once_whoever_comes_second(engine: AsyncEngine) -> None:
    models, events = PostgresModels(engine), PostgresOutbox(engine)
    await models.record(Recording("ana", "", (an_area("shop"),), (), "one", await models.head()))
    await asyncio.gather(*(events.tell(1, shifts) for shifts in [(SHIFT,)] * 3))
    await events.tell(1, ())
    async with engine.connect() as connection:
        (row,) = await connection.execute(select(outbox.c.change, outbox.c.areas))
    assert tuple(row) == (1, ["acme", "shop"])
    assert await events.untold() is None


async def test_events_are_told_in_the_order_of_recording(engine: AsyncEngine) -> None:
    models, events = PostgresModels(engine), PostgresOutbox(engine)
    for name in ("shop", "bank", "desk"):
        await models.record(Recording("ana", name, (an_area(name),), (), name, await models.head()))
    told = []
    while (event := await events.untold()) is not None:
        told.append(event.reason)
        await events.tell(event.change, ())
    assert told == ["shop", "bank", "desk"]


async def test_what_was_recorded_before_there_was_an_outbox_is_told_to_nobody(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO change (recorded_at, actor, reason, digest) VALUES (now(), 'a', '', 'd')")
        )
    assert await PostgresOutbox(engine).untold() is None
