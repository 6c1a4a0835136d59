"""A desk on which somebody has too much, and somebody else could take a part of it."""

from typing import Any

from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, a_desk, an_issue, pulled

TOO_MUCH = A_MODEL.replace("product_management}", "product_management, capacity_hours: 12}").replace(
    "function: product_operations}",
    "function: product_operations, capacity_hours: 40, skills: {market_research: 2, team_meetings: 3}}",
)
"""Ana leads the product management of the shop and its checkout; Pat has time, and knows some of what she does."""


async def an_advised_desk(**parts: Any) -> Desk:
    desk = await a_desk(**({"model": TOO_MUCH} | parts))
    await take_records(desk, JIRA, Page((pulled(an_issue("SHOP-1")),)))
    return desk
