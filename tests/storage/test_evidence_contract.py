"""What every store of evidence promises, in memory and in PostgreSQL."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.courses import NEVER, Moving, pack
from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.feedback import PulledFeedback
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Window
from remit.domain.records import BacklogEvent, BacklogItem, Gone, Reference, SeenEvent, StatusCategory
from remit.domain.tallies import Tally
from remit.ports import Basis, EvidenceStore, FeedbackIntake, MirrorStore
from remit.ports.evidence import OUTDATED
from remit.storage.evidence import PostgresEvidence
from remit.storage.mirror import PostgresMirror
from support.counting import count_statements
from support.desks import JIRA, NOW, a_page, an_issue
from support.feedback import as_request
from support.memory_evidence import MemoryEvidence
from support.memory_mirror import MemoryMirror

DAY = timedelta(days=1)
SHOP, PAY = AreaKey("shop"), AreaKey("pay")
BASIS = Basis("statuses-1", "selectors-1")
ISSUE = an_issue("SHOP-1")
WAITING = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")


@dataclass(frozen=True, slots=True)
class Stores:
    mirror: MirrorStore
    evidence: EvidenceStore


def a_course(item: BacklogItem = ISSUE, **said: Any) -> Course:
    course = Course(
        JIRA,
        item.id,
        RecordKind.BACKLOG,
        SHOP,
        item.created,
        item.updated,
        ((item.created + DAY, Phase.UNDER_WAY), (item.created + 2 * DAY, Phase.DONE)),
        item.created + DAY,
        has_history=True,
    )
    return replace(course, **said)


def an_event(item: BacklogItem, change: str, at: datetime = NOW - DAY, **said: Any) -> BacklogEvent:
    event = BacklogEvent(JIRA, item.id, change, 0, at, "Status", "ana", "status", "1", "Open", "2", "Doing")
    return replace(event, **said)


async def take(stores: Stores, *courses: Course, items: Sequence[BacklogItem] = (ISSUE,), **said: Any) -> None:
    await stores.mirror.take(a_page(*items, courses=courses, basis=BASIS, **said))
    await stores.mirror.attempted(JIRA, NOW, None)


class EvidenceContract:
    async def test_returns_the_courses_of_the_areas_asked(self, stores: Stores) -> None:
        other = an_issue("PAY-1")
        undone = a_course(other, area=PAY, steps=(), touched_at=None, has_history=False, is_dated=False)
        await take(stores, a_course(), undone, items=[ISSUE, other])
        assert await stores.evidence.courses([SHOP]) == pack([SHOP], [a_course()])
        assert await stores.evidence.courses([PAY, AreaKey("none")]) == pack([PAY, AreaKey("none")], [undone])
        assert len(await stores.evidence.courses([])) == 0

    @pytest.mark.parametrize("year", [1900, 1970, 2026, 2106, 2500])
    async def test_every_microsecond_of_an_instant_is_kept(self, stores: Stores, year: int) -> None:
        odd = datetime(year, 7, 3, 4, 5, 6, 123457, tzinfo=UTC)
        course = a_course(created=odd, updated=odd, steps=((odd, Phase.DONE),), touched_at=odd, gone_at=odd)
        await take(stores, course)
        assert await stores.evidence.courses([SHOP]) == pack([SHOP], [course])

    async def test_what_belongs_to_no_area_is_kept_and_counted_nowhere(self, stores: Stores) -> None:
        await take(stores, a_course(area=None))
        assert len(await stores.evidence.courses([SHOP])) == 0

    async def test_the_newest_version_of_a_record_stays(self, stores: Stores) -> None:
        newer = a_course(updated=ISSUE.updated + DAY, steps=())
        await take(stores, newer)
        await take(stores, a_course())
        assert await stores.evidence.courses([SHOP]) == pack([SHOP], [newer])

    async def test_what_is_lost_is_gone_since_it_was_first_told(self, stores: Stores) -> None:
        await take(stores, a_course())
        for at in (NOW, NOW + DAY):
            await take(stores, items=[], gone=(Gone(JIRA, ISSUE.id, at),))
        assert await stores.evidence.courses([SHOP]) == pack([SHOP], [a_course(gone_at=NOW)])

    async def test_what_comes_back_is_not_gone(self, stores: Stores) -> None:
        await take(stores, a_course())
        await take(stores, items=[], gone=(Gone(JIRA, ISSUE.id, NOW),))
        await take(stores, a_course(), asked_at=NOW + DAY)
        assert await stores.evidence.courses([SHOP]) == pack([SHOP], [a_course()])

    async def test_tells_all_changes_of_items_and_when_each_was_read(self, stores: Stores) -> None:
        first, second = an_event(ISSUE, "1", NOW - 3 * DAY), an_event(ISSUE, "2")
        await take(stores, events=(second,))
        await take(stores, events=(first, second), at=NOW + DAY)
        assert await stores.evidence.changes(JIRA, [ISSUE.id, "404"]) == {
            ISSUE.id: (SeenEvent(first, NOW + DAY), SeenEvent(second, NOW))
        }
        assert await stores.evidence.changes(SourceName("other"), [ISSUE.id]) == {}

    async def test_tells_the_statuses_of_a_source_with_their_categories(self, stores: Stores) -> None:
        told = [
            Reference(JIRA, "status", "1", "Open", b"{}", category=StatusCategory.NEW),
            Reference(JIRA, "status", "2", "Odd", b"{}"),
        ]
        await stores.mirror.refer(JIRA, [*told, Reference(JIRA, "project", "3", "Shop", b"{}")])
        assert list(await stores.evidence.statuses(JIRA)) == told

    async def test_a_source_rests_on_what_its_first_page_rests_on(self, stores: Stores) -> None:
        assert await stores.evidence.basis() == {}
        await take(stores, a_course())
        await take(stores, a_course())
        assert await stores.evidence.basis() == {JIRA: BASIS}

    async def test_a_page_that_rests_on_something_else_leaves_its_part_of_the_basis_open(self, stores: Stores) -> None:
        await take(stores, a_course())
        await stores.mirror.take(a_page(ISSUE, basis=replace(BASIS, selectors="selectors-2")))
        assert await stores.evidence.basis() == {JIRA: Basis("statuses-1", OUTDATED)}
        await stores.evidence.settle(JIRA, BASIS)
        assert await stores.evidence.basis() == {JIRA: BASIS}

    async def test_items_that_were_there_before_there_was_evidence_rest_on_nothing(self, stores: Stores) -> None:
        await stores.mirror.take(a_page(ISSUE))
        await take(stores, a_course(an_issue("SHOP-2")), items=[an_issue("SHOP-2")])
        assert await stores.evidence.basis() == {JIRA: Basis("", "")}

    async def test_tells_items_with_their_histories_in_the_order_of_their_ids(self, stores: Stores) -> None:
        items = [an_issue(f"SHOP-{n}", id=str(n)) for n in (1, 2, 3)]
        event = an_event(items[1], "1")
        await take(stores, items=items, events=(event,))
        await take(stores, items=[], gone=(Gone(JIRA, "3", NOW),))
        found = await stores.evidence.after(JIRA, "1", 2)
        assert [(history.item, [seen.event for seen in history.events], gone) for history, gone in found] == [
            (items[1], [event], None),
            (items[2], [], NOW),
        ]
        assert len(await stores.evidence.after(JIRA, "", 2)) == 2
        assert await stores.evidence.after(JIRA, "3", 2) == ()

    async def test_courses_computed_anew_stay_where_they_are(self, stores: Stores) -> None:
        other = an_issue("SHOP-2")
        await take(stores, a_course(), items=[ISSUE, other])
        anew = a_course(area=None, steps=())
        await stores.evidence.rewrite([anew, a_course(other, area=None)])
        assert await stores.evidence.courses([SHOP]) == pack([SHOP], [replace(anew, area=SHOP)])

    async def test_items_alike_are_placed_together_whatever_they_are_below(self, stores: Stores) -> None:
        epic = an_issue("SHOP-1", type="Epic")
        below = [an_issue("SHOP-2", parent="SHOP-1"), an_issue("SHOP-3", parent="SHOP-2", labels=("b", "a"))]
        items = [epic, *below, an_issue("SHOP-4"), an_issue("SHOP-5", category=StatusCategory.DONE)]
        await take(stores, *(a_course(item, area=None) for item in items), items=items)
        marks = await stores.mirror.watermarks([SHOP])
        alike = await stores.evidence.alike(["SHOP-1"])
        plain = Tally(JIRA, "SHOP", "Bug", (), (), (), (), 2)
        assert set(alike) == {
            replace(plain, type="Epic", epics=("SHOP-1",), count=1),
            replace(plain, epics=("SHOP-1",), count=1),
            replace(plain, epics=("SHOP-1",), labels=("b", "a"), count=1),
            plain,
        }
        await stores.evidence.place(["SHOP-1"], {one: SHOP if one.epics else None for one in alike})
        assert len(await stores.evidence.courses([SHOP])) == 3
        assert await stores.mirror.watermarks([SHOP]) != marks
        await stores.evidence.place(["SHOP-1"], dict.fromkeys(alike, PAY))
        assert (len(await stores.evidence.courses([SHOP])), len(await stores.evidence.courses([PAY]))) == (0, 5)

    async def test_tells_what_placing_would_move_and_moves_nothing(self, stores: Stores) -> None:
        bugs, epic, request = (
            [an_issue(f"SHOP-{n}") for n in (1, 2)],
            an_issue("SHOP-3", type="Epic"),
            an_issue("SHOP-4"),
        )
        kept, moved = (a_course(item, created=NOW - days * DAY) for item, days in zip(bugs, (3, 2), strict=True))
        gone = a_course(epic, area=PAY, steps=(), touched_at=None)
        items = [*bugs, epic, request]
        said = FeedbackIntake((PulledFeedback(as_request(request), b"{}"),))
        await take(
            stores, kept, replace(moved, area=None), gone, a_course(request, area=None), items=items, feedback=said
        )
        alike = await stores.evidence.alike(["SHOP-3"])
        areas = {one: SHOP if one.type == "Bug" else None for one in alike}
        assert await stores.evidence.moving(["SHOP-3"], areas, [SHOP, PAY]) == Moving(
            pack([SHOP, PAY], [gone]), pack([SHOP, PAY], [moved])
        )
        assert await stores.evidence.moving(["SHOP-3"], areas, [PAY]) == Moving(pack([PAY], [gone]), pack([PAY], []))
        assert await stores.evidence.moving(["SHOP-3"], {}, [SHOP, PAY]) == Moving(
            pack([SHOP, PAY], []), pack([SHOP, PAY], [])
        )
        assert await stores.evidence.courses([SHOP, PAY]) == pack([SHOP, PAY], [kept, gone])

    async def test_tells_whether_anything_is_below_a_key(self, stores: Stores) -> None:
        await take(stores, items=[an_issue("SHOP-2", parent="SHOP-1")])
        assert await stores.evidence.are_parents(JIRA, ["SHOP-1", "SHOP-9"])
        assert not await stores.evidence.are_parents(JIRA, ["SHOP-2"])
        assert not await stores.evidence.are_parents(SourceName("other"), ["SHOP-1"])


class TestInMemory(EvidenceContract):
    @pytest.fixture
    def stores(self) -> Stores:
        mirror = MemoryMirror()
        return Stores(mirror, MemoryEvidence(mirror))


class TestInPostgres(EvidenceContract):
    @pytest.fixture
    def stores(self, engine: AsyncEngine) -> Stores:
        return Stores(PostgresMirror(engine), PostgresEvidence(engine))

    async def test_courses_and_acts_of_many_areas_are_one_statement_each(
        self, stores: Stores, engine: AsyncEngine
    ) -> None:
        areas = [AreaKey(f"area-{n}") for n in range(200)]
        with count_statements(engine) as statements:
            await stores.evidence.courses(areas)
            await stores.evidence.acts(areas, Window(NOW - DAY, NOW))
        assert len(statements) == 2

    async def test_pages_taken_in_while_records_are_placed_wait_for_each_other_in_no_ring(
        self, stores: Stores, engine: AsyncEngine
    ) -> None:
        items = [an_issue(f"SHOP-{n}", id=str(n)) for n in (1, 2)]
        await take(stores, *(a_course(item, area=None) for item in items), items=items)
        alike = await stores.evidence.alike([])
        async with engine.connect() as page, page.begin():
            await page.execute(text("UPDATE evidence SET gone_at = now() WHERE id = '2'"))
            placing = asyncio.create_task(asyncio.wait_for(stores.evidence.place([], dict.fromkeys(alike, PAY)), 30))
            async with asyncio.timeout(30):
                waits = False
                while not waits:
                    await asyncio.sleep(0.01)
                    waits = (await page.execute(WAITING)).scalar_one()
            await page.execute(text("UPDATE evidence SET gone_at = now() WHERE id = '1'"))
        await placing
        courses = await stores.evidence.courses([PAY])
        assert (len(courses), NEVER in courses.gone) == (2, False)
