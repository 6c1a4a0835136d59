"""What every store of evidence promises of whose courses it tells, in memory and in PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.courses import NamedCourses, pack
from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.feedback import PulledFeedback
from remit.domain.ids import AreaKey
from remit.domain.records import BacklogItem
from remit.ports import Basis, MirrorStore
from remit.ports.feedback import FeedbackIntake
from remit.storage.mirror import PostgresMirror
from support.counting import count_statements
from support.desks import JIRA, NOW, a_page, an_issue, evidence_beside
from support.feedback import DESK, an_item
from support.memory_mirror import MemoryMirror

DAY = timedelta(days=1)
SHOP, PAY = AreaKey("shop"), AreaKey("pay")
BASIS = Basis("statuses-1", "selectors-1")
ITEMS = [an_issue(f"SHOP-{number}", id=id_) for number, id_ in enumerate(["30", "4", "B", "a"])]
ELSEWHERE = an_issue("PAY-1", id="5")


def a_course(item: BacklogItem, number: int, **said: Any) -> Course:
    steps = ((item.created + DAY, Phase.UNDER_WAY),) * (number % 2)
    area = PAY if item is ELSEWHERE else SHOP
    return Course(JIRA, item.id, RecordKind.BACKLOG, area, item.created, NOW + number * DAY, steps, **said)


OF_SHOP = [a_course(item, number) for number, item in enumerate(ITEMS)]
OF_PAY = a_course(ELSEWHERE, 7)
HEARD = Course(DESK, "9", RecordKind.FEEDBACK, SHOP, NOW, NOW)
NAMES = ((JIRA, "30"), (JIRA, "4"), (JIRA, "B"), (JIRA, "a"))


@pytest.fixture(params=["memory", "postgres"])
def mirror(request: pytest.FixtureRequest) -> MirrorStore:
    if request.param == "memory":
        return MemoryMirror()
    engine: AsyncEngine = request.getfixturevalue("engine")
    return PostgresMirror(engine)


async def filled(mirror: MirrorStore) -> None:
    """Four issues of the shop, one of another area, and a ticket."""
    items = (*reversed(ITEMS), ELSEWHERE)
    await mirror.take(a_page(*items, courses=(*reversed(OF_SHOP), OF_PAY), basis=BASIS))
    ticket = FeedbackIntake(items=(PulledFeedback(an_item("9"), b"{}"),))
    await mirror.take(a_page(source=DESK, courses=(HEARD,), feedback=ticket))


async def test_courses_come_in_the_order_of_their_names(mirror: MirrorStore) -> None:
    await filled(mirror)
    evidence = evidence_beside(mirror)
    both = await evidence.named([SHOP], list(RecordKind))
    assert both == NamedCourses(pack([SHOP], [*OF_SHOP, HEARD]), (*NAMES, (DESK, "9")))


async def test_only_courses_of_the_areas_and_kinds_asked_are_told(mirror: MirrorStore) -> None:
    await filled(mirror)
    evidence = evidence_beside(mirror)
    issues = await evidence.named([PAY, SHOP], [RecordKind.BACKLOG])
    assert issues.names == (*NAMES[:2], (JIRA, "5"), *NAMES[2:])
    assert issues.courses == pack([PAY, SHOP], [*OF_SHOP[:2], OF_PAY, *OF_SHOP[2:]])
    assert (await evidence.named([PAY, SHOP], [RecordKind.FEEDBACK])).names == ((DESK, "9"),)
    assert await evidence.named([], list(RecordKind)) == NamedCourses(pack([], []), ())


async def test_courses_of_many_areas_are_one_statement(engine: AsyncEngine) -> None:
    evidence = evidence_beside(PostgresMirror(engine))
    with count_statements(engine) as statements:
        await evidence.named([AreaKey(f"area-{number}") for number in range(200)], list(RecordKind))
    assert len(statements) == 1
