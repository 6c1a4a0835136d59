"""Who owns what in an area: kept answers are used as long as nothing they depend on changes, and never longer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from remit.cache.memory import MemoryAnswers
from remit.domain.answers import Outcome, Ownership, Reason
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.ports import CellKey
from remit.usecases.apply_model import apply
from remit.usecases.ask_ownership import area_ownership, cell, compute
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, Snapshot, snapshot
from support.desks import A_MODEL, NOW, AClock, a_desk, a_page
from support.memory_models import MemoryModels

SHOP, CHECKOUT = AreaKey("shop"), AreaKey("checkout")
BACKLOG = ResponsibilityKey("backlog_management")


class Watched(MemoryAnswers):
    """A cache that tells what it was given to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.put_in: list[list[CellKey]] = []

    async def put(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        self.put_in.append(list(answers))
        await super().put(answers)


async def ask(desk: Desk, areas: Sequence[AreaKey] = (CHECKOUT,), moment: Moment | None = None) -> Snapshot:
    snap = await snapshot(desk, moment or Moment())
    answers = await area_ownership(desk, snap, areas)
    assert answers == {area: {a.responsibility: a for a in compute(snap.model, area)} for area in answers}
    return snap


async def test_every_responsibility_of_each_area_is_answered() -> None:
    desk = await a_desk()
    snap = await snapshot(desk, Moment())
    answers = await area_ownership(desk, snap, [CHECKOUT, SHOP, CHECKOUT])
    assert list(answers) == ["checkout", "shop"]
    assert {tuple(found) for found in answers.values()} == {tuple(snap.model.responsibilities)}
    owned = answers[CHECKOUT][BACKLOG]
    assert (owned.outcome, owned.accountable and owned.accountable.key) == (Outcome.OWNED, "pat")


async def test_an_area_that_is_not_in_the_model_is_absent_and_its_cell_unknown() -> None:
    desk = await a_desk()
    snap = await snapshot(desk, Moment())
    answers = await area_ownership(desk, snap, [AreaKey("nowhere")])
    assert answers == {}
    found = cell(snap, answers, AreaKey("nowhere"), BACKLOG)
    assert (found.area, found.outcome, found.trace[0].reason) == (None, Outcome.UNKNOWN, Reason.UNKNOWN_AREA)


async def test_a_responsibility_that_is_not_in_the_model_is_unknown_and_echoed() -> None:
    desk = await a_desk()
    snap = await snapshot(desk, Moment())
    found = cell(snap, await area_ownership(desk, snap, [SHOP]), SHOP, ResponsibilityKey("juggling"))
    assert (found.area, found.responsibility, found.outcome) == (None, "juggling", Outcome.UNKNOWN)


async def test_without_any_model_everything_is_unknown() -> None:
    desk = await a_desk(model=None)
    snap = await snapshot(desk, Moment())
    assert cell(snap, await area_ownership(desk, snap, [SHOP]), SHOP, BACKLOG).outcome is Outcome.UNKNOWN


async def test_an_answer_is_computed_once() -> None:
    kept = Watched()
    desk = await a_desk(kept=kept)
    await ask(desk)
    await ask(desk, [CHECKOUT, SHOP])
    assert [[key.area for key in keys] for keys in kept.put_in] == [["checkout"], ["shop"]]


async def test_a_changed_record_of_the_area_makes_it_computed_anew() -> None:
    kept = Watched()
    desk = await a_desk(kept=kept)
    await ask(desk, [CHECKOUT, SHOP])
    await desk.mirror.take(a_page(touched={CHECKOUT: 1}))
    await ask(desk, [CHECKOUT, SHOP])
    assert [[(key.area, key.watermark) for key in keys] for keys in kept.put_in] == [
        [("checkout", 0), ("shop", 0)],
        [("checkout", 1)],
    ]


async def test_a_changed_model_makes_all_computed_anew() -> None:
    kept = Watched()
    desk = await a_desk(kept=kept)
    await ask(desk)
    await apply(desk, A_MODEL.replace("owner: pat", "owner: ana"), actor="test", reason="")
    await ask(desk)
    assert [[key.area for key in keys] for keys in kept.put_in] == [["checkout"], ["checkout"]]


async def test_the_same_model_recorded_by_another_is_not_answered_with_the_first_ones_names() -> None:
    """Traces tell who recorded what and when; two databases behind one cache may declare the same."""
    kept = Watched()
    clock = AClock()
    await ask(await a_desk(kept=kept, clock=clock))
    clock.goes_on(seconds=1)
    await ask(await a_desk(kept=kept, clock=clock, models=MemoryModels(clock)))
    assert len(kept.put_in) == 2


@pytest.mark.parametrize(
    ("later", "times"),
    [
        pytest.param(timedelta(hours=23), 1, id="nothing begins or ends between"),
        pytest.param(timedelta(hours=24), 2, id="an assignment ends"),
    ],
)
async def test_time_alone_makes_it_computed_anew_when_something_begins_or_ends(later: timedelta, times: int) -> None:
    kept = Watched()
    clock = AClock()
    model = A_MODEL.replace("owner: pat", 'owner: pat, to: "2026-11-24T12:00:00Z"')
    desk = await a_desk(kept=kept, clock=clock, model=model)
    await ask(desk)
    clock.now += later
    await ask(desk)
    assert len(kept.put_in) == times


async def test_an_earlier_instant_and_the_present_share_what_is_kept_when_nothing_changed_between() -> None:
    kept = Watched()
    desk = await a_desk(kept=kept)
    await ask(desk)
    await ask(desk, moment=Moment(as_of=NOW - timedelta(days=100)))
    assert len(kept.put_in) == 1
