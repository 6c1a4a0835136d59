"""Whatever is changed and when, what was believed then stays readable for ever; in memory and PostgreSQL."""

from collections.abc import Sequence

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.domain.changes import Change
from remit.domain.errors import Invalid
from remit.domain.facts import Facts
from remit.ports import Head, ModelStore
from remit.storage.engine import connect
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from remit.usecases.apply_model import export, prepare
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from support.change_strategies import CHANGES
from support.changing import JULY, JUNE, MODEL
from support.desks import AClock, a_desk
from support.memory_models import MemoryModels

SEQUENCES = st.lists(CHANGES, min_size=3, max_size=12)


async def after_each(desk: Desk, clock: AClock, changes: Sequence[Change]) -> list[tuple[Head, frozenset[str]]]:
    """What is believed after each change that is accepted, some hours apart; a refused one changes nothing."""
    believed = [await belief(desk.models, await desk.models.head())]
    for change in changes:
        clock.goes_on(hours=7)
        try:
            changed = await change_model(desk, [change], actor="test", reason="")
        except Invalid:
            assert await desk.models.head() == believed[-1][0]
            continue
        facts = await desk.models.facts(changed.head)
        assert changed.version == Facts(desk.catalogue, facts).digest
        believed.append(await belief(desk.models, changed.head))
    return believed


async def belief(models: ModelStore, head: Head) -> tuple[Head, frozenset[str]]:
    return head, frozenset(map(str, await models.facts(head)))


async def holds(models: ModelStore, changes: Sequence[Change]) -> None:
    clock = AClock(JUNE)
    desk = await a_desk(clock=clock, models=models, model=MODEL)
    clock.now = JULY
    for head, then in await after_each(desk, clock, changes):
        assert await belief(models, await models.head(head.recorded_at)) == (head, then)
    assert (await prepare(desk, await export(desk))).plan.is_empty


@settings(max_examples=60)
@given(SEQUENCES)
async def test_in_memory(changes: list[Change]) -> None:
    await holds(MemoryModels(AClock(JUNE)), changes)


@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(SEQUENCES)
async def test_in_postgres(postgres_url: str, migrated: str, changes: list[Change]) -> None:
    async with scratch_database(postgres_url, template=migrated) as url:
        engine = connect(url)
        await holds(PostgresModels(engine), changes)
        await engine.dispose()
