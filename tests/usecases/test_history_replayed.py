"""Whatever was applied and when: replayed up to any recorded time, a node's history is what was believed of it then."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.facts import Body, Fact, FactKind
from remit.domain.history import Entry, Excerpt, Node
from remit.ports import Head, ModelStore
from remit.storage.engine import connect
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from remit.usecases.apply_model import apply
from support.desks import NOW, AClock, a_desk
from support.memory_history import ROOT, names
from support.memory_models import MemoryModels

HEAD = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
functions: [{key: design, name: Design}]
people: [{key: ana, name: Ana}, {key: pat, name: Pat}]
areas:
"""
NODES = {
    Node(FactKind.AREA, "acme"): {"area:acme", ROOT},
    Node(FactKind.AREA, "shop"): {"area:shop"},
    Node(FactKind.PERSON, "ana"): {"owner:ana"},
    Node(FactKind.TEAM, "desk"): {"owner:desk"},
    Node(FactKind.FUNCTION, "design"): {"function:design"},
    Node(FactKind.RESPONSIBILITY, "coordination"): {"responsibility:coordination"},
}
WINDOWS = st.sampled_from(["", ", from: 2026-11-01", ", from: 2026-12-24", ", to: 2027-03-31"])
AWAY = st.sampled_from([", to: 2027-03-31", ", from: 2026-12-24, to: 2027-03-31", ", from: 2026-11-01, to: 2027-04-30"])
OWNERS = st.sampled_from([None, "ana", "pat", "desk"])
MEMBERS = st.sampled_from(["", "ana", "pat", "ana, pat"])
LEADS = st.sampled_from([None, "design", "product_management"])
Believed = list[tuple[Head, frozenset[Fact[Body]]]]


@st.composite
def files(draw: st.DrawFn) -> str:
    """A model with a row of every kind or without; rows that stay change who, what or when."""
    text = HEAD + f"  - {{key: shop, name: {draw(st.sampled_from(['Shop', 'Store']))}, kind: product, parent: acme}}\n"
    text += f"teams: [{{key: desk, name: Desk, members: [{draw(MEMBERS)}]}}]\n"
    rows = {"assignments": "", "rules": "", "agreements": "", "delegations": ""}
    for key, area in (("one", "shop"), ("two", "acme")):
        owner, window = draw(OWNERS), draw(WINDOWS)
        responsibility = draw(st.sampled_from(["all", "coordination"]))
        row = f"key: {key}, area: {area}, responsibility: {responsibility}, function: design, owner: {owner}{window}"
        rows["assignments"] += f"  - {{{row}}}\n" if owner is not None else ""
    lead, window = draw(LEADS), draw(WINDOWS)
    row = f"area: shop, responsibility: coordination, lead: {lead}{window}"
    rows["rules"] += f"  - {{{row}}}\n" if lead is not None else ""
    lead = draw(LEADS)
    row = f"area: acme, responsibility: coordination, lead: {lead}, review: 2030-01-01"
    rows["agreements"] += f"  - {{{row}}}\n" if lead is not None else ""
    where = draw(st.sampled_from(["", ", area: shop", ", responsibilities: [coordination]"]))
    row = f"from_person: ana, to_person: pat{where}{draw(AWAY)}"
    rows["delegations"] += f"  - {{key: away, {row}}}\n" if draw(st.booleans()) else ""
    return text + "".join(f"{section}:\n{told}" for section, told in rows.items() if told)


async def after_each(
    models: ModelStore, clock: AClock, texts: list[str]
) -> AsyncIterator[tuple[Head, frozenset[Fact[Body]]]]:
    """The head and the beliefs right after each of these is applied, some days apart."""
    desk = await a_desk(clock=clock, models=models, model=None)
    for number, text in enumerate(texts):
        clock.goes_on(days=20)
        await apply(desk, text, actor=f"actor {number}", reason=f"reason {number}")
        head = await models.head()
        yield head, frozenset(replace(fact, recorded=None) for fact in await models.facts(head))


async def holds(models: ModelStore, clock: AClock, texts: list[str]) -> None:
    believed = [one async for one in after_each(models, clock, texts)]
    for node, about in NODES.items():
        told = await whole(models, node)
        for head, then in believed:
            assert head.recorded_at is not None
            until = [entry for entry in told if entry.edit.at <= head.recorded_at]
            assert replayed(until, about) == {fact for fact in then if names(fact.body) & about}, node


async def whole(models: ModelStore, node: Node) -> list[Entry]:
    """A history read three entries at a time."""
    told: list[Entry] = []
    while True:
        excerpt = Excerpt(node, 3, told[-1].place if told else None)
        page = (await models.pasts([excerpt]))[excerpt]
        told += page.entries
        if not page.more:
            assert len(told) == page.total
            return told


def replayed(told: Iterable[Entry], about: set[str]) -> set[Fact[Body]]:
    believed: set[Fact[Body]] = set()
    for entry in sorted(told, key=lambda entry: entry.edit.at):
        ceased, begun = ({f for f in side if names(f.body) & about} for side in (entry.before, entry.after))
        assert believed >= ceased
        believed = believed - ceased | begun
    return believed


@settings(max_examples=60)
@given(st.lists(files(), min_size=1, max_size=5))
async def test_in_memory(texts: list[str]) -> None:
    clock = AClock(NOW - timedelta(days=20))
    await holds(MemoryModels(clock), clock, texts)


@settings(max_examples=15)
@given(st.lists(files(), min_size=1, max_size=5))
async def test_in_postgres(postgres_url: str, migrated: str, texts: list[str]) -> None:
    clock = AClock(NOW - timedelta(days=20))
    async with scratch_database(postgres_url, template=migrated) as url:
        engine = connect(url)
        await holds(PostgresModels(engine), clock, texts)
        await engine.dispose()
