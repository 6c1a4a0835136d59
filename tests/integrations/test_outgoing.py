"""Subscribers are told of changes: signed, in order, again under the same id, and no longer when they want no more."""

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from remit.domain.changes import SetAssignment, SetPerson
from remit.domain.events import ChangeEvent, Settled, Telling
from remit.entrypoints.wiring import now
from remit.storage import webhooks
from remit.storage.models import PostgresModels
from remit.storage.outbox import PostgresOutbox
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from remit_integrations.outgoing import FIRST_WAIT_S, JITTER, TRIES, judged
from support.desks import a_desk
from support.subscriber import Got, a_subscriber, telling, told


async def a_real_desk(engine: AsyncEngine) -> Desk:
    """A model in PostgreSQL that was there before any subscriber; signatures need the real time."""
    return await a_desk(models=PostgresModels(engine), clock=now)


async def renamed(desk: Desk, name: str) -> int:
    return (await change_model(desk, [SetPerson(key="pat", name=name)], actor="ana", reason=name)).head.id


async def handed(desk: Desk, area: str, owner: str) -> int:
    change = SetAssignment(area=area, responsibility="innovation", function="product_management", owner=owner)
    return (await change_model(desk, [change], actor="ana", reason="a new owner")).head.id


async def shown(engine: AsyncEngine) -> list[tuple[str, bool, int, int]]:
    return [(one.name, one.active, one.waiting, one.parked) for one in await webhooks.listed(engine)]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await condition():  # noqa: ASYNC110 - no event tells of a row in the database
            await asyncio.sleep(0.01)


def ids(got: Sequence[Got]) -> list[str]:
    return [one.id for one in got]


