"""What a change of the model would come to in load, over the same records, and nothing written."""

from datetime import timedelta

from remit.domain.changes import Change, HandOver, SetArea, SetJiraSelectors, SetPerson
from remit.domain.load import Load, Verdict
from remit.usecases.ask_load import survey
from remit.usecases.change_model import change_model
from remit.usecases.compare_loads import LoadChange, load_changes
from remit.usecases.desk import Desk
from remit.usecases.simulate import simulate
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled

MODEL = A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 4}")
LEAVING = HandOver(person="pat", to="ana")


async def a_read_desk() -> Desk:
    """Forty issues came to the checkout yesterday, whose operations are Pat's for four hours a week."""
    desk = await a_desk(model=MODEL)
    issues = [an_issue(f"SHOP-{n}", created=NOW - timedelta(days=1), components=("Checkout",)) for n in range(40)]
    await take_records(desk, JIRA, Page(tuple(map(pulled, issues))))
    return desk


async def changed(desk: Desk, *changes: Change) -> dict[str, LoadChange]:
    told = await simulate(desk, changes)
    return {one.person: one for one in await load_changes(desk, told.before, told.after)}


def hours(load: Load | None) -> float:
    assert load is not None
    assert load.demand_hours is not None
    return load.demand_hours


def arrivals(load: Load | None) -> float | None:
    assert load is not None
    return next(one.value for told in load.contributions for one in told.drivers if one.name == "arrivals")


async def test_what_one_hands_over_another_has() -> None:
    found = await changed(await a_read_desk(), LEAVING)
    pat, ana = found["pat"], found["ana"]
    assert pat.before is not None
    assert pat.after is not None
    assert (pat.before.verdict, pat.after.verdict) == (Verdict.OVERLOADED, Verdict.OK)
    assert hours(pat.after) == 0
    assert abs(hours(ana.after) - hours(ana.before) - hours(pat.before)) < 1e-4


async def test_it_comes_to_what_is_told_once_the_change_is_made() -> None:
    desk = await a_read_desk()
    found = await changed(desk, LEAVING)
    await change_model(desk, [LEAVING], actor="test", reason="made")
    snap = await snapshot(desk, Moment())
    now = await survey(desk, snap)
    for person in ("pat", "ana"):
        assert hours(found[person].after) == hours(now.load(found[person].person))


async def test_a_new_area_asks_for_what_any_area_does_and_who_is_new_was_not_there() -> None:
    found = await changed(
        await a_read_desk(),
        SetArea(key="cart", name="Cart", kind="team", parent="shop"),
        SetPerson(key="new", name="New", function="product_management"),
    )
    assert hours(found["ana"].after) > hours(found["ana"].before)
    assert found["new"].before is None
    assert hours(found["new"].after) == 0


async def test_records_go_where_changed_selectors_would_have_them() -> None:
    desk = await a_read_desk()
    await take_records(
        desk, JIRA, Page(tuple(pulled(an_issue(f"PB-{n}", created=NOW - timedelta(days=1))) for n in range(8)))
    )
    found = await changed(desk, SetJiraSelectors(area="checkout", jira=((("project", ("PB",)),),)))
    pat = found["pat"]
    assert hours(pat.after) < hours(pat.before)
    assert [arrivals(pat.before), arrivals(pat.after)] == [40, 8]


async def test_what_changes_no_load_is_no_change() -> None:
    assert await changed(await a_read_desk(), SetPerson(key="ana", name="Anna")) == {}
