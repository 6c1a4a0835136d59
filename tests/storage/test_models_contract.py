"""What every store of the declared model promises, in memory and in PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.areas import Area
from remit.domain.catalogue import Driver, Letter
from remit.domain.errors import Conflict, Stale
from remit.domain.facts import Body, Fact
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.intervals import ALWAYS, Interval
from remit.domain.policy import Assignment, Inheritance
from remit.domain.workload import Wish
from remit.ports import Head, ModelStore, Recording
from remit.storage.models import PostgresModels
from support.desks import NOW, AClock
from support.memory_models import MemoryModels
from support.models import a_function, a_lens, a_preference, an_absence, some_limits, some_minutes

NOTHING = Head(0, "", None)
WEEK = timedelta(days=7)


def an_area(key: str = "shop", *, name: str = "Shop", valid: Interval = ALWAYS) -> Fact[Body]:
    return Fact(key, Area(AreaKey(key), name, "product", AreaKey("acme")), valid)


def an_accountable(key: str, owner: str, *, valid: Interval = ALWAYS, **said: object) -> Fact[Body]:
    """An assignment that makes its owner explicitly accountable for the coordination of the shop."""
    product = FunctionKey("product_management")
    coordination = ResponsibilityKey("coordination")
    body = Assignment(AreaKey("shop"), coordination, product, OwnerKey(owner), Letter.ACCOUNTABLE)
    return Fact(key, replace(body, **said), valid)  # type: ignore[arg-type]


def a_recording(
    *opens: Fact[Body], closes: tuple[Fact[Body], ...] = (), after: Head = NOTHING, digest: str = "a-digest"
) -> Recording:
    return Recording("ana", "because", opens, closes, digest, after)


def statements(facts: tuple[Fact[Body], ...]) -> set[tuple[str, Body, Interval]]:
    return {(fact.key, fact.body, fact.valid) for fact in facts}


class ModelStoreContract:
    """Everything recorded is kept with both its times; a change is recorded as a whole or not at all."""

    async def test_begins_with_nothing(self, models: ModelStore) -> None:
        assert await models.head() == NOTHING
        assert await models.facts(NOTHING) == ()

    async def test_returns_the_facts_recorded_with_who_and_when(self, models: ModelStore) -> None:
        fact = an_area(valid=Interval(NOW, NOW + WEEK))
        head = await models.record(a_recording(fact))
        (found,) = await models.facts(head)
        assert replace(found, recorded=None) == fact
        assert found.recorded is not None
        assert (found.recorded.by, found.recorded.at) == ("ana", head.recorded_at)

    async def test_keeps_lenses_their_values_and_minutes_as_they_were_told(self, models: ModelStore) -> None:
        told = (a_lens("rhythm", "How often"), a_function("design", rhythm="daily", focus="people"),
                some_minutes("coordination", Driver.OPEN_ITEMS, 0.5, "measured"))  # fmt: skip
        head = await models.record(a_recording(*told))
        assert statements(await models.facts(head)) == statements(told)

    async def test_keeps_thresholds_absences_and_preferences_as_they_were_told(self, models: ModelStore) -> None:
        told = (some_limits("wip", None, 8.5, area="shop", reason="few"), some_limits("wip", 1, 2, person="ana"),
                an_absence("ana", Interval(NOW, NOW + WEEK), 0.2), an_absence("pat", Interval(NOW, NOW + WEEK)),
                a_preference("ana", "coordination", Wish.AVOID, "asked"))  # fmt: skip
        head = await models.record(a_recording(*told))
        assert statements(await models.facts(head)) == statements(told)

    async def test_knows_which_minutes_were_believed_before_a_correction(self, models: ModelStore) -> None:
        guess = some_minutes("coordination", Driver.WIP, 5)
        measured = some_minutes("coordination", Driver.WIP, 9)
        first = await models.record(a_recording(guess))
        second = await models.record(a_recording(measured, closes=(guess,), after=first))
        assert statements(await models.facts(await models.head(first.recorded_at))) == statements((guess,))
        assert statements(await models.facts(second)) == statements((measured,))

    async def test_names_the_newest_change_as_its_head(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area(), digest="one"))
        second = await models.record(a_recording(an_area("pay"), after=first, digest="two"))
        assert await models.head() == second
        assert (first.digest, second.digest) == ("one", "two")
        assert first.id < second.id

    async def test_two_changes_never_share_an_instant(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area()))
        second = await models.record(a_recording(an_area("pay"), after=first))
        assert first.recorded_at is not None
        assert second.recorded_at is not None
        assert first.recorded_at < second.recorded_at

    async def test_knows_what_was_believed_at_an_earlier_instant(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area(name="Shop")))
        closed = (an_area(name="Shop"),)
        await models.record(a_recording(an_area(name="Store"), closes=closed, after=first, digest="two"))
        assert await models.head(first.recorded_at) == first
        assert statements(await models.facts(first)) == statements((an_area(name="Shop"),))

    async def test_knew_nothing_before_the_first_change(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area()))
        assert first.recorded_at is not None
        assert await models.head(first.recorded_at - timedelta(microseconds=1)) == NOTHING

    async def test_a_fact_closed_is_believed_no_more(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area(), an_area("pay")))
        second = await models.record(a_recording(closes=(an_area("pay"),), after=first))
        assert statements(await models.facts(second)) == statements((an_area(),))

    async def test_a_fact_may_be_believed_again(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area()))
        second = await models.record(a_recording(closes=(an_area(),), after=first))
        third = await models.record(a_recording(an_area(), after=second))
        held = [statements(await models.facts(head)) for head in (first, second, third)]
        assert held == [statements((an_area(),)), set(), statements((an_area(),))]

    async def test_windows_of_one_row_may_follow_each_other(self, models: ModelStore) -> None:
        early, late = an_area(name="Shop", valid=Interval(None, NOW)), an_area(name="Store", valid=Interval(NOW, None))
        head = await models.record(a_recording(early, late))
        assert statements(await models.facts(head)) == statements((early, late))

    async def test_refuses_a_change_prepared_against_an_older_head(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area()))
        with pytest.raises(Stale, match="the model has changed since this change was prepared"):
            await models.record(a_recording(an_area("pay")))
        assert await models.head() == first
        assert statements(await models.facts(first)) == statements((an_area(),))

    async def test_refuses_to_close_what_is_not_believed(self, models: ModelStore) -> None:
        first = await models.record(a_recording(an_area()))
        with pytest.raises(Stale):
            await models.record(a_recording(an_area("pay"), closes=(an_area("gone"),), after=first))
        assert await models.head() == first

    async def test_of_two_changes_at_once_one_wins_and_nothing_of_the_other_is_kept(self, models: ModelStore) -> None:
        changes = [a_recording(an_area(key), digest=key) for key in ("shop", "pay")]
        done = await asyncio.gather(*(models.record(change) for change in changes), return_exceptions=True)
        won = [head for head in done if isinstance(head, Head)]
        assert [type(lost) for lost in done if not isinstance(lost, Head)] == [Stale]
        assert statements(await models.facts(won[0])) == statements((an_area(won[0].digest),))
        assert await models.head() == won[0]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            pytest.param(an_area(name="Shop"), an_area(name="Store", valid=Interval(NOW, None)), id="one row"),
            pytest.param(an_accountable("a", "ana"), an_accountable("b", "pat"), id="accountables"),
            pytest.param(
                an_accountable("a", "ana"),
                an_accountable("b", "pat", inherit=Inheritance.BLOCK, valid=Interval(NOW, NOW + WEEK)),
                id="accountables by INHERIT and by BLOCK",
            ),
        ],
    )
    async def test_refuses_facts_that_exclude_each_other(
        self, models: ModelStore, one: Fact[Body], other: Fact[Body]
    ) -> None:
        first = await models.record(a_recording(one))
        with pytest.raises(Conflict, match="exclude each other"):
            await models.record(a_recording(an_area("pay"), other, after=first))
        assert await models.head() == first
        assert statements(await models.facts(first)) == statements((one,))

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(an_accountable("b", "pat", valid=Interval(NOW, None)), id="one after the other"),
            pytest.param(an_accountable("b", "pat", inherit=Inheritance.APPEND), id="not tried together"),
            pytest.param(an_accountable("b", "pat", letter=None), id="not explicit"),
            pytest.param(an_accountable("b", "pat", area=AreaKey("pay")), id="in another area"),
            pytest.param(an_accountable("b", "ana"), id="the same owner told twice"),
        ],
    )
    async def test_accepts_two_accountables_that_do_not_meet(self, models: ModelStore, other: Fact[Body]) -> None:
        first = an_accountable("a", "ana", valid=Interval(None, NOW), inherit=Inheritance.INHERIT)
        head = await models.record(a_recording(first, other))
        assert statements(await models.facts(head)) == statements((first, other))


class TestInMemory(ModelStoreContract):
    @pytest.fixture
    def models(self) -> ModelStore:
        return MemoryModels(AClock())


class TestInPostgres(ModelStoreContract):
    @pytest.fixture
    def models(self, engine: AsyncEngine) -> ModelStore:
        return PostgresModels(engine)
