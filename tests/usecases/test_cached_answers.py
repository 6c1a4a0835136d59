"""A cached answer always equals a recomputed one, whatever the model, the moment and the order of events."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.cache.codec import decode, encode
from remit.cache.memory import MemoryAnswers
from remit.cache.redis import name
from remit.domain.answers import Outcome, Ownership
from remit.domain.ids import AreaKey
from remit.ports import CellKey
from remit.usecases.apply_model import apply
from remit.usecases.ask_ownership import area_ownership, compute, issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import AClock, a_desk, a_page, an_issue
from support.memory_mirror import MemoryMirror
from support.memory_models import MemoryModels

HEAD = """
version: 1
organisation: {key: acme, name: Acme, stage: %s, timezone: UTC}
people:
  - {key: ana, name: Ana, function: product_management}
  - {key: pat, name: Pat, function: product_operations, active: %s}
  - {key: lee, name: Lee, function: product_operations}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]}
  - {key: pay, name: Pay, kind: team, parent: shop, jira: [{project: SHOP, component: Pay}]}
  - {key: cart, name: Cart, kind: team, parent: shop, jira: [{project: SHOP, component: Cart}]}
"""
ROWS = {
    "assignments": [
        "{area: acme, responsibility: all, function: product_operations, owner: lee, inherit: fallback}",
        "{area: shop, responsibility: all, function: product_management, owner: ana}",
        "{area: pay, responsibility: all, function: product_operations, owner: pat}",
        '{area: cart, responsibility: innovation, function: product_management, owner: ana, from: "2026-11-25"}',
        '{area: cart, responsibility: innovation, function: product_management, owner: lee, from: "2026-11-20"}',
    ],
    "rules": [
        "{area: cart, responsibility: coordination, unowned: true}",
        "{area: shop, issue: {type: Story}, responsibility: innovation, lead: product_operations}",
        "{area: pay, responsibility: leadership, lead: product_management}",
    ],
    "delegations": [
        '{from_person: ana, to_person: lee, area: cart, responsibilities: [user_empathy], to: "2026-12-24"}',
    ],
}
AREAS = [AreaKey(key) for key in ("acme", "shop", "pay", "cart")]
ISSUES = [
    an_issue("SHOP-1", type="Story"),
    an_issue("SHOP-2", components=("Pay",)),
    an_issue("SHOP-3", components=("Pay", "Cart")),
    an_issue("PAY-4"),
]
KEYS = [*(issue.key for issue in ISSUES), "SHOP-404"]


class Bytes:
    """A cache like Redis: bytes under names."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, keys: Sequence[CellKey]) -> Mapping[CellKey, tuple[Ownership, ...]]:
        found = {key: decode(self.kept[name(key)]) for key in keys if name(key) in self.kept}
        return {key: answers for key, answers in found.items() if answers is not None}

    async def put(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        self.kept |= {name(key): encode(value) for key, value in answers.items()}


@st.composite
def models(draw: st.DrawFn) -> str:
    text = HEAD % (
        draw(st.sampled_from(["startup", "scale_up", "enterprise"])),
        draw(st.sampled_from(["true", "false"])),
    )
    for section, rows in ROWS.items():
        chosen = [row for row in rows if draw(st.booleans())]
        text += "".join([f"{section}:\n", *(f"  - {row}\n" for row in chosen)]) if chosen else ""
    return text


EVENTS = st.lists(st.one_of(models(), st.integers(1, 60), st.sampled_from(AREAS)), min_size=1, max_size=6)
BACK = st.one_of(st.none(), st.integers(0, 100))


async def happens(event: object, desk: Desk, clock: AClock) -> None:
    """A model is applied, some hours pass, or a record of an area changes."""
    if isinstance(event, int):
        clock.goes_on(hours=event)
    elif event in AREAS:
        await desk.mirror.take(a_page(touched={AreaKey(str(event)): 1}, at=clock()))
    else:
        await apply(desk, str(event), actor="test", reason="")


@settings(max_examples=60)
@given(EVENTS, st.lists(st.tuples(BACK, BACK), min_size=1, max_size=4))
async def test_a_cached_answer_equals_a_recomputed_one(events: list[object], asked: list[tuple[int, int]]) -> None:
    clock, cache = AClock(), Bytes()
    cached = await a_desk(clock=clock, model=None, items=ISSUES, kept=cache)
    plain = Desk(
        cached.catalogue,
        cached.models,
        cached.mirror,
        MemoryAnswers(size=0),
        clock,
        cached.sources,
        evidence=cached.evidence,
    )
    for event in events:
        await happens(event, cached, clock)
        for back in asked:
            as_of, known_at = (None if h is None else clock() - timedelta(hours=h) for h in back)
            moment = Moment(as_of, known_at)
            ours, theirs = await snapshot(cached, moment), await snapshot(plain, moment)
            assert await area_ownership(cached, ours, AREAS) == await area_ownership(plain, theirs, AREAS)
            assert await issue_ownership(cached, ours, KEYS) == await issue_ownership(plain, theirs, KEYS)


async def test_every_outcome_survives_being_kept() -> None:
    """The property above would be empty for an outcome that never comes up."""
    seen: set[Outcome] = set()
    text = (HEAD % ("scale_up", "false")) + "".join(
        [f"{section}:\n" + "".join(f"  - {row}\n" for row in rows) for section, rows in ROWS.items()]
    )
    desk = await a_desk(model=text, items=ISSUES, models=MemoryModels(AClock()), mirror=MemoryMirror())
    snap = await snapshot(desk, Moment())
    for area in AREAS:
        answers = compute(snap.model, area)
        assert decode(encode(answers)) == answers
        seen |= {answer.outcome for answer in answers}
    for issue in (await issue_ownership(desk, snap, KEYS)).values():
        assert decode(encode(issue.ownership)) == issue.ownership
        seen |= {answer.outcome for answer in issue.ownership}
    assert seen == set(Outcome)
