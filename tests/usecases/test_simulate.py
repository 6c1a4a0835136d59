"""What a change would come to: as if it had been made, with the same checks, and nothing written."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.answers import Outcome
from remit.domain.changes import Change, EndRow, HandOver, SetArea, SetAssignment, SetJiraSelectors, SetPerson, SetStage
from remit.domain.differences import CellChange, CellState, Difference
from remit.domain.errors import Invalid
from remit.domain.facts import FactKind
from remit.domain.people import OwnerKind, OwnerRef
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_gaps import GapQuestion, findings, gaps
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from remit.usecases.simulate import Simulation, simulate
from remit.usecases.snapshot import Moment, snapshot
from support.counting import count_statements
from support.desks import NOW, a_desk, an_issue
from support.findings import brief

ENTERPRISE = SetStage(area="acme", stage="enterprise")
LEAVING = HandOver(person="pat", leaves=True)


def state(outcome: Outcome, lead: str, key: str | None = None) -> CellState:
    return CellState(outcome, lead, OwnerRef(OwnerKind.PERSON, key) if key is not None else None)


async def test_a_stage_tells_what_its_profile_changes() -> None:
    told = await simulate(await a_desk(), [ENTERPRISE])
    blurry = CellState(Outcome.BLURRY, None, None)
    assert {(one.area, one.responsibility) for one in told.difference.cells} == {
        (area, row)
        for area in ("acme", "shop", "checkout")
        for row in ("communication", "team_meetings", "business_objectives")
    }
    assert told.difference.cells[-1] == CellChange(
        "checkout", "business_objectives", blurry, state(Outcome.INHERITED, "product_management", "ana")
    )
    assert [brief(gap) for gap in told.difference.closed] == ["BLURRY_WITHOUT_AGREEMENT acme 3"] * 3
    assert [brief(gap) for gap in told.difference.opened] == [
        "UNOWNED acme 2", "UNOWNED acme 2", "UNOWNED acme 1",
    ]  # fmt: skip
    assert (told.coverage_before is not None and told.coverage_before.share.covered) == 20
    assert (told.coverage_after is not None and told.coverage_after.share.covered) == 24


async def test_somebody_who_leaves_opens_what_they_held() -> None:
    told = await simulate(await a_desk(), [LEAVING])
    assert {(one.before and one.before.outcome, one.after and one.after.outcome) for one in told.difference.cells} == {
        (Outcome.OWNED, Outcome.UNOWNED)
    }
    assert {brief(gap) for gap in told.difference.opened} == {
        "UNOWNED checkout 1",
        "EXPIRED_ASSIGNMENT checkout pat 1",
    }


@pytest.mark.parametrize(
    "changes",
    [
        [ENTERPRISE],
        [LEAVING],
        [SetAssignment(area="acme", responsibility="all", function="product_operations", owner="pat")],
        [SetArea(key="till", name="Till", kind="team", parent="shop"), ENTERPRISE],
        [SetPerson(key="ana", active=False)],
        [EndRow(kind=FactKind.ASSIGNMENT, key="shop/all/product_management/ana")],
    ],
    ids=["stage", "leaver", "assignment", "area", "inactive", "end"],
)
async def test_it_is_what_making_the_changes_comes_to(changes: list[Change]) -> None:
    desk = await a_desk(items=[an_issue("SHOP-1", assignee="a-1"), an_issue("OLD-1")])
    told = await simulate(desk, changes)
    await change_model(desk, changes, actor="test", reason="as simulated")
    made = await snapshot(desk, Moment())
    assert (made.model.version, made.model.areas) == (told.after.model.version, told.after.model.areas)
    after, simulated = await findings(desk, made), await findings(desk, told.after)
    assert {area: list(cells) for area, cells in after.cells.items()} == {
        area: list(cells) for area, cells in simulated.cells.items()
    }
    assert await gaps(desk, made, [GapQuestion()]) == await gaps(desk, told.after, [GapQuestion()])
    assert (await simulate(desk, [])).difference == Difference((), (), ())


async def test_nothing_is_written() -> None:
    desk = await a_desk()
    before = await desk.models.head(), await desk.models.facts(await desk.models.head())
    await simulate(desk, [LEAVING, ENTERPRISE])
    assert (await desk.models.head(), await desk.models.facts(await desk.models.head())) == before


async def test_what_could_not_be_made_is_refused_at_its_change() -> None:
    desk = await a_desk()
    wrong = SetAssignment(area="nowhere", responsibility="all", function="product_management", owner="ana")
    with pytest.raises(Invalid) as refused:
        await simulate(desk, [ENTERPRISE, wrong])
    assert [(problem.where, problem.code) for problem in refused.value.problems] == [("changes[1].area", "UNKNOWN_KEY")]


async def test_selectors_tell_by_how_many_issues_a_gap_shrinks() -> None:
    desk = await a_desk(items=[an_issue("OLD-1"), an_issue("OLD-2", type="Story"), an_issue("OLD-3")])
    told = await simulate(desk, [SetJiraSelectors(area="shop", jira=((("project", ("OLD",)), ("type", ("Bug",))),))])
    assert [brief(gap) for gap in told.difference.closed] == ["UNMATCHED_ISSUES None 2"]


async def test_a_new_selector_for_an_epic_is_seen_to_take_what_is_below_it() -> None:
    desk = await a_desk(items=[an_issue("OLD-1"), an_issue("OLD-2", parent="OLD-1"), an_issue("OLD-3")])
    told = await simulate(desk, [SetJiraSelectors(area="shop", jira=((("epic", ("OLD-1",)),),))])
    assert [brief(gap) for gap in told.difference.closed] == ["UNMATCHED_ISSUES None 2"]


async def test_a_change_that_begins_later_is_seen_from_then_on() -> None:
    desk = await a_desk()
    later = SetStage(area="shop", stage="enterprise", start=NOW + timedelta(days=30))
    assert (await simulate(desk, [later])).difference == Difference((), (), ())
    then = await simulate(desk, [later], NOW + timedelta(days=30))
    assert len(then.difference.cells) == 6


async def test_both_worlds_can_be_asked_for_names() -> None:
    told: Simulation = await simulate(await a_desk(), [SetArea(key="till", name="Till", kind="team", parent="shop")])
    assert ("till" in told.before.model.areas, told.after.model.areas["till"].name) == (False, "Till")
    assert {one.area for one in told.difference.cells} == {"till"}


async def test_it_costs_five_statements(engine: AsyncEngine) -> None:
    desk: Desk = await a_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine), items=[an_issue("SHOP-1")])
    await snapshot(desk, Moment())
    with count_statements(engine) as statements:
        await simulate(desk, [ENTERPRISE, LEAVING])
    assert len(statements) == 5
