"""Several sources are taken in side by side while courses are put into areas anew: no ring, and nobody ends badly."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from remit.domain.ids import AreaKey, SourceName
from remit.domain.records import Gone, Loss
from remit.storage.engine import TRIES, writing, written
from remit.storage.evidence_rows import alone
from remit.storage.mirror import PostgresMirror
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from support.desks import NOW, a_desk, an_issue, pulled
from support.feedback import DESK, an_item, said

ONE_AREA = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments]}]}
"""
SHOP = AreaKey("shop")
HELD_BY_WHO_WAITS = """
SELECT held.relation::regclass::text AS name, held.mode FROM pg_locks AS held
JOIN pg_locks AS wanted USING (pid)
WHERE NOT wanted.granted AND wanted.relation = 'evidence'::regclass AND held.granted AND held.locktype = 'relation'
"""
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'evidence'::regclass"


async def said_by(connection: AsyncConnection, question: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await connection.execute(text(question))]


async def until_somebody_waits(connection: AsyncConnection) -> None:
    async with asyncio.timeout(10):
        while True:
            if await said_by(connection, WAITS) != [(0,)]:
                return


async def a_help_desk(engine: AsyncEngine) -> Desk:
    desk = await a_desk(model=ONE_AREA, mirror=PostgresMirror(engine), synchronised=False)
    await take_records(desk, DESK, said(an_item()))
    return desk


async def of_feedback(desk: Desk) -> None:
    await take_records(desk, DESK, said(an_item(excerpt="More.")))


async def of_issues(desk: Desk) -> None:
    await take_records(desk, SourceName("jira"), Page((pulled(an_issue("SHOP-1")),), cursor=b"2"))


async def of_what_is_gone(desk: Desk) -> None:
    await take_records(desk, DESK, Page(gone=(Gone(DESK, "1", NOW, Loss.DELETED),)))


@pytest.mark.parametrize("taking", [of_feedback, of_issues, of_what_is_gone])
async def test_a_page_that_waits_while_courses_are_placed_holds_nothing_they_could_wait_for(
    engine: AsyncEngine, taking: Callable[[Desk], Awaitable[None]]
) -> None:
    desk = await a_help_desk(engine)
    async with writing(engine) as placing:
        await alone(placing)
        page = asyncio.create_task(taking(desk))
        await until_somebody_waits(placing)
        held = await said_by(placing, HELD_BY_WHO_WAITS)
    await page
    assert held == []


def ended_for_another(state: str, *, times: int) -> tuple[list[str], Callable[[AsyncConnection], Awaitable[str]]]:
    """Work that PostgreSQL ends so often, and the tries it has taken."""
    tried: list[str] = []

    async def work(connection: AsyncConnection) -> str:
        tried.append(state)
        await connection.execute(text("INSERT INTO area_watermark (area, mark) VALUES ('shop', 1)"))
        if len(tried) <= times:
            await connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
        return "done"

    return tried, work


@pytest.mark.parametrize("state", ["40P01", "40001"])
async def test_a_transaction_that_is_ended_for_the_sake_of_another_is_done_anew(
    engine: AsyncEngine, state: str
) -> None:
    tried, work = ended_for_another(state, times=2)
    assert await written(engine, work) == "done"
    assert len(tried) == 3
    assert await PostgresMirror(engine).watermarks([SHOP]) == {SHOP: 1}


@pytest.mark.parametrize(("state", "tries"), [("40P01", TRIES), ("23514", 1)])
async def test_what_cannot_be_done_is_told_in_the_end(engine: AsyncEngine, state: str, tries: int) -> None:
    tried, work = ended_for_another(state, times=99)
    with pytest.raises(DBAPIError):
        await written(engine, work)
    assert len(tried) == tries
    assert await PostgresMirror(engine).watermarks([SHOP]) == {}
