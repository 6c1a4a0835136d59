"""Builds a desk with memory parts: `await a_desk(model=..., items=[...])`, and the issues to put on it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from remit.cache.memory import MemoryAnswers
from remit.domain.ids import SourceName
from remit.domain.records import BacklogEvent, BacklogItem, Pulled, StatusCategory
from remit.ports import Clock, EvidenceStore, Intake, KeptAnswers, MirrorStore, ModelStore
from remit.storage.evidence import PostgresEvidence
from remit.storage.mirror import PostgresMirror
from remit.usecases.apply_model import apply
from remit.usecases.desk import Desk
from remit.usecases.shipped import shipped_catalogue
from support.memory_evidence import MemoryEvidence
from support.memory_mirror import MemoryMirror
from support.memory_models import MemoryModels

JIRA = SourceName("jira")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

A_MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
people:
  - {key: ana, name: Ana, function: product_management}
  - {key: pat, name: Pat, function: product_operations}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]}
  - {key: checkout, name: Checkout, kind: team, parent: shop, jira: [{project: SHOP, component: Checkout}]}
assignments:
  - {area: shop, responsibility: all, function: product_management, owner: ana}
  - {area: checkout, responsibility: all, function: product_operations, owner: pat}
"""
"""A product run by Ana, a team below it whose operations are Pat's."""


class AClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **by: float) -> datetime:
        """Later by so many `days`, `hours`, `seconds`; returns the new present."""
        self.now += timedelta(**by)
        return self.now


def an_issue(key: str, **said: Any) -> BacklogItem:
    """An issue of the project its key names, created a year ago; `said` replaces any field."""
    project, _, number = key.partition("-")
    issue = BacklogItem(
        source=JIRA,
        id=f"{sum(map(ord, project))}{number}",
        key=key,
        project=project,
        type="Bug",
        summary=f"What {key} is about",
        status="Open",
        category=StatusCategory.NEW,
        created=NOW - timedelta(days=365),
        updated=NOW - timedelta(days=30),
    )
    return replace(issue, **said)


def pulled(item: BacklogItem) -> Pulled:
    return Pulled(item, f'{{"key": "{item.key}"}}'.encode())


def a_page(*items: BacklogItem, at: datetime = NOW, **said: Any) -> Intake:
    """A page of these items, read at `at`; `said` replaces any other part."""
    page = Intake(
        source=JIRA,
        items=tuple(pulled(item) for item in items),
        events=(),
        parked=(),
        touched={},
        cursor=b"a cursor",
        at=at,
        seen=frozenset(item.id for item in items),
    )
    return replace(page, **said)


def a_move(item_id: str, former: str, present: str, at: datetime = NOW) -> BacklogEvent:
    """The event by which an item got another key."""
    return BacklogEvent(JIRA, item_id, f"move-{former}", 0, at, "Key", from_text=former, to_text=present)


def evidence_beside(mirror: MirrorStore) -> EvidenceStore:
    """The evidence of the records in a mirror, kept where the mirror keeps them."""
    if isinstance(mirror, PostgresMirror):
        return PostgresEvidence(mirror.engine)
    return MemoryEvidence(mirror if isinstance(mirror, MemoryMirror) else MemoryMirror())


async def a_desk(
    *,
    clock: Clock | None = None,
    model: str | None = A_MODEL,
    items: Iterable[BacklogItem] = (),
    models: ModelStore | None = None,
    mirror: MirrorStore | None = None,
    kept: KeptAnswers | None = None,
    synchronised: bool = True,
    **settings: Any,
) -> Desk:
    """A desk on which `model` is applied (None: nothing) and `items` are mirrored by a complete synchronisation.

    Memory parts stand in for those not given; `settings` are the desk's other fields.
    """
    clock = clock or AClock()
    settings = {"sources": ((JIRA, "jira"),)} | settings
    mirror = mirror if mirror is not None else MemoryMirror()
    desk = Desk(
        catalogue=shipped_catalogue(),
        models=models if models is not None else MemoryModels(clock),
        mirror=mirror,
        evidence=evidence_beside(mirror),
        kept=kept if kept is not None else MemoryAnswers(),
        clock=clock,
        **settings,
    )
    if model is not None:
        await apply(desk, model, actor="test", reason="to begin with")
    told = tuple(items)
    if told:
        await desk.mirror.take(a_page(*told, at=clock()))
    if synchronised:
        await desk.mirror.succeeded(JIRA, clock(), b"a cursor")
    return desk
