"""18. The pages of a Data Center are told by position: they shift when something before them goes away or comes.

The mistake: to add a page's length to the position, which leaves out as many issues as have gone meanwhile.
"""

from collections.abc import Callable

import pytest

from remit_integrations.standins.jira.faults import meanwhile
from remit_integrations.standins.jira.site import Flavour, Site
from support.desks import JIRA, AClock, a_desk
from support.jira_site import a_record, a_site, keys, many, served
from support.memory_mirror import MemoryMirror

SEARCH = "POST /rest/api/2/search"
PAY = {"id": "77", "key": "PAY", "name": "Pay"}
ZED = {"id": "78", "key": "ZED", "name": "Zed"}


def delete(site: Site, number: int) -> None:
    site.delete(str(10_000 + number))


def hide(site: Site, number: int) -> None:
    site.hide(str(10_000 + number))


def move_to_the_front(site: Site, number: int) -> None:
    site.move(str(10_000 + number), f"PAY-{number}", PAY)


def move_to_the_end(site: Site, number: int) -> None:
    site.move(str(10_000 + number), f"ZED-{number}", ZED)


def create(site: Site, number: int) -> None:
    site.create(a_record(number, "PAY", updated=site.clock().isoformat()))


@pytest.mark.parametrize("happens", [delete, hide, move_to_the_front, move_to_the_end, create])
@pytest.mark.parametrize("restless", [False, True])
async def test_what_stands_still_is_read_whatever_happens_before_it_between_two_pages(
    happens: Callable[[Site, int], None], restless: bool
) -> None:
    site = a_site(*many(450), flavour=Flavour.DATACENTER)
    site.quirks.restless = restless
    numbers = iter(range(1, 451))
    touched: set[int] = set()

    def changes() -> None:
        for _ in range(23):
            touched.add(number := next(numbers))
            happens(site, number if happens is not create else 1_000 + number)

    site.faults.next(SEARCH, meanwhile(changes), times=6, after=1)
    async with served(site) as jira:
        found = keys(await jira.pages())
    still = set(range(1, 451)) - touched if happens is not create else set(range(1, 451))
    assert {f"SHOP-{number}" for number in still} <= set(found)
    assert len(touched) >= 4 * 23


async def test_the_last_issues_read_go_away_and_the_next_ones_are_read_all_the_same() -> None:
    """More of them than there are anchors: the walk begins anew rather than leave a gap."""
    site = a_site(*many(250), flavour=Flavour.DATACENTER)

    def changes() -> None:
        for number in range(60, 101):
            site.delete(str(10_000 + number))

    site.faults.next(SEARCH, meanwhile(changes), after=1)
    async with served(site) as jira:
        found = keys(await jira.pages())
    assert {f"SHOP-{number}" for number in range(101, 251)} <= set(found)


async def test_what_changed_during_a_run_is_read_by_the_next_one() -> None:
    clock, mirror = AClock(), MemoryMirror()
    desk = await a_desk(mirror=mirror, clock=clock, synchronised=False)
    site = a_site(*many(250), clock=clock, flavour=Flavour.DATACENTER)
    site.faults.next(SEARCH, meanwhile(lambda: move_to_the_front(site, 240)), after=2)
    async with served(site) as jira:
        await jira.synchronised(desk)
        clock.goes_on(minutes=5)
        await jira.synchronised(desk)
    assert await mirror.present(JIRA) == {str(10_000 + number) for number in range(1, 251)}
    assert mirror.items[(JIRA, "10240")].item.key == "PAY-240"
