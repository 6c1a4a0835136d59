"""Advice as use cases tell it: proposed, accepted once, dismissed for a time, and gone when its evidence changes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.advice import Proposal
from remit.domain.errors import NotFound, Stale
from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.load import Verdict
from remit.resolution.advice import MOST_RELIEVED
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_advice import advice
from remit.usecases.ask_load import loads
from remit.usecases.ask_signals import NOT_YET
from remit.usecases.decide_advice import accept_advice, dismiss_advice
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.advised import TOO_MUCH, an_advised_desk
from support.counting import count_statements
from support.desks import JIRA, AClock, a_desk, an_issue, pulled

ANA, PAT = OwnerKey("ana"), OwnerKey("pat")
TOMORROW = datetime(2026, 11, 24, tzinfo=UTC)


async def told(desk: Desk, under: AreaKey | None = None, person: OwnerKey | None = None) -> tuple[Proposal, ...]:
    return (await advice(desk, await snapshot(desk, Moment()), under, person)).proposals


async def test_a_proposal_tells_everybodys_hours_before_and_after() -> None:
    found = await told(await an_advised_desk())
    assert [(one.move.responsibility, one.move.owner, one.relief_hours) for one in found] == [
        ("team_meetings", PAT, 2.25), ("market_research", PAT, 2.0),
    ]  # fmt: skip
    assert [(one.person, one.hours_after - one.hours_before, one.verdict_before) for one in found[0].effects] == [
        (ANA, -2.25, Verdict.OVERLOADED), (PAT, 2.25, Verdict.OK),
    ]  # fmt: skip
    assert found[0].expires == TOMORROW


async def test_an_accepted_proposal_is_a_rule_and_an_assignment_and_comes_to_what_was_said() -> None:
    desk = await an_advised_desk()
    first = (await told(desk))[0]
    done = await accept_advice(desk, first.id, actor="ana")
    assert [key for _, key in done.rows] == ["shop/team_meetings/product_operations/pat", "shop/team_meetings"]
    snap = await snapshot(desk, Moment())
    assert snap.model.rules[AreaKey("shop"), first.move.responsibility].body.reason == first.sentence
    found = await loads(desk, snap, [ANA, PAT])
    assert [found[one.person].demand_hours for one in first.effects] == [one.hours_after for one in first.effects]


async def test_all_can_be_accepted_one_after_the_other() -> None:
    desk = await an_advised_desk()
    while found := await told(desk):
        await accept_advice(desk, found[0].id, actor="ana")
    model = (await snapshot(desk, Moment())).model
    assert sorted(responsibility for _, responsibility in model.rules) == ["market_research", "team_meetings"]


async def test_nothing_is_made_by_a_dry_run_or_by_asking() -> None:
    desk = await an_advised_desk()
    before = (await snapshot(desk, Moment())).model.version
    done = await accept_advice(desk, (await told(desk))[0].id, actor="ana", dry_run=True)
    assert (done.is_recorded, done.lines[-1]) == (False, "2 to add, 0 to change, 0 to end.")
    assert (await snapshot(desk, Moment())).model.version == before


async def test_a_proposal_ends_when_its_records_change_and_when_its_day_is_over() -> None:
    clock = AClock()
    desk = await an_advised_desk(clock=clock)
    first = (await told(desk))[0]
    await take_records(desk, JIRA, Page((pulled(an_issue("SHOP-2")),)))
    assert first.id not in [one.id for one in await told(desk)]
    again = (await told(desk))[0]
    assert again.move == first.move
    clock.now = TOMORROW
    for gone in (first, again):
        with pytest.raises(Stale):
            await accept_advice(desk, gone.id, actor="ana")


async def test_a_dismissed_move_is_not_proposed_until_then() -> None:
    clock = AClock()
    desk = await an_advised_desk(clock=clock, stale_after=timedelta(days=30))
    first, second = await told(desk)
    await dismiss_advice(desk, first.id, until=clock() + timedelta(days=7), reason="Pat is away", actor="ana")
    left = await told(desk)
    assert [(one.move.area, one.move.responsibility) for one in left] == [
        ("shop", "market_research"), ("checkout", "team_meetings"),
    ]  # fmt: skip
    assert left[0] == second
    clock.goes_on(days=8)
    assert [one.move for one in await told(desk)] == [first.move, second.move]


async def test_only_those_asked_about_are_relieved() -> None:
    desk = await an_advised_desk()
    assert await told(desk, person=PAT) == ()
    assert await told(desk, person=ANA) == await told(desk, AreaKey("checkout")) == await told(desk)
    for wrong in ({"under": AreaKey("nowhere")}, {"person": OwnerKey("nobody")}):
        with pytest.raises(NotFound):
            await told(desk, **wrong)  # type: ignore[arg-type]  # one of two arguments by name


async def test_where_very_many_have_too_much_it_says_that_not_all_were_looked_at() -> None:
    names = [f"q{number}" for number in range(MOST_RELIEVED)]
    people = "".join(
        f"  - {{key: {key}, name: {key}, function: product_management, capacity_hours: 0.001}}\n" for key in names
    )
    team = f"teams:\n  - {{key: many, name: Many, function: product_management, members: [{', '.join(names)}]}}\n"
    held = "  - {area: shop, responsibility: market_research, function: product_management, owner: many}\n"
    model = TOO_MUCH.replace("areas:\n", f"{people}{team}areas:\n", 1) + held
    desk = await an_advised_desk(model=model)
    found = await advice(desk, await snapshot(desk, Moment()))
    assert found.doubt == (
        "Of 101 people with too much, only the 100 with most of it were looked at; ask about an area or a person for "
        "the others."
    )
    assert found.proposals
    assert (await advice(desk, await snapshot(desk, Moment()), person=ANA)).doubt is None


async def test_nothing_is_proposed_on_data_that_cannot_be_relied_on() -> None:
    clock = AClock()
    desk = await an_advised_desk(clock=clock)
    clock.goes_on(hours=1)
    found = await advice(desk, await snapshot(desk, Moment()))
    assert (found.proposals, "jira" in (found.doubt or "")) == ((), True)
    unsettled = await a_desk(model=TOO_MUCH, items=[an_issue("SHOP-1")])
    found = await advice(unsettled, await snapshot(unsettled, Moment()))
    assert (found.proposals, found.doubt) == ((), NOT_YET)


async def test_advice_is_the_same_on_the_real_database(engine: AsyncEngine) -> None:
    desk = await an_advised_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    found = await told(desk)
    assert [one.relief_hours for one in found] == [2.25, 2.0]
    until = desk.clock() + timedelta(days=1)
    for reason in ("first", "then"):
        await dismiss_advice(desk, found[0].id, until=until, reason=reason, actor="ana")
    (kept,) = await desk.models.dismissals.current(desk.clock())
    assert (kept.move, kept.until, kept.reason, kept.actor) == (found[0].move.key, until, "then", "ana")
    assert await desk.models.dismissals.current(until) == ()
    snap = await snapshot(desk, Moment())
    with count_statements(engine) as statements:
        left = (await advice(desk, snap)).proposals
    assert found[0].move not in [one.move for one in left]
    assert len(statements) < 12
