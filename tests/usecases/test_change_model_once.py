"""A request sent twice is done once, and of two at once neither is lost; in memory and in PostgreSQL."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.changes import Change, SetPerson, SetStage
from remit.domain.errors import Conflict, Stale
from remit.domain.facts import Facts
from remit.ports import ModelStore
from remit.storage.models import PostgresModels
from remit.usecases.change_model import Changed, change_model
from remit.usecases.desk import Desk
from support.desks import AClock, a_desk
from support.memory_models import MemoryModels

STARTUP = SetStage(area="shop", stage="startup")
ENTERPRISE = SetStage(area="shop", stage="enterprise")


class ChangingOnce:
    """Whatever the store."""

    @pytest.fixture
    async def desk(self, models: ModelStore) -> Desk:
        return await a_desk(models=models)

    async def test_the_same_request_again_is_answered_alike_and_done_once(self, desk: Desk) -> None:
        first = await sent(desk, STARTUP)
        await change(desk, ENTERPRISE)
        head = await desk.models.head()
        again = await sent(desk, STARTUP)
        assert (again.is_repeated, again) == (True, as_repeated(first))
        assert await desk.models.head() == head

    async def test_a_request_that_changed_nothing_is_not_done_later_either(self, desk: Desk) -> None:
        await change(desk, STARTUP)
        first = await sent(desk, STARTUP)
        await change(desk, ENTERPRISE)
        head = await desk.models.head()
        assert (first.is_recorded, await sent(desk, STARTUP)) == (False, as_repeated(first))
        assert await desk.models.head() == head

    async def test_its_key_is_not_for_other_changes(self, desk: Desk) -> None:
        first = await sent(desk, STARTUP)
        with pytest.raises(Conflict, match="this idempotency key was used for other changes"):
            await sent(desk, ENTERPRISE)
        assert await desk.models.head() == first.head

    async def test_another_actor_may_use_the_same_key(self, desk: Desk) -> None:
        await sent(desk, STARTUP)
        assert (await sent(desk, ENTERPRISE, actor="deputy")).is_recorded

    async def test_a_refused_request_may_be_sent_again(self, desk: Desk) -> None:
        with pytest.raises(Stale):
            await sent(desk, STARTUP, version="another")
        assert (await sent(desk, STARTUP)).is_recorded

    async def test_the_version_expected_the_first_time_does_not_stand_in_the_way(self, desk: Desk) -> None:
        version = Facts(desk.catalogue, await desk.models.facts(await desk.models.head())).digest
        first = await sent(desk, STARTUP, version=version)
        assert await sent(desk, STARTUP, version=version) == as_repeated(first)

    @pytest.mark.parametrize("is_versioned", [False, True])
    async def test_sent_several_times_at_once_it_is_done_once(self, desk: Desk, is_versioned: bool) -> None:
        before = await desk.models.head()
        version = before.digest if is_versioned else None
        answers = await asyncio.gather(*(sent(desk, STARTUP, version=version) for _ in range(5)))
        assert [answer.is_repeated for answer in answers].count(False) == 1
        assert {answer.version for answer in answers} == {(await desk.models.head()).digest}
        assert (await desk.models.head()).id > before.id
        assert {answer.head for answer in answers} == {await desk.models.head()}

    async def test_of_several_changes_at_once_none_is_lost(self, desk: Desk) -> None:
        people = [SetPerson(key=f"person-{number}", name="New") for number in range(5)]
        await asyncio.gather(*(change(desk, person) for person in people))
        held = {fact.key for fact in await desk.models.facts(await desk.models.head())}
        assert {person.key for person in people} <= held

    async def test_of_several_changes_of_one_version_one_wins(self, desk: Desk) -> None:
        version = Facts(desk.catalogue, await desk.models.facts(await desk.models.head())).digest
        changes = (change_model(desk, [one], actor="boss", reason="", expected_version=version)
                   for one in (STARTUP, ENTERPRISE))  # fmt: skip
        done = await asyncio.gather(*changes, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["Changed", "Stale"]


class TestInMemory(ChangingOnce):
    @pytest.fixture
    def models(self) -> ModelStore:
        return MemoryModels(AClock())


class TestInPostgres(ChangingOnce):
    @pytest.fixture
    def models(self, engine: AsyncEngine) -> ModelStore:
        return PostgresModels(engine)


async def change(desk: Desk, *changes: Change) -> Changed:
    return await change_model(desk, changes, actor="boss", reason="")


async def sent(desk: Desk, *changes: Change, actor: str = "boss", version: str | None = None) -> Changed:
    """Always with the same idempotency key."""
    return await change_model(
        desk, changes, actor=actor, reason="", expected_version=version, idempotency_key="the-key"
    )


def as_repeated(first: Changed) -> Changed:
    return replace(first, is_repeated=True)
