"""Whatever was declared, corrected and read, and when: an answer rests on what was recorded by `knownAt` alone.

Each answer at any (asOf, knownAt) is compared with that of a world of its own: a model that was only told what had been
recorded by then, of which only what was valid then is left, and the issues as they were when they were last read then.
"""

import itertools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from remit.cache.memory import MemoryAnswers
from remit.domain.answers import Outcome, Ownership, Step
from remit.domain.facts import Fact, Facts
from remit.domain.ids import ResponsibilityKey
from remit.domain.intervals import ALWAYS, Interval
from remit.domain.model import Model, model_at
from remit.domain.records import criteria_of
from remit.ports import MirrorStore, ModelStore
from remit.resolution.matching import match
from remit.resolution.ownership import resolve, resolve_match
from remit.storage.engine import connect
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.storage.scratch import scratch_database
from remit.usecases.apply_model import apply
from remit.usecases.ask_ownership import area_ownership, cell, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.shelf import Shelf
from remit.usecases.snapshot import Moment, snapshot
from support.dated_models import AREAS, dated_models
from support.desks import JIRA, AClock, a_desk, a_page
from support.lives import BEGINNING, HOUR, TEAM, Life, ancestors, lives
from support.memory_mirror import MemoryMirror
from support.memory_models import MemoryModels

RESPONSIBILITIES = [
    ResponsibilityKey(key) for key in ("backlog_management", "data_analytics", "innovation", "leadership")
]
NOUNS = ("areas", "functions", "responsibilities", "lenses", "minutes", "people", "teams")
YEAR = timedelta(days=365)
UNSHRUNK = [Phase.explicit, Phase.generate]
"""To make a failing world smaller takes minutes; it is told as it was found."""
SYNCHRONISE = "synchronise"
HOURS = st.integers(1, 60)
STEPS = st.builds(
    lambda first, between, last: [first, *between, last],
    st.tuples(HOURS, dated_models()),
    st.lists(st.tuples(HOURS, dated_models() | st.just(SYNCHRONISE)), max_size=5),
    st.tuples(HOURS, st.just(SYNCHRONISE)),
)
BACK = st.none() | st.integers(-5, 150)


@dataclass(frozen=True, slots=True)
class World:
    """What happened: which models were applied and when, and when the issues were read."""

    applied: tuple[tuple[datetime, str], ...]
    read: tuple[datetime, ...]
    whole: tuple[Life, ...]
    now: datetime


async def happened(desk: Desk, clock: AClock, steps: list[tuple[int, str]], whole: tuple[Life, ...]) -> World:
    """Hours pass, and then a model is applied, or everything that there is by then is read with its history."""
    applied, read = [], []
    for hours, step in steps:
        now = clock.goes_on(hours=hours)
        if step == SYNCHRONISE:
            there = [life for life in whole if life.created <= now]
            events = tuple(one for life in there for one in life.until(now))
            await desk.mirror.take(a_page(*(life.at(now) for life in there), at=now, events=events))
            await desk.mirror.succeeded(JIRA, now, b"a cursor")
            read.append(now)
        else:
            await apply(desk, step, actor="test", reason="")
            applied.append((now, step))
    return World(tuple(applied), tuple(read), whole, clock.goes_on(hours=1))


async def rebuilt(world: World, as_of: datetime, recorded: int) -> Model:
    """Of the first so many models applied, what was valid at that instant, and nothing else."""
    clock = AClock()
    desk = await a_desk(clock=clock, model=None)
    for clock.now, text in world.applied[:recorded]:
        await apply(desk, text, actor="test", reason="")
    facts = await desk.models.facts(await desk.models.head())
    valid = tuple(replace(fact, valid=ALWAYS) for fact in facts if held(fact.valid, as_of))
    return model_at(Facts(desk.catalogue, valid), as_of)


def held(window: Interval, at: datetime) -> bool:
    """From its start on, and at its end no more (R4)."""
    return (window.start is None or window.start <= at) and (window.end is None or at < window.end)


def told(answer: Ownership) -> Ownership:
    """Without what a rebuilt world cannot tell: remarks on the mirror, and a store's own clock."""
    kept = tuple(replace(one, recorded_at=None) for one in answer.trace if one.step is not Step.MIRROR)
    return replace(answer, trace=kept)


async def areas_agree(desk: Desk, world: World, moment: Moment, recorded: int) -> None:
    model = await rebuilt(world, moment.as_of or world.now, recorded)
    snap = await snapshot(desk, moment)
    assert {name: bodies(snap.model, name) for name in NOUNS} == {name: bodies(model, name) for name in NOUNS}
    answers = await area_ownership(desk, snap, AREAS)
    for area in AREAS:
        for responsibility in RESPONSIBILITIES:
            ours = cell(snap, answers, area, responsibility)
            event(ours.outcome)
            assert told(ours) == told(resolve(model, area, responsibility))


def bodies(model: Model, noun: str) -> dict[object, object]:
    """What a model says of all areas, lenses and so on."""
    return {key: said.body if isinstance(said, Fact) else said for key, said in getattr(model, noun).items()}


def with_nothing_in_mind(desk: Desk) -> Desk:
    """As in another process: what it says it has from the stores."""
    return replace(desk, shelf=Shelf(), kept=MemoryAnswers())


