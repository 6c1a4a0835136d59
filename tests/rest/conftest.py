"""The whole HTTP application over PostgreSQL, with and without tokens asked for."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.entrypoints.api import application
from remit.entrypoints.wiring import Remit
from remit.storage.leases import PostgresLeases
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_http import client_of
from support.desks import a_desk, an_issue


@pytest.fixture
async def parts(engine: AsyncEngine) -> Remit:
    """Ana runs the shop, Pat the operations of its checkout; SHOP-1 belongs to the checkout."""
    items = [an_issue("SHOP-1", components=("Checkout",))]
    desk = await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine), items=items)
    return Remit(desk, (), PostgresLeases(engine), engine)


@pytest.fixture
async def open_api(parts: Remit) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(parts, auth="off")) as client:
        yield client


@pytest.fixture
async def guarded_api(parts: Remit) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(parts, auth="token")) as client:
        yield client
