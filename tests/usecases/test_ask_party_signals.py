"""What is measured of all that somebody answers for: each record once, by the areas of now, and no lag of a person."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Invalid
from remit.domain.ids import AreaKey
from remit.domain.load import Signal, Verdict
from remit.domain.parties import Party, PartyKind
from remit.resolution.signals.catalogue import BY_NAME
from remit.resolution.signals.lag import LAG
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.apply_model import apply
from remit.usecases.ask_party_signals import OF_PEOPLE, ONE_PERSON, party_signals, require_party_names
from remit.usecases.ask_signals import NOT_YET, area_signals
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot
from support.counting import count_statements
from support.desks import NOW, a_desk
from support.teams import CREW, ISSUES, OPERATIONS, PAIR, WITH_TEAMS, a_desk_of_teams

ANA, OLI, PAT = (Party(PartyKind.PERSON, key) for key in ("ana", "oli", "pat"))
SHOP = Question(AreaKey("shop"), with_below=True)
ALONE = WITH_TEAMS.replace("members: [oli, pat]", "members: [oli]")


async def told(desk: Desk, party: Party, moment: Moment | None = None, days: int = 28) -> Mapping[str, Signal]:
    snap = await snapshot(desk, moment or Moment())
    return {one.name: one for one in (await party_signals(desk, snap, [party], days=days))[party]}


async def test_the_records_are_those_of_the_areas_somebody_is_accountable_in() -> None:
    desk = await a_desk_of_teams()
    arrivals = {party: (await told(desk, party))["arrivals"].value for party in (ANA, OLI, PAT, CREW, PAIR, OPERATIONS)}
    assert arrivals == {ANA: 50.0, OLI: 40.0, PAT: 50.0, CREW: 50.0, PAIR: 50.0, OPERATIONS: 50.0}


async def test_they_are_those_of_an_area_where_the_areas_are_the_same() -> None:
    desk = await a_desk_of_teams()
    for moment in (Moment(), Moment(NOW - timedelta(days=1))):
        snap = await snapshot(desk, moment)
        of_area = {one.name: one for one in (await area_signals(desk, snap, [SHOP]))[SHOP]}
        assert await told(desk, CREW, moment) == of_area
        assert await told(desk, ANA, moment) == {name: of_area[name] for name in OF_PEOPLE}


async def test_how_late_something_is_is_told_of_scopes_and_never_of_a_person() -> None:
    desk = await a_desk_of_teams()
    assert set(await told(desk, OLI)) == set(OF_PEOPLE) == set(BY_NAME) - LAG.keys()
    assert (await told(desk, CREW))["untriaged"].value == 10.0
    with pytest.raises(Invalid):
        require_party_names(PartyKind.PERSON, ["wip", "stale_items"])
    require_party_names(PartyKind.TEAM, sorted(LAG))


async def test_a_team_of_one_active_person_is_that_person() -> None:
    desk = await a_desk_of_teams(model=ALONE)
    found = await told(desk, CREW)
    assert list(found) == list(BY_NAME)
    assert {(found[name].value, found[name].verdict, found[name].explanation) for name in LAG} == {
        (None, Verdict.UNKNOWN, ONE_PERSON)
    }
    assert found["arrivals"].value == 40.0


async def test_whoever_is_accountable_for_nothing_is_never_told_to_be_fine() -> None:
    desk = await a_desk_of_teams(
        model=WITH_TEAMS.replace("teams:\n", "  - {key: idle, name: Idle}\nteams:\n")
    )  # fmt: skip
    found = await told(desk, Party(PartyKind.PERSON, "idle"))
    assert {(one.value, one.verdict) for one in found.values()} == {(None, Verdict.UNKNOWN)}
    assert "no area has them accountable" in found["wip"].explanation


async def test_a_window_of_another_length_and_the_past_are_asked_about_likewise() -> None:
    desk = await a_desk_of_teams()
    assert (await told(desk, CREW, days=7))["arrivals"].value == 40.0
    assert (await told(desk, CREW, Moment(NOW - timedelta(days=10))))["arrivals"].value == 10.0
    with pytest.raises(Invalid):
        await told(desk, CREW, days=0)


async def test_a_source_that_is_too_old_makes_every_verdict_unknown() -> None:
    desk = await a_desk_of_teams()
    assert (await told(desk, CREW))["service_ratio"].verdict is Verdict.OVERLOADED
    later = await told(replace(desk, clock=lambda: NOW + timedelta(hours=1)), CREW)
    assert {one.verdict for one in later.values()} == {Verdict.UNKNOWN}
    assert (later["arrivals"].value, "jira" in later["arrivals"].explanation) == (50.0, True)


async def test_nothing_is_said_while_it_is_worked_out_how_records_went() -> None:
    found = await told(await a_desk(model=WITH_TEAMS, items=ISSUES), CREW)
    assert {(one.value, one.explanation) for one in found.values()} == {(None, NOT_YET)}


async def test_limits_of_a_person_judge_what_that_person_answers_for() -> None:
    desk = await a_desk_of_teams()
    limits = "thresholds:\n  - {signal: open_items, person: oli, watch: 10, overloaded: 30, reason: agreed}\n"
    await apply(desk, WITH_TEAMS + limits, actor="test", reason="")
    oli, crew = (await told(desk, OLI))["open_items"], (await told(desk, CREW))["open_items"]
    assert (oli.verdict, oli.threshold_source, crew.verdict) == (
        Verdict.OVERLOADED, "person oli: agreed", Verdict.UNKNOWN,
    )  # fmt: skip


async def test_many_are_one_read_and_what_the_model_does_not_have_is_absent(engine: AsyncEngine) -> None:
    desk = await a_desk_of_teams(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    snap = await snapshot(desk, Moment())
    counts = []
    for parties in ([OLI], [OLI, ANA, PAT, CREW, OPERATIONS, Party(PartyKind.TEAM, "ghosts")]):
        with count_statements(engine) as statements:
            found = await party_signals(desk, snap, parties)
        assert Party(PartyKind.TEAM, "ghosts") not in found
        counts.append(len(statements))
    assert counts[0] == counts[1]
