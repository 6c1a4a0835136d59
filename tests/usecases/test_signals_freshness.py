"""Numbers are as old as the sources they rest on, and in doubt as those are; others do not matter."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from remit.domain.answers import Freshness
from remit.domain.areas import Area
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Verdict
from remit.usecases.ask_signals import area_signals, doubts
from remit.usecases.desk import Desk
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, signal_freshness, snapshot
from remit.usecases.take_records import take_records
from support.desks import JIRA, NOW, AClock, a_desk
from support.feedback import DESK, an_item, said

CHAT = SourceName("intercom")
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, feedback: [{source: zendesk, tags: [payments]}]}
  - {key: club, name: Club, kind: product, parent: acme, feedback: [{source: intercom, tags: [club]}]}
"""


async def two_sources(clock: AClock) -> Desk:
    """Both were read now; the help desk is configured no more."""
    desk = await a_desk(clock=clock, model=MODEL, synchronised=False, sources=((CHAT, "intercom"), (JIRA, "jira")))
    await take_records(desk, DESK, said(an_item()))
    for source in (DESK, CHAT, JIRA):
        await desk.mirror.succeeded(source, clock(), None)
    return desk


async def later(desk: Desk, clock: AClock, **length: float) -> datetime:
    """What is configured was read again then."""
    at = clock.goes_on(**length)
    for source in (CHAT, JIRA):
        await desk.mirror.succeeded(source, at, None)
    return at


async def told(desk: Desk, area: str) -> tuple[Verdict, str, Freshness]:
    snap, asked = await snapshot(desk, Moment()), Question(AreaKey(area))
    (signal,) = [
        one for one in (await area_signals(desk, snap, [asked]))[asked] if one.name == "oldest_feedback_untriaged"
    ]
    return signal.verdict, signal.explanation, signal_freshness(snap, signal)


async def test_what_rests_on_a_source_that_is_configured_no_more_is_unknown_once_that_is_stale() -> None:
    clock = AClock()
    desk = await two_sources(clock)
    before, _, fresh = await told(desk, "shop")
    await later(desk, clock, minutes=16)
    after, why, stale = await told(desk, "shop")
    assert (before, fresh.degraded) == (Verdict.OK, ())
    assert (after, stale.degraded, stale.data_as_of, stale.lag_s) == (Verdict.UNKNOWN, ("zendesk",), NOW, 960)
    assert why.startswith("Too old, or in trouble: zendesk. ")


async def test_a_number_tells_nothing_of_a_source_it_does_not_rest_on() -> None:
    clock = AClock()
    desk = await two_sources(clock)
    at = await later(desk, clock, minutes=16)
    _, why, fresh = await told(desk, "club")
    assert "zendesk" not in why
    assert (fresh.degraded, fresh.data_as_of, fresh.lag_s) == ((), at, 0)


async def test_a_whole_subtree_rests_on_what_any_area_of_it_rests_on() -> None:
    clock = AClock()
    desk = await two_sources(clock)
    await later(desk, clock, minutes=16)
    snap, asked = await snapshot(desk, Moment()), Question(AreaKey("acme"), with_below=True)
    (first, *_) = (await area_signals(desk, snap, [asked]))[asked]
    assert signal_freshness(snap, first) == Freshness(
        NOW, timedelta(minutes=16).seconds, ("zendesk",), snap.model.version
    )


class Looked(dict[AreaKey, Area]):
    """Areas that count how often all of them are looked at."""

    times = 0

    def items(self) -> Any:
        self.times += 1
        return super().items()


@pytest.mark.parametrize(("degraded", "times"), [((), 0), (("zendesk",), 1)], ids=["fresh", "in trouble"])
async def test_however_many_areas_are_tied_to_feedback_all_are_looked_at_once(
    degraded: tuple[str, ...], times: int
) -> None:
    desk = await two_sources(AClock())
    snap = await snapshot(desk, Moment())
    areas = Looked(snap.model.areas)
    here = replace(snap, model=replace(snap.model, areas=areas), degraded=degraded)
    everywhere, somewhere = await doubts(desk, here)
    assert (everywhere, sorted(somewhere)) == (None, [AreaKey("shop")] if degraded else [])
    assert areas.times == times
