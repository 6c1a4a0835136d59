"""What is told of a change: what was believed just before it against what is believed since, when it took effect."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.changes import Change, SetAssignment, SetPerson
from remit.domain.events import ChangeEvent, Shift, Touched, rows_touched
from remit.domain.facts import FactKind
from remit.domain.intervals import Interval
from remit.storage.models import PostgresModels
from remit.storage.outbox import PostgresOutbox, shifts_of
from remit.storage.tables import outbox
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from remit.usecases.tell_changes import consequence_of, tell_next, took_effect
from support.desks import NOW, AClock, a_desk

TO_PAT = SetAssignment(
    area="shop", responsibility="all", function="product_management", owner="pat", letter="accountable"
)
SECOND = timedelta(seconds=1)


def moves(shifts: Sequence[Shift]) -> list[str]:
    """Of one responsibility: `shop ana>pat`."""
    return [
        f"{one.area} {one.lost.key if one.lost else ''}>{one.gained.key if one.gained else ''}"
        for one in shifts
        if one.responsibility == "innovation"
    ]


async def changed(desk: Desk, *changes: Change) -> ChangeEvent:
    """The event of changes made now."""
    before = set(await desk.models.facts(await desk.models.head()))
    done = await change_model(desk, changes, actor="test", reason="a test")
    after = set(await desk.models.facts(done.head))
    assert done.head.recorded_at is not None
    return ChangeEvent(
        done.head.id, done.head.recorded_at, "test", "a test", rows_touched(before - after, after - before)
    )


async def test_who_lost_and_who_gained_here_and_below() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    event = await changed(desk, TO_PAT)
    assert moves(await consequence_of(desk, event)) == ["shop ana>pat", "checkout ana>pat"]


async def test_a_later_change_does_not_alter_what_is_told_of_an_earlier_one() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    event = await changed(desk, TO_PAT)
    told = await consequence_of(desk, event)
    clock.goes_on(days=1)
    await changed(desk, SetPerson(key="pat", active=False))
    assert await consequence_of(desk, event) == told


async def test_a_change_that_makes_no_cell_another_comes_to_nothing() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    assert await consequence_of(desk, await changed(desk, SetPerson(key="pat", name="Patricia"))) == ()


async def test_what_is_to_begin_later_is_no_gain_yet() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    event = await changed(
        desk,
        SetAssignment(
            area="checkout",
            responsibility="all",
            function="product_management",
            owner="pat",
            start=clock.now + timedelta(days=9),
        ),
    )
    assert await consequence_of(desk, event) == ()


def an_event(opened: Interval) -> ChangeEvent:
    return ChangeEvent(1, NOW, "test", "", (Touched(FactKind.ASSIGNMENT, "a", (), (opened,)),))


def effect(opened: Interval) -> datetime:
    return took_effect(an_event(opened))


def test_a_window_set_by_a_clock_that_is_ahead_takes_effect_with_the_change() -> None:
    assert effect(Interval(NOW + SECOND)) == NOW + SECOND
    assert effect(Interval(None, NOW + SECOND)) == NOW + SECOND
    assert effect(Interval(NOW - SECOND)) == NOW
    assert effect(Interval(NOW + timedelta(days=1))) == NOW


async def test_every_change_is_told_in_order_and_then_there_is_none(engine: AsyncEngine) -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, models=PostgresModels(engine))
    clock.goes_on(days=1)
    await change_model(desk, [TO_PAT], actor="test", reason="a test")
    events = PostgresOutbox(engine)
    assert [await tell_next(desk, events) for _ in range(3)] == [True, True, False]
    async with engine.connect() as connection:
        kept = (await connection.execute(select(cast(outbox.c.shifts, Text)).order_by(outbox.c.change))).scalars()
        assert [moves(shifts_of(one)) for one in kept] == [
            ["acme >", "shop >ana", "checkout >ana"],
            ["shop ana>pat", "checkout ana>pat"],
        ]