async def issues_agree(desk: Desk, world: World, moment: Moment, recorded: int) -> None:
    as_of = moment.as_of or world.now
    model = await rebuilt(world, as_of, recorded)
    keys = sorted({key for life in world.whole for key in life.keys(world.now)} | {"SHOP-404"})
    answers = await issue_ownership(desk, await snapshot(desk, moment), keys, RESPONSIBILITIES)
    read = [at for at in world.read if moment.known_at is None or at <= moment.known_at]
    for key in keys:
        ours = answers[key]
        life = named(key, world)
        if life is None or not read or life.created > read[-1]:
            assert (ours.known, ours.current_key, ours.area) == (False, None, None)
        else:
            assert (ours.known, ours.current_key) == (True, life.at(read[-1]).key)
            expected = resolved(model, world.whole, life, as_of, read[-1])
            event(f"of an issue: {ours.ownership[0].outcome}, {ours.ownership[0].trace[0].reason}")
            assert [told(one) for one in ours.ownership] == expected
            assert ours.area == (expected[0].area if expected[0].outcome is not Outcome.CONFLICT else ours.area)


def named(key: str, world: World) -> Life | None:
    """The issue of that key, if a key of it by then was ever read."""
    last = max(world.read, default=BEGINNING - YEAR)
    return next((life for life in world.whole if key in life.keys(last)), None)


def resolved(model: Model, whole: tuple[Life, ...], life: Life, as_of: datetime, read_at: datetime) -> list[Ownership]:
    """The answers for an issue as it was by what its source told when it was last read."""
    if as_of < life.created:
        return [Ownership(None, responsibility, Outcome.UNKNOWN) for responsibility in RESPONSIBILITIES]
    at = min(as_of, read_at)
    item = life.at(at)
    above = (key for keys in ancestors(whole, item, at, read_at) for key in keys)
    criteria = criteria_of(item, (*life.keys(read_at), *above))
    found = match(model, criteria)
    return [told(resolve_match(model, found, responsibility, criteria)) for responsibility in RESPONSIBILITIES]


Drawn = tuple[tuple[Life, ...], list[tuple[int, str]], list[tuple[int | None, int | None]]]


async def agree(models: ModelStore, mirror: MirrorStore, clock: AClock, drawn: Drawn) -> None:
    """All answers at all moments asked, in a world of these steps."""
    whole, steps, asked = drawn
    desk = await a_desk(
        clock=clock, model=None, models=models, mirror=mirror, synchronised=False, unknown_after=YEAR,
        team_fields={JIRA: TEAM},
    )  # fmt: skip
    world = await happened(desk, clock, steps, whole)
    hours = [tuple(None if one is None else world.now - one * HOUR for one in back) for back in asked]
    bounds = (await snapshot(desk, Moment())).facts.boundaries[-2:]
    for as_of, known_at in (*hours, *((bound, None) for bound in bounds)):
        fresh, moment = with_nothing_in_mind(desk), Moment(as_of, known_at)
        recorded = sum(known_at is None or at <= known_at for at, _ in world.applied)
        await areas_agree(fresh, world, moment, recorded)
        await issues_agree(fresh, world, moment, recorded)


MATTERING = ("move", "move", "components", "parent", "parent", "team", "type")
WORLDS = st.tuples(lives(3, MATTERING), STEPS, st.lists(st.tuples(BACK, BACK), min_size=3, max_size=5))


@settings(max_examples=50, phases=UNSHRUNK)
@given(WORLDS)
async def test_an_answer_rests_on_what_was_recorded_by_then_and_valid_then(drawn: Drawn) -> None:
    clock = AClock(BEGINNING)
    await agree(MemoryModels(clock), MemoryMirror(), clock, drawn)


@settings(max_examples=6, phases=UNSHRUNK)
@given(WORLDS)
async def test_so_it_does_where_postgres_mirrors(postgres_url: str, migrated: str, drawn: Drawn) -> None:
    clock = AClock(BEGINNING)
    async with scratch_database(postgres_url, template=migrated) as url:
        engine = connect(url)
        await agree(MemoryModels(clock), PostgresMirror(engine), clock, drawn)
        await engine.dispose()


@settings(max_examples=8, phases=UNSHRUNK)
@given(st.lists(dated_models(), min_size=1, max_size=4), st.lists(st.integers(-300, 300), min_size=1, max_size=3))
async def test_so_it_does_where_postgres_keeps_the_model(
    postgres_url: str, migrated: str, texts: list[str], asked: list[int]
) -> None:
    """PostgreSQL stamps changes with its own clock: what was known by then is asked for by the stamps."""
    clock = AClock(BEGINNING)
    async with scratch_database(postgres_url, template=migrated) as url:
        engine = connect(url)
        desk = await a_desk(clock=clock, model=None, models=PostgresModels(engine))
        stamps, worlds = [], []
        for text in texts:
            worlds.append(await happened(desk, clock, [(30, text)], ()))
            stamps.append((await desk.models.head()).recorded_at or clock())
        desk = with_nothing_in_mind(desk)
        world = World(tuple(applied for one in worlds for applied in one.applied), (), (), clock())
        for stamp, hours in itertools.product(stamps, asked):
            for known_at in (stamp, stamp - timedelta(microseconds=1)):
                moment = Moment(world.now - hours * HOUR, known_at)
                await areas_agree(desk, world, moment, sum(one <= known_at for one in stamps))
        await engine.dispose()
