"""A desk on which a team operates the checkout together, and one of its members the shop alone."""

from datetime import timedelta
from typing import Any

from remit.domain.parties import Party, PartyKind
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from support.desks import JIRA, NOW, a_desk, an_issue, pulled

WITH_TEAMS = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
people:
  - {key: ana, name: Ana, function: product_management, identities: {jira: ana-in-jira}}
  - {key: oli, name: Oli, function: product_operations, capacity_hours: 2, identities: {jira: oli-in-jira}}
  - {key: pat, name: Pat, function: product_operations, capacity_hours: 1, identities: {jira: pat-in-jira}}
teams:
  - {key: crew, name: Crew, function: product_operations, members: [oli, pat]}
  - {key: pair, name: Pair, members: [ana, pat]}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, jira: [{project: SHOP, component: Checkout}]}
assignments:
  - {area: shop, responsibility: all, function: product_management, owner: ana}
  - {area: shop, responsibility: all, function: product_operations, owner: pat}
  - {area: checkout, responsibility: all, function: product_operations, owner: crew}
"""
CREW, PAIR = Party(PartyKind.TEAM, "crew"), Party(PartyKind.TEAM, "pair")
OPERATIONS = Party(PartyKind.FUNCTION, "product_operations")
ISSUES = (
    *(an_issue(f"SHOP-{number}", created=NOW - timedelta(days=3), components=("Checkout",)) for number in range(40)),
    *(an_issue(f"SHOP-{number}", created=NOW - timedelta(days=20)) for number in range(40, 50)),
)
"""Forty have come to the checkout, ten to the shop."""


async def a_desk_of_teams(model: str = WITH_TEAMS, **parts: Any) -> Desk:
    desk = await a_desk(model=model, **parts)
    await take_records(desk, JIRA, Page(tuple(map(pulled, ISSUES))))
    return desk
