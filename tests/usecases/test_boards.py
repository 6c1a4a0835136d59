"""Boards of one process that are asked together and at once tell what each would tell alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.courses import Courses, pack
from remit.domain.evidence import Course
from remit.domain.ids import AreaKey
from remit.resolution.signals.board import Board
from remit.resolution.signals.exchanging import only
from remit.resolution.signals.measuring import Terms
from remit.resolution.signals.windows import windows
from remit.usecases.boards import Boards, KeptBoard
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import measure_areas
from remit.usecases.measurements import Measurement, Question
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.courses import a_course, courses
from support.desks import JIRA, NOW, AClock, a_desk, an_issue, pulled

ACME, SHOP, CHECKOUT = map(AreaKey, ("acme", "shop", "checkout"))
AREAS = (ACME, SHOP, CHECKOUT)
SPANS = windows(NOW, UTC)


async def told(desk: Desk, *asked: Question) -> Mapping[Question, tuple[Measurement, ...]] | None:
    return await measure_areas(desk, await snapshot(desk, Moment()), asked)


async def comes(desk: Desk, number: int, *components: str) -> None:
    issue = an_issue(f"SHOP-{number}", components=components, created=NOW - timedelta(days=1))
    await take_records(desk, JIRA, Page((pulled(issue),)))


async def test_boards_that_are_late_with_different_areas_each_take_their_own() -> None:
    desk = await a_desk()
    acme, checkout, shop_below = Question(ACME), Question(CHECKOUT), Question(SHOP, with_below=True)
    await told(desk, acme, checkout)
    await told(desk, shop_below)
    await comes(desk, 1, "Checkout")
    await told(desk, shop_below)  # now this board has it, and the other one is late
    await told(desk, acme)
    await comes(desk, 2)
    anew = replace(desk, boards=Boards())
    assert await told(desk, acme, shop_below) == await told(anew, acme, shop_below)
    assert await told(desk, checkout) == await told(anew, checkout)


async def test_what_was_not_asked_about_is_late_until_somebody_asks_about_it() -> None:
    desk = await a_desk()
    shop, checkout, below = Question(SHOP), Question(CHECKOUT), Question(ACME, with_below=True)
    await told(desk, below)
    await comes(desk, 1, "Checkout")
    await comes(desk, 2)
    anew = await told(replace(desk, boards=Boards()), shop, checkout, below)
    for question in (checkout, shop, below):
        (kept,) = (await told(desk, question) or {}).values()
        assert anew is not None
        assert kept == anew[question]


async def test_whoever_read_earlier_and_comes_later_takes_no_board_back() -> None:
    model = (await snapshot(await a_desk(), Moment())).model
    shop = Question(SHOP)
    board = KeptBoard(
        (model.tree, SPANS[1:]),
        model,
        Board(model, Courses(AREAS), SPANS, Terms(), is_present=True),
        dict.fromkeys(AREAS, 0),
        records=0,
    )

    def arrivals(mark: int, *records: Course) -> float | None:
        now = pack([SHOP], records) if records else Courses(())
        (found,) = [one for one in board.told([shop], now, {SHOP: mark}, SPANS[0])[shop] if one.kind.name == "arrivals"]
        return found.reading.value

    first, second = a_course(SHOP, created=-2), a_course(SHOP, created=-1)
    assert arrivals(2, first, second) == 2
    assert arrivals(1, first) == 2
    assert board.stale({SHOP: 2}) == board.stale({SHOP: 1}) == []
    assert arrivals(2) == 2


@given(st.lists(courses(AREAS), max_size=12), st.sets(st.sampled_from(AREAS)))
def test_courses_of_some_areas_say_nothing_of_others(records: list[Course], asked: set[AreaKey]) -> None:
    some = [area for area in AREAS if area in asked]
    assert only(pack(AREAS, records), asked) == pack(some, [one for one in records if one.area in asked])


async def test_a_new_day_leaves_no_board_of_the_day_before() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    shop, acme = Question(SHOP), Question(ACME)
    for days in (28, 7):
        await measure_areas(desk, await snapshot(desk, Moment()), [shop], days=days)
    clock.goes_on(days=1)
    await told(desk, acme)
    assert sorted(board.covers(shop) for board in desk.boards._kept.values()) == [False, True]  # that of 7 days stays
    await told(desk, shop)
    assert len(desk.boards._kept) == 3
