"""From Jira's own histories to whose an issue was: read from a served site, asked at earlier instants."""

from datetime import timedelta
from typing import Any

from remit.domain.ids import ResponsibilityKey
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from remit_integrations.standins.jira.site import Site
from support.desks import JIRA, NOW, AClock, a_desk
from support.jira_site import a_change, a_record, a_site, served

DAY = timedelta(days=1)
TEAM = "customfield_10001"
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]}
  - {key: pay, name: Pay, kind: product, parent: acme, jira: [{project: PAY}]}
  - {key: cart, name: Cart, kind: team, parent: shop, jira: [{component: Cart}]}
  - {key: blue, name: Blue, kind: team, parent: shop, jira: [{team: Blue}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, jira: [{epic: SHOP-9}]}
"""


def changed(site: Site, id_: str, days_ago: int, field: str, before: Any, after: Any, **said: Any) -> None:
    """Jira's history tells of a change so many days ago."""
    history = site.histories.setdefault(id_, [])
    words = {"field": field, "fieldId": None, "fromString": before, "toString": after} | said
    history.append(a_change(f"{id_}{len(history)}", NOW - days_ago * DAY, **words))


def a_site_with_a_past(clock: AClock) -> Site:
    """SHOP-1 was taken from Cart, SHOP-2 came from team Blue, SHOP-3 was taken from the epic, SHOP-4 has no past."""
    numbers = {1: {}, 2: {TEAM: {"id": "7", "value": "Red"}}, 3: {}, 4: {}, 9: {}}
    site = a_site(*(a_record(number, **said) for number, said in numbers.items()), clock=clock)
    changed(site, "10001", 5, "Component", "Cart", None)
    changed(site, "10002", 5, "Team", "Blue", "Red", fieldId=TEAM, **{"from": "8", "to": "7"})
    changed(site, "10003", 5, "IssueParentAssociation", "SHOP-9", None, **{"from": "10009"})
    return site


async def areas(desk: Desk, *moment: int | None) -> list[str | None]:
    """Of SHOP-1 to SHOP-4, so many days ago, as believed so many days ago."""
    instants = [None if days is None else NOW - days * DAY for days in moment]
    keys = [f"SHOP-{number}" for number in range(1, 5)]
    answers = await issue_ownership(
        desk, await snapshot(desk, Moment(*instants)), keys, [ResponsibilityKey("innovation")]
    )
    return [answers[key].area for key in keys]


async def test_issues_are_whose_they_were() -> None:
    clock = AClock()
    desk = await a_desk(model=MODEL, clock=clock, synchronised=False, team_fields={JIRA: TEAM})
    async with served(a_site_with_a_past(clock)) as jira:
        await jira.synchronised(desk, team_field=TEAM)
        assert await areas(desk) == ["shop", "shop", "shop", "shop"]
        assert await areas(desk, 5) == ["shop", "shop", "shop", "shop"]
        assert await areas(desk, 6) == ["cart", "blue", "checkout", "shop"]


async def test_a_move_is_believed_from_when_it_was_read() -> None:
    clock = AClock()
    desk = await a_desk(model=MODEL, clock=clock, synchronised=False)
    async with served(a_site(a_record(1), clock=clock)) as jira:
        await jira.synchronised(desk)
        clock.goes_on(days=1)
        jira.site.move("10001", "PAY-1", {"id": "77", "key": "PAY", "name": "Pay"})
        clock.goes_on(days=1)
        await jira.synchronised(desk)
    moments: list[tuple[int | None, int | None]] = [(None, None), (-1, None), (0, None), (None, -1), (-1, -2)]
    assert [(await areas(desk, *moment))[0] for moment in moments] == ["pay", "pay", "shop", "shop", "pay"]
