"""What is said of advice is done once, kept with who said it, and refused in a sentence that says what to do."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.advice import Dismissal, Proposal
from remit.domain.changes import SetPerson
from remit.domain.errors import Conflict, Invalid, NotFound, Stale
from remit.ports import ModelStore
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_advice import advice
from remit.usecases.change_model import change_model
from remit.usecases.decide_advice import (
    NO_MORE,
    Dismissed,
    accept_advice,
    dismiss_advice,
    dismissed_advice,
    restore_advice,
)
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.advised import an_advised_desk
from support.desks import JIRA, AClock, an_issue, pulled

LATER = datetime(2026, 12, 24, tzinfo=UTC)


async def told(desk: Desk) -> tuple[Proposal, ...]:
    return (await advice(desk, await snapshot(desk, Moment()))).proposals


async def sentence_of_accepting(desk: Desk, id_: str) -> str:
    """Why it is refused; the model stays as it was."""
    before = await desk.models.head()
    with pytest.raises(Stale) as refused:
        await accept_advice(desk, id_, actor="ana")
    assert await desk.models.head() == before
    return refused.value.message


class Deciding:
    """Whatever the store."""

    async def test_accepting_again_with_the_same_key_is_answered_alike_and_done_once(self, desk: Desk) -> None:
        id_ = (await told(desk))[0].id
        first = await accept_advice(desk, id_, actor="ana", idempotency_key="the-key")
        again = await accept_advice(desk, id_, actor="ana", idempotency_key="the-key")
        assert (first.is_recorded, first.is_repeated, again.is_repeated) == (True, False, True)
        assert (again.version, again.lines, again.rows) == (first.version, first.lines, first.rows)
        assert await desk.models.head() == first.head == again.head

    async def test_sent_several_times_at_once_it_is_accepted_once(self, desk: Desk) -> None:
        before, id_ = await desk.models.head(), (await told(desk))[0].id
        sent = (accept_advice(desk, id_, actor="ana", idempotency_key="the-key") for _ in range(3))
        answers = await asyncio.gather(*sent)
        assert [one.is_repeated for one in answers].count(False) == 1
        assert {one.head for one in answers} == {await desk.models.head()} != {before}

    async def test_a_dry_run_uses_no_key_up(self, desk: Desk) -> None:
        id_ = (await told(desk))[0].id
        await accept_advice(desk, id_, actor="ana", idempotency_key="the-key", dry_run=True)
        done = await accept_advice(desk, id_, actor="ana", idempotency_key="the-key")
        assert (done.is_recorded, done.is_repeated) == (True, False)

    async def test_dismissing_again_with_the_same_key_is_answered_alike_and_written_once(self, desk: Desk) -> None:
        first, _ = await told(desk)
        kept = await self.dismissed(desk, first)
        await dismiss_advice(desk, first.id, until=LATER, reason="by somebody else", actor="pat")
        await take_records(desk, JIRA, Page((pulled(an_issue("SHOP-2")),)))
        again = await self.dismissed(desk, first)
        assert (kept, again) == (Dismissed(kept.dismissal), Dismissed(kept.dismissal, is_repeated=True))
        assert [one.actor for one in await dismissed_advice(desk)] == ["pat"]

    async def test_a_key_is_for_one_thing_only(self, desk: Desk) -> None:
        first, second = await told(desk)
        await self.dismissed(desk, first)
        with pytest.raises(Conflict, match="this idempotency key was used for other changes"):
            await self.dismissed(desk, second)
        with pytest.raises(Conflict, match="this idempotency key was used for other changes"):
            await accept_advice(desk, second.id, actor="ana", idempotency_key="the-key")
        with pytest.raises(Invalid, match="an idempotency key has between 1 and 200 characters"):
            await accept_advice(desk, second.id, actor="ana", idempotency_key="")
        assert [one.move for one in await dismissed_advice(desk)] == [first.move.key]

    async def test_what_is_dismissed_is_listed_and_can_be_restored(self, desk: Desk) -> None:
        first, second = await told(desk)
        until = desk.clock() + timedelta(days=1)
        await dismiss_advice(desk, first.id, until=until, reason="first", actor="ana")
        await dismiss_advice(desk, first.id, until=LATER, reason="then", actor="pat")
        (kept,) = await dismissed_advice(desk)
        assert kept == Dismissal(first.move.key, LATER, "then", "pat")
        assert kept.place == ("shop", "team_meetings", "product_operations", "pat")
        assert (await restore_advice(desk, kept.key), await dismissed_advice(desk)) == (kept, ())
        assert [one.id for one in await told(desk)] == [first.id, second.id]

    async def dismissed(self, desk: Desk, proposal: Proposal) -> Dismissed:
        return await dismiss_advice(
            desk, proposal.id, until=LATER, reason="not now", actor="ana", idempotency_key="the-key"
        )


class TestInMemory(Deciding):
    @pytest.fixture
    async def desk(self) -> Desk:
        return await an_advised_desk()


class TestInPostgres(Deciding):
    @pytest.fixture
    def models(self, engine: AsyncEngine) -> ModelStore:
        return PostgresModels(engine)

    @pytest.fixture
    async def desk(self, engine: AsyncEngine, models: ModelStore) -> Desk:
        return await an_advised_desk(models=models, mirror=PostgresMirror(engine))


async def test_what_is_so_already_is_not_accepted_again() -> None:
    desk = await an_advised_desk()
    id_ = (await told(desk))[0].id
    await accept_advice(desk, id_, actor="ana")
    assert await sentence_of_accepting(desk, id_) == (
        "product_operations leads team_meetings at shop, with pat accountable, already; nothing is left to do"
    )


async def test_a_proposal_whose_records_or_day_changed_is_told_with_its_new_id() -> None:
    clock = AClock()
    desk = await an_advised_desk(clock=clock, stale_after=timedelta(days=30))
    first = (await told(desk))[0]
    await take_records(desk, JIRA, Page((pulled(an_issue("SHOP-2")),)))
    anew = (await told(desk))[0]
    assert f"look at the same move anew, which is {anew.id} now" in await sentence_of_accepting(desk, first.id)
    clock.goes_on(days=1)
    tomorrow = (await told(desk))[0]
    assert tomorrow.id != anew.id
    assert f"which is {tomorrow.id} now" in await sentence_of_accepting(desk, anew.id)


async def test_a_move_that_helps_nobody_any_more_and_one_that_never_was_are_told_alike() -> None:
    desk = await an_advised_desk()
    first = (await told(desk))[0]
    await change_model(desk, [SetPerson(key="ana", capacity_hours=100)], actor="ana", reason="")
    for id_ in (first.id, "0" * 24):
        assert await sentence_of_accepting(desk, id_) == NO_MORE


async def test_while_nothing_can_be_relied_on_the_source_in_trouble_is_named() -> None:
    clock = AClock()
    desk = await an_advised_desk(clock=clock)
    first = (await told(desk))[0]
    clock.goes_on(hours=1)
    sentence = await sentence_of_accepting(desk, first.id)
    assert sentence.startswith("nothing can be proposed that could be relied on. Too old, or in trouble: jira.")


async def test_a_dismissed_move_is_restored_before_it_is_accepted() -> None:
    desk = await an_advised_desk()
    first = (await told(desk))[0]
    await dismiss_advice(desk, first.id, until=LATER, reason="", actor="pat")
    with pytest.raises(Conflict, match="this move is dismissed until 2026-12-24T00:00:00Z by pat; restore it first"):
        await accept_advice(desk, first.id, actor="ana")
    await restore_advice(desk, first.id)
    assert (await accept_advice(desk, first.id, actor="ana")).is_recorded


@pytest.mark.parametrize("id_", ["none", "", "0" * 23, "0" * 25, "A" * 24, "shop/team_meetings"])
async def test_what_is_no_id_is_not_found(id_: str) -> None:
    desk = await an_advised_desk()
    with pytest.raises(NotFound, match="is no id of a proposal; ask for advice and take the `id` of one that is told"):
        await accept_advice(desk, id_, actor="ana")
    with pytest.raises(NotFound):
        await dismiss_advice(desk, id_, until=LATER, reason="", actor="ana")
    with pytest.raises(NotFound, match="nothing that is dismissed now has the id"):
        await restore_advice(desk, id_)


async def test_a_dismissal_needs_an_end_to_come_a_reason_that_can_be_kept_and_somebody_who_says_so() -> None:
    desk = await an_advised_desk()
    first = (await told(desk))[0]
    for until in (desk.clock(), LATER.replace(tzinfo=None)):
        with pytest.raises(Invalid, match="`until` must be later than now"):
            await dismiss_advice(desk, first.id, until=until, reason="", actor="ana")
    for reason, actor in (("\0", "ana"), ("x" * 5001, "ana"), ("", " ")):
        with pytest.raises(Invalid):
            await dismiss_advice(desk, first.id, until=LATER, reason=reason, actor=actor)
    assert await dismissed_advice(desk) == ()


async def test_a_dismissal_that_is_over_cannot_be_restored() -> None:
    clock = AClock()
    desk = await an_advised_desk(clock=clock)
    first = (await told(desk))[0]
    await dismiss_advice(desk, first.id, until=clock() + timedelta(hours=1), reason="", actor="ana")
    clock.goes_on(hours=2)
    assert await dismissed_advice(desk) == ()
    with pytest.raises(NotFound):
        await restore_advice(desk, first.id)
