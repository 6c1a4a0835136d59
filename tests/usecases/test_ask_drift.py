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
from remit.usecases.take_records import Page, take_records
from support.counting import count_statements
from support.desks import JIRA, NOW, a_desk, pulled
from support.drifting import ISSUE, WITH_ACCOUNTS, a_drifting_desk, changes
from support.feedback import DESK, an_act, an_item, said

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
    assert [[(one.area, one.responsibility, one.count) for one in found[question].found] for question in questions] == [
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


async def test_a_custom_field_that_is_called_like_one_of_jiras_own_is_another_one() -> None:
    desk = await a_drifting_desk()
    custom = [replace(one, field_id="customfield_10101") for one in changes(90, "pat-in-jira")]
    told_apart = [replace(one, change_id=f"c-{one.change_id}") for one in custom]
    ranked = [replace(one, field="Rank", change_id=f"r-{one.change_id}") for one in custom[:6]]
    await take_records(desk, JIRA, Page((pulled(ISSUE),), (*told_apart, *ranked)))
    (drift,) = (await asked(desk)).found
    assert [(one.account, one.trace, one.count) for one in drift.evidence] == [
        ("ana-in-jira", "status", 24), ("pat-in-jira", "rank", 6), ("pat-in-jira", "status", 6),
        ("a-stranger", "status", 3),
    ]  # fmt: skip


async def test_traces_for_which_nobody_is_named_silence_it_where_they_are_the_more() -> None:
    desk = await a_drifting_desk()
    unnamed = [replace(one, author=None) for one in changes(28, "deleted")]
    await take_records(desk, JIRA, Page((), tuple(unnamed[:27])))
    (drift,) = (await asked(desk)).found
    assert (drift.sample, drift.unattributed) == (30, 30)
    assert (drift.evidence[0].account, drift.evidence[0].person, drift.evidence[0].count) == (None, None, 27)
    await take_records(desk, JIRA, Page((), tuple(unnamed)))
    assert (await asked(desk)).found == ()


async def test_a_source_that_names_nobody_is_told_where_its_records_count() -> None:
    nobody = [replace(one, author=None) for one in changes(9, "a")]
    told = await a_desk(model=WITH_ACCOUNTS)
    await take_records(told, JIRA, Page((pulled(ISSUE),), tuple(nobody)))
    assert (await asked(told)).doubt == (
        "Nobody is named for anything done in jira: nothing was, or Remit's account may not read it, or the source "
        "does not tell."
    )


async def test_of_feedback_it_is_told_where_an_area_asks_for_it() -> None:
    asking = WITH_ACCOUNTS.replace("parent: shop, ", "parent: shop, feedback: [{source: zendesk, tags: [payments]}], ")
    desk = await a_drifting_desk(model=asking, sources=((JIRA, "jira"), (DESK, "zendesk")))
    await take_records(desk, DESK, said(an_item()))
    await desk.mirror.succeeded(DESK, NOW, b"a cursor")
    search = GapQuestion(frozenset((GapKind.DRIFT,)), SHOP)
    assert "Nobody is named for anything done in zendesk" in str((await asked(desk, CHECKOUT)).doubt)
    found = await gaps(desk, await snapshot(desk, Moment()), [search, replace(search, kinds=frozenset())])
    assert ["zendesk" in str(one.doubt) for one in found.values()] == [True, False]
    await take_records(desk, DESK, said(acts=(an_act(),)))
    assert (await asked(desk, CHECKOUT)).doubt is None
    assert (await gaps(desk, await snapshot(desk, Moment()), [search]))[search].doubt is None


async def test_gaps_say_so_while_histories_are_not_worked_out() -> None:
    desk = await a_desk(model=WITH_ACCOUNTS, items=[ISSUE])
    drift, unowned = GapQuestion(frozenset((GapKind.DRIFT,))), GapQuestion(frozenset((GapKind.UNOWNED,)))
    overload = GapQuestion(frozenset((GapKind.OVERLOADED_OWNER,)))
    found = await gaps(desk, await snapshot(desk, Moment()), [drift, unowned, overload, GapQuestion()])
    assert [one.doubt for one in found.values()] == [NOT_YET, None, None, NOT_YET]  # no capacity is declared
    assert found[drift].found == ()
    able = WITH_ACCOUNTS.replace("name: Ana,", "name: Ana, capacity_hours: 40,")
    desk = await a_desk(model=able, items=[ISSUE])
    assert (await gaps(desk, await snapshot(desk, Moment()), [overload]))[overload].doubt == NOT_YET


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
