"""Drift as use cases tell it: from the accounts in histories to functions, and when it may not be all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Invalid, NotFound
from remit.domain.gaps import GapKind
from remit.domain.ids import AreaKey
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_drift import Drifts, area_drifts
from remit.usecases.ask_gaps import GapQuestion, gaps
from remit.usecases.ask_signals import NOT_YET
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.counting import count_statements
from support.desks import NOW, a_desk
from support.drifting import ISSUE, WITH_ACCOUNTS, a_drifting_desk

CHECKOUT, SHOP = AreaKey("checkout"), AreaKey("shop")


async def asked(desk: Desk, under: AreaKey | None = None, moment: Moment | None = None, days: int = 28) -> Drifts:
    return (await area_drifts(desk, await snapshot(desk, moment or Moment()), [under], days=days))[under]


async def test_traces_are_those_of_the_functions_of_whoever_has_the_accounts() -> None:
    found = await asked(await a_drifting_desk())
    (drift,) = found.found
    assert (drift.area, drift.responsibility, drift.sample, drift.unattributed) == ("acme", "backlog_management", 30, 3)
    assert [(one.function, one.declared, one.observed, one.count) for one in drift.shares] == [
        ("product_management", 0.0, 0.8, 24), ("product_operations", 1.0, 0.2, 6),
    ]  # fmt: skip
    assert [(one.person, one.account, one.trace, one.count) for one in drift.evidence] == [
        ("ana", "ana-in-jira", "status", 24), ("pat", "pat-in-jira", "status", 6), (None, "a-stranger", "status", 3),
    ]  # fmt: skip
    assert found.doubt is None


async def test_below_an_area_it_is_told_at_that_area() -> None:
    (drift,) = (await asked(await a_drifting_desk(), CHECKOUT)).found
    assert drift.area == CHECKOUT


async def test_it_is_a_gap_of_the_organisation_and_of_every_area_it_shows_in() -> None:
    desk = await a_drifting_desk()
    questions = [GapQuestion(frozenset((GapKind.DRIFT,)), under) for under in (None, CHECKOUT)]
    found = await gaps(desk, await snapshot(desk, Moment()), questions)
    assert [[(one.area, one.responsibility, one.count) for one in found[question]] for question in questions] == [
        [("acme", "backlog_management", 30)], [("checkout", "backlog_management", 30)],
    ]  # fmt: skip


async def test_outside_of_the_window_nothing_is_found() -> None:
    desk = await a_drifting_desk()
    assert (await asked(desk, days=1)).found == ()
    assert (await asked(desk, moment=Moment(NOW - timedelta(days=2)))).found == ()
    assert len((await asked(desk, moment=Moment(NOW - timedelta(hours=1)))).found) == 1


async def test_what_is_not_known_for_sure_is_said() -> None:
    desk = await a_drifting_desk()
    later = await asked(replace(desk, clock=lambda: NOW + timedelta(hours=1)))
    assert len(later.found) == 1
    assert later.doubt is not None
    assert "jira" in later.doubt
    unsettled = await asked(await a_desk(model=WITH_ACCOUNTS, items=[ISSUE]))
    assert (unsettled.found, unsettled.doubt) == ((), NOT_YET)


async def test_an_area_that_is_not_there_and_a_window_without_days_are_refused() -> None:
    desk = await a_drifting_desk()
    with pytest.raises(NotFound):
        await asked(desk, AreaKey("nowhere"))
    with pytest.raises(Invalid):
        await asked(desk, days=0)


async def test_the_statements_do_not_grow_with_the_areas_asked(engine: AsyncEngine) -> None:
    desk = await a_drifting_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    snap = await snapshot(desk, Moment())
    counts = []
    for areas in ([None], [None, CHECKOUT, SHOP]):
        with count_statements(engine) as statements:
            found = await area_drifts(desk, snap, areas)
        assert all(one.found for one in found.values())
        counts.append(len(statements))
    assert counts[0] == counts[1]
