"""A graph to ask, over a desk with memory parts."""

from collections.abc import AsyncIterator

import httpx
import pytest

from support.asking_http import asking
from support.desks import A_MODEL, a_desk, an_issue

GRAPH_MODEL = (
    A_MODEL.replace("name: Ana,", "name: Ana, email: Ana@Example.com, identities: {jira: ana-in-jira},")
    + """
teams:
  - {key: desk, name: Desk, function: product_operations, members: [pat, ana]}
agreements:
  - {area: checkout, responsibility: communication, lead: product_operations, review: 2027-06-01}
"""
)


@pytest.fixture
async def graph() -> AsyncIterator[httpx.AsyncClient]:
    """Ana runs the shop, Pat the operations of its checkout; SHOP-1 belongs to the checkout, SHOP-2 to the shop."""
    issues = [an_issue("SHOP-1", components=("Checkout",)), an_issue("SHOP-2"), an_issue("LOST-1")]
    async with asking(await a_desk(model=GRAPH_MODEL, items=issues)) as client:
        yield client
