"""Whatever was applied and when: the facts of any head are exactly what was believed then, for ever."""

import itertools
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.facts import Facts
from remit.ports import Head, ModelStore
from remit.storage.engine import connect
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from remit.usecases.apply_model import apply, export, prepare
from remit.usecases.desk import Desk
from support.desks import NOW, AClock, a_desk
from support.memory_models import MemoryModels

HEAD = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
people:
  - {key: ana, name: Ana, function: product_management}
  - {key: pat, name: Pat, function: product_operations}
"""
SHOP = "  - {key: shop, name: %s, kind: product, parent: acme}\n"
ROW = "  - {area: acme, responsibility: %s, function: product_management, owner: %s%s}\n"


@st.composite
def files(draw: st.DrawFn) -> str:
    """A model with an area, perhaps renamed, and some assignments, with and without windows that begin or end soon."""
    text = HEAD + "areas:\n" + SHOP % draw(st.sampled_from(["Shop", "Store"]))
    rows = []
    for responsibility in ("innovation", "coordination", "all"):
        owner = draw(st.sampled_from([None, "ana", "pat"]))
        start, end = draw(st.sampled_from([None, 1, 3])), draw(st.sampled_from([None, 400, 500]))
        if owner is not None:
            window = "".join(f", {name}: {day(at)}" for name, at in (("from", start), ("to", end)) if at is not None)
            rows.append(ROW % (responsibility, owner, window))
    return text + ("assignments:\n" + "".join(rows) if rows else "")


def day(number: int) -> str:
    return f'"{(NOW + timedelta(days=number)).date()}"'


Believed = list[tuple[Head, frozenset[str]]]


async def after_each(desk: Desk, clock: AClock, texts: list[str]) -> Believed:
    """What is believed right after each of these is applied, some hours apart."""
    believed: Believed = []
    for text in texts:
        clock.goes_on(hours=5)
        await apply(desk, text, actor="test", reason="")
        believed.append(await belief(desk.models, None))
    return believed


async def belief(models: ModelStore, known_at: datetime | None) -> tuple[Head, frozenset[str]]:
    head = await models.head(known_at)
    return head, frozenset(str(fact) for fact in await models.facts(head))


async def holds(models: ModelStore, desk: Desk, clock: AClock, texts: list[str]) -> None:
    believed = await after_each(desk, clock, texts)
    for head, then in believed:
        assert await belief(models, head.recorded_at) == (head, then)
        assert head.digest == Facts(desk.catalogue, await models.facts(head)).digest
    for (one, _), (other, __) in itertools.pairwise(believed):
        assert one.id <= other.id
    assert (await prepare(desk, await export(desk))).plan.is_empty


@settings(max_examples=60)
@given(st.lists(files(), min_size=1, max_size=5))
async def test_in_memory(texts: list[str]) -> None:
    clock = AClock()
    models = MemoryModels(clock)
    await holds(models, await a_desk(clock=clock, models=models, model=None), clock, texts)


@settings(max_examples=15)
@given(st.lists(files(), min_size=1, max_size=5))
async def test_in_postgres(postgres_url: str, migrated: str, texts: list[str]) -> None:
    clock = AClock()
    async with scratch_database(postgres_url, template=migrated) as url:
        engine = connect(url)
        models = PostgresModels(engine)
        await holds(models, await a_desk(clock=clock, models=models, model=None), clock, texts)
        await engine.dispose()
