"""Loads of teams and functions as use cases tell them: sums of what is told of people, and never an OK without data."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import OwnerKey
from remit.domain.load import Verdict
from remit.domain.parties import Party, PartyKind
from remit.domain.totals import GroupLoad
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_load import survey
from remit.usecases.ask_signals import NOT_YET
from remit.usecases.ask_totals import group_loads, groups_of, ranked
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.counting import count_statements
from support.desks import NOW, a_desk
from support.teams import CREW, ISSUES, OPERATIONS, PAIR, a_desk_of_teams


async def told(desk: Desk, *parties: Party, moment: Moment | None = None) -> list[GroupLoad]:
    snap = await snapshot(desk, moment or Moment())
    found = await group_loads(desk, snap, await survey(desk, snap), parties)
    return [found[party] for party in parties]


async def test_the_total_is_that_of_the_loads_of_its_people() -> None:
    desk = await a_desk_of_teams()
    snap = await snapshot(desk, Moment())
    found = await survey(desk, snap)
    crew, operations = await told(desk, CREW, OPERATIONS)
    each = {key: found.load(OwnerKey(key)) for key in ("ana", "oli", "pat")}
    assert crew.demand_hours == sum(each[key].demand_hours or 0 for key in ("oli", "pat")) == operations.demand_hours
    assert crew.capacity_hours == 3.0
    assert crew.joint_hours is not None
    assert 0 < crew.joint_hours < (crew.demand_hours or 0)
    assert [(one.person, one.utilisation, one.verdict) for one in crew.members] == [
        (key, each[key].utilisation, each[key].verdict) for key in ("pat", "oli")
    ]
    assert (crew.verdict, crew.how_many(Verdict.OVERLOADED)) == (Verdict.OVERLOADED, 2)


async def test_of_a_member_without_capacity_nothing_is_made_up() -> None:
    (pair,) = await told(await a_desk_of_teams(), PAIR)
    assert (pair.capacity_hours, pair.verdict, pair.how_many(Verdict.UNKNOWN)) == (None, Verdict.UNKNOWN, 1)
    assert "no capacity is declared of Ana" in pair.signals[1].explanation


async def test_nothing_is_ok_while_a_source_is_too_old_or_histories_are_being_worked_out() -> None:
    desk = await a_desk_of_teams()
    (old,) = await told(replace(desk, clock=lambda: NOW + timedelta(hours=1)), CREW)
    assert (old.verdict, old.demand_hours is not None) == (Verdict.UNKNOWN, True)
    unsettled = await a_desk(items=ISSUES)
    (unknown,) = await told(unsettled, OPERATIONS)
    assert (unknown.verdict, unknown.demand_hours, unknown.contributions) == (Verdict.UNKNOWN, None, ())
    assert {one.explanation for one in unknown.signals} == {NOT_YET}
    assert [one.verdict for one in unknown.members] == [Verdict.UNKNOWN]


async def test_the_past_is_asked_about_like_the_present() -> None:
    (crew,) = await told(await a_desk_of_teams(), CREW, moment=Moment(NOW - timedelta(days=4)))
    (now,) = await told(await a_desk_of_teams(), CREW)
    assert (crew.demand_hours or 0) < (now.demand_hours or 0)


async def test_groups_are_listed_the_most_loaded_first_or_with_one_verdict() -> None:
    desk = await a_desk_of_teams()
    snap = await snapshot(desk, Moment())
    teams = groups_of(snap, PartyKind.TEAM)
    assert teams == (CREW, PAIR)
    assert [party.key for party in groups_of(snap, PartyKind.FUNCTION)][:2] == [
        "product_management",
        "product_operations",
    ]
    found = (await group_loads(desk, snap, await survey(desk, snap), teams)).values()
    assert [one.party for one in ranked(found)] == [CREW, PAIR]
    assert [one.party for one in ranked(found, Verdict.UNKNOWN)] == [PAIR]


async def test_what_the_model_does_not_have_is_absent_and_nothing_more_is_read(engine: AsyncEngine) -> None:
    desk = await a_desk_of_teams(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    snap = await snapshot(desk, Moment())
    found = await survey(desk, snap)
    with count_statements(engine) as statements:
        answers = await group_loads(desk, snap, found, [CREW, OPERATIONS, Party(PartyKind.TEAM, "ghosts")])
    assert (statements, set(answers)) == ([], {CREW, OPERATIONS})
