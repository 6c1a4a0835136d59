"""A desk on which product management does what product operations is declared to."""

from datetime import timedelta
from typing import Any

from remit.domain.records import BacklogEvent
from remit.usecases.desk import Desk
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled

WITH_ACCOUNTS = A_MODEL.replace("name: Ana,", "name: Ana, identities: {jira: ana-in-jira},").replace(
    "name: Pat,", "name: Pat, identities: {jira: pat-in-jira},"
)
ISSUE = an_issue("SHOP-1", components=("Checkout",))


def changes(count: int, author: str, field: str = "status") -> tuple[BacklogEvent, ...]:
    """So many of them, yesterday."""
    return tuple(
        BacklogEvent(JIRA, ISSUE.id, f"{author}-{number}", 0, NOW - timedelta(days=1), field, author, field)
        for number in range(count)
    )


async def a_drifting_desk(**parts: Any) -> Desk:
    """At the checkout Ana changed the status 24 times, Pat 6 times, and an account of nobody 3 times."""
    desk = await a_desk(**({"model": WITH_ACCOUNTS} | parts))
    events = (*changes(24, "ana-in-jira"), *changes(6, "pat-in-jira"), *changes(3, "a-stranger"))
    await take_records(desk, JIRA, Page((pulled(ISSUE),), events))
    return desk