async def test_a_change_arrives_signed_with_who_gained_and_who_lost(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber() as theirs:
        secret = await webhooks.add(engine, "chat", theirs.url, None)
        change = await handed(desk, "checkout", "pat")
        async with told(desk, engine):
            (got,) = await theirs.received(1)
    Webhook(secret).verify(got.body, got.headers)
    assert (got.path, got.headers["content-type"], got.told["type"]) == (
        "/hook",
        "application/json",
        "ownership.changed",
    )
    assert got.change == change
    (cell,) = got.told["data"]["cells"]
    assert (cell["area"], cell["lost"], cell["gained"]) == (
        "checkout",
        {"kind": "Person", "key": "ana"},
        {"kind": "Person", "key": "pat"},
    )
    assert await shown(engine) == [("chat", True, 0, 0)]


async def test_an_address_that_fails_unforeseen_holds_up_nobody_else(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber() as theirs:
        await webhooks.add(engine, "broken", "http://127.0.0.1:99999/", None)  # as nothing but the database lets in
        await webhooks.add(engine, "chat", theirs.url, None)
        with capture_logs() as logs:
            async with told(desk, engine):
                for name in ("Patricia", "Pat"):
                    await renamed(desk, name)
                await theirs.received(2)
                await until(lambda: noted(logs, "webhook.failed"))
    assert await shown(engine) == [("broken", True, 2, 0), ("chat", True, 0, 0)]
    assert [(one["webhook"], one["change"]) for one in logs if one["event"] == "webhook.unforeseen"] == [("broken", 2)]


class Mistaken(PostgresOutbox):
    """An outbox that fails once in a way nobody foresaw."""

    mistakes = 1

    async def untold(self) -> ChangeEvent | None:
        if self.mistakes:
            self.mistakes -= 1
            raise KeyError("a mistake of ours")
        return await super().untold()


async def test_what_nobody_foresaw_in_working_out_a_change_is_logged_and_tried_again(engine: AsyncEngine) -> None:
    desk, stop = await a_real_desk(engine), asyncio.Event()
    async with a_subscriber() as theirs:
        await webhooks.add(engine, "chat", theirs.url, None)
        await renamed(desk, "Patricia")
        with capture_logs() as logs:
            running = asyncio.create_task(replace(telling(desk, engine, stop), outbox=Mistaken(engine)).run())
            await theirs.received(1)
            stop.set()
            await running
    assert [one["doing"] for one in logs if one["event"] == "worker.unforeseen"] == ["telling"]


async def noted(logs: Sequence[MutableMapping[str, Any]], event: str) -> bool:
    return any(one["event"] == event for one in logs)


async def test_a_signature_of_another_secret_or_body_does_not_verify(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber() as theirs:
        secret = await webhooks.add(engine, "chat", theirs.url, None)
        other = await webhooks.add(engine, "other", "https://example.org/", "shop")
        await renamed(desk, "Patricia")
        async with told(desk, engine):
            (got,) = await theirs.received(1)
    for key, body in ((other, got.body), (secret, got.body + b" ")):
        with pytest.raises(Exception, match="No matching signature"):
            Webhook(key).verify(body, got.headers)


async def test_every_change_since_it_subscribed_arrives_in_order_and_once_whatever_the_number_of_workers(
    engine: AsyncEngine,
) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber() as theirs:
        await webhooks.add(engine, "chat", theirs.url, None)
        changes = [await renamed(desk, f"Pat {number}") for number in range(6)]
        async with told(desk, engine, workers=3):
            await theirs.received(6)
    assert [got.change for got in theirs.got] == changes
    assert len(set(ids(theirs.got))) == 6


async def test_a_subscriber_to_an_area_is_told_of_cells_in_it_and_below_alone(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber() as theirs:
        await webhooks.add(engine, "checkout", theirs.url, "checkout")
        await renamed(desk, "Patricia")
        change = await handed(desk, "shop", "pat")
        async with told(desk, engine):
            (got,) = await theirs.received(1)
            await until(lambda: _is_all_told(desk, engine))
    assert (got.change, [cell["area"] for cell in got.told["data"]["cells"]]) == (change, ["checkout"])
    assert len(theirs.got) == 1


async def _is_all_told(desk: Desk, engine: AsyncEngine) -> bool:
    return await PostgresOutbox(engine).untold() is None


async def test_one_that_failed_is_tried_again_under_its_id_and_those_after_it_wait(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber(500) as theirs:
        await webhooks.add(engine, "chat", theirs.url, None)
        first, second = await renamed(desk, "Patricia"), await renamed(desk, "Patrick")
        async with told(desk, engine):
            await theirs.received(1)
        assert [got.change for got in theirs.got] == [first]
        assert await webhooks.replay(engine) == 2  # instead of a wait of a quarter of a minute
        async with told(desk, engine):
            await theirs.received(3)
    assert [got.change for got in theirs.got] == [first, first, second]
    assert theirs.got[0].id == theirs.got[1].id
    assert theirs.got[0].body == theirs.got[1].body


async def test_a_redirect_is_not_followed(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with (
        a_subscriber() as elsewhere,
        a_subscriber(307, headers=[(b"location", elsewhere.url.encode())]) as theirs,
    ):
        await webhooks.add(engine, "chat", theirs.url, None)
        await renamed(desk, "Patricia")
        async with told(desk, engine):
            await theirs.received(1)
    assert (len(theirs.got), elsewhere.got) == (1, [])
    assert await shown(engine) == [("chat", True, 1, 0)]


async def test_whoever_answers_410_is_told_nothing_more_until_it_is_named_for_a_replay(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber(410) as theirs:
        await webhooks.add(engine, "chat", theirs.url, None)
        first = await renamed(desk, "Patricia")
        async with told(desk, engine):
            await theirs.received(1)
        assert await shown(engine) == [("chat", False, 0, 1)]
        await renamed(desk, "Patrick")
        async with told(desk, engine):
            await until(lambda: _is_all_told(desk, engine))
        assert (len(theirs.got), await webhooks.replay(engine)) == (1, 0)
        assert await webhooks.replay(engine, "chat") == 1
        async with told(desk, engine):
            await theirs.received(2)
    assert [got.change for got in theirs.got] == [first, first]


async def test_a_private_address_is_not_called_unless_it_is_allowed(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber() as theirs:
        await webhooks.add(engine, "chat", theirs.url.replace("127.0.0.1", "localhost"), None)
        await renamed(desk, "Patricia")
        with capture_logs() as logs:
            async with told(desk, engine, allow_private=False):
                await until(lambda: _has(logs, "webhook.failed"))
        (failed,) = (one for one in logs if one["event"] == "webhook.failed")
        assert theirs.got == []
        assert failed["trouble"] == (
            "its host has an address that is not public; REMIT_WEBHOOKS_ALLOW_PRIVATE=true allows it"
        )
        await webhooks.replay(engine)
        async with told(desk, engine, allow_private=True):
            assert len(await theirs.received(1)) == 1


async def _has(logs: Sequence[object], event: str) -> bool:
    return any(event in str(one) for one in logs)


async def test_what_is_logged_tells_no_secret_no_address_and_nothing_they_answered(engine: AsyncEngine) -> None:
    desk = await a_real_desk(engine)
    async with a_subscriber(500) as theirs:
        secret = await webhooks.add(engine, "chat", f"{theirs.url}?key=hidden", None)
        await renamed(desk, "Patricia")
        with capture_logs() as logs:
            async with told(desk, engine):
                await theirs.received(1)
        await webhooks.replay(engine)
        with capture_logs() as more:
            async with told(desk, engine):
                await theirs.received(2)
    assert [one["event"] for one in (*logs, *more)] == ["webhook.failed", "webhook.delivered"]
    assert [word for word in (secret, "hidden", theirs.url, "theirs") if word in str((logs, more))] == []


def test_eight_tries_over_almost_a_day_each_after_four_times_the_wait() -> None:
    chance = random.Random(7)
    tries = [judged(before, 500, chance) for before in range(TRIES)]
    assert [one.telling for one in tries] == [Telling.AGAIN] * 7 + [Telling.PARKED]
    waits = [one.wait_s for one in tries[:7]]
    assert all(abs(wait / (FIRST_WAIT_S * 4**index) - 1) <= JITTER for index, wait in enumerate(waits))
    assert len({round(wait / FIRST_WAIT_S / 4**index, 6) for index, wait in enumerate(waits)}) == 7
    assert FIRST_WAIT_S * sum(4**index for index in range(7)) == pytest.approx(22.75 * 3600, rel=0.01)


@pytest.mark.parametrize(
    ("answer", "how"),
    [
        (200, Settled(Telling.DELIVERED)),
        (299, Settled(Telling.DELIVERED)),
        (410, Settled(Telling.STOPPED, "it answered 410")),
        (302, Settled(Telling.PARKED, "it answered 302")),
        (404, Settled(Telling.PARKED, "it answered 404")),
        ("no answer within 40 s", Settled(Telling.PARKED, "no answer within 40 s")),
    ],
)
def test_what_the_last_try_comes_to(answer: int | str, how: Settled) -> None:
    assert judged(TRIES - 1, answer, random.Random(1)) == how
