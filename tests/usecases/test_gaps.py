"""Gaps, coverage and the lint of selectors as every door asks for them: of the model and of the mirrored issues."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import NotFound
from remit.domain.findings import SelectorFault
from remit.domain.gaps import Gap, GapKind, Share
from remit.domain.ids import AreaKey
from remit.domain.records import Reference
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.apply_model import apply
from remit.usecases.ask_gaps import GapQuestion, area_coverage, findings, gaps, not_told, selector_lint
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, Snapshot, snapshot
from support.counting import count_statements
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, an_issue
from support.findings import brief

ISSUES = (
    an_issue("SHOP-1", components=("Checkout",), assignee="a-1", reporter="a-2"),
    an_issue("OLD-1", components=("Till",), assignee="a-1"),
    an_issue("OLD-2"),
)
REVIEWED = """
agreements:
  - {area: shop, responsibility: leadership, lead: product_management, review: 2026-11-23}
"""


async def now(desk: Desk) -> Snapshot:
    return await snapshot(desk, Moment())


async def found(desk: Desk, *kinds: GapKind, under: str | None = None, at: Snapshot | None = None) -> Sequence[Gap]:
    """The gaps of these kinds, or of all, now or at another moment."""
    question = GapQuestion(frozenset(kinds or GapKind), AreaKey(under) if under is not None else None)
    return (await gaps(desk, at or await now(desk), [question]))[question].found


async def told(desk: Desk, *kinds: GapKind, under: str | None = None) -> list[str]:
    return [brief(gap) for gap in await found(desk, *kinds, under=under)]


async def shares(desk: Desk, under: str | None = None) -> list[tuple[str, Share]]:
    area = AreaKey(under) if under is not None else None
    return [(one.area, one.share) for one in (await area_coverage(desk, await now(desk), [area]))[area]]


async def test_gaps_are_those_of_the_model_and_of_the_issues_together() -> None:
    desk = await a_desk(items=ISSUES)
    lines = await told(desk)
    assert {line.split()[0] for line in lines} == {
        "UNOWNED",
        "BLURRY_WITHOUT_AGREEMENT",
        "UNMATCHED_ISSUES",
        "UNMAPPED_IDENTITY",
    }
    assert [line for line in lines if line.startswith("UNM")] == [
        "UNMATCHED_ISSUES None 2",
        "UNMAPPED_IDENTITY None 2",
        "UNMAPPED_IDENTITY None 1",
    ]


async def test_kinds_and_a_subtree_can_be_asked_for() -> None:
    desk = await a_desk(items=ISSUES)
    assert await told(desk, GapKind.UNMATCHED_ISSUES) == ["UNMATCHED_ISSUES None 2"]
    assert await told(desk, GapKind.UNMATCHED_ISSUES, under="acme") == ["UNMATCHED_ISSUES None 2"]
    assert await told(desk, GapKind.UNMATCHED_ISSUES, GapKind.UNMAPPED_IDENTITY, under="shop") == []
    assert (
        await told(desk, GapKind.BLURRY_WITHOUT_AGREEMENT, under="checkout")
        == ["BLURRY_WITHOUT_AGREEMENT checkout 1"] * 4
    )
    assert await told(desk, GapKind.DRIFT, GapKind.OVERLOADED_OWNER) == []


async def test_an_area_the_model_does_not_have_is_not_found() -> None:
    desk = await a_desk()
    with pytest.raises(NotFound, match="there is no area 'nowhere'"):
        await told(desk, under="nowhere")
    with pytest.raises(NotFound, match="there is no area 'nowhere'"):
        await shares(desk, "nowhere")


async def test_without_a_model_only_issues_have_gaps() -> None:
    desk = await a_desk(model=None, items=ISSUES)
    assert await told(desk, GapKind.UNMATCHED_ISSUES, GapKind.UNOWNED) == [
        "UNMATCHED_ISSUES None 2",
        "UNMATCHED_ISSUES None 1",
    ]
    assert await shares(desk) == []
    assert await selector_lint(desk, await now(desk)) == ()


async def test_issues_that_two_areas_claim_alike_are_a_conflict_where_both_are() -> None:
    twins = A_MODEL.replace(
        "assignments:", "  - {key: till, name: Till, kind: team, parent: shop, jira: [{component: Till}]}\nassignments:"
    ).replace("jira: [{project: SHOP, component: Checkout}]", "jira: [{component: [Till, Checkout]}]")
    desk = await a_desk(model=twins, items=ISSUES)
    assert await told(desk, GapKind.CONFLICT) == ["CONFLICT shop 1"]


async def test_an_account_somebody_has_is_no_gap() -> None:
    model = A_MODEL.replace("{key: ana, name: Ana,", "{key: ana, name: Ana, identities: {jira: a-1},")
    desk = await a_desk(model=model, items=ISSUES)
    await desk.mirror.refer(JIRA, [Reference(JIRA, "user", "a-2", "Zoe Lane", b"{}")])
    (gap,) = await found(desk, GapKind.UNMAPPED_IDENTITY)
    assert (gap.subject, gap.count, "(Zoe Lane)" in gap.message) == ("jira a-2", 1, True)


@pytest.mark.parametrize(
    ("zone", "is_due"), [("UTC", False), ("Pacific/Kiritimati", True), ("America/Los_Angeles", False)]
)
async def test_a_review_is_due_when_its_day_is_over_where_the_organisation_is(zone: str, is_due: bool) -> None:
    clock = AClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    desk = await a_desk(clock=clock, model=A_MODEL.replace("timezone: UTC", f"timezone: {zone}") + REVIEWED)
    clock.now = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert (await told(desk, GapKind.AGREEMENT_REVIEW_DUE) != []) is is_due


async def test_a_row_that_is_taken_away_is_told_as_ended_until_somebody_follows() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    without = A_MODEL.rpartition("  - {area: checkout")[0]
    await apply(desk, without, actor="test", reason="left")
    (first, *_) = await found(desk, GapKind.EXPIRED_ASSIGNMENT)
    assert (brief(first), "to pat ended at 2026-11-24T12:00:00Z" in first.message) == (
        "EXPIRED_ASSIGNMENT checkout pat 1",
        True,
    )
    clock.goes_on(days=364)
    assert await told(desk, GapKind.EXPIRED_ASSIGNMENT) != []
    clock.goes_on(days=1)
    assert await told(desk, GapKind.EXPIRED_ASSIGNMENT) == []


async def test_an_earlier_moment_has_the_gaps_of_its_time() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    await apply(desk, A_MODEL.rpartition("  - {area: checkout")[0], actor="test", reason="left")
    then = await snapshot(desk, Moment(as_of=NOW + timedelta(hours=1)))
    assert await found(desk, GapKind.EXPIRED_ASSIGNMENT, at=then) == ()
    assert await told(desk, GapKind.EXPIRED_ASSIGNMENT) != []


async def test_at_a_past_moment_no_gap_is_told_of_what_the_sources_say_today() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, items=ISSUES)
    clock.goes_on(days=1)
    for moment in (Moment(as_of=NOW), Moment(known_at=NOW), Moment(NOW, NOW)):
        then = await snapshot(desk, moment)
        measured = (GapKind.OVERLOADED_OWNER, GapKind.DRIFT) if moment.known_at is not None else ()
        of_records = (GapKind.UNMATCHED_ISSUES, GapKind.UNMATCHED_FEEDBACK, GapKind.UNMAPPED_IDENTITY)
        records = (GapKind.CONFLICT, *of_records)
        assert not_told(then, GapKind) == (*records, *measured)
        assert not_told(then, [GapKind.UNMAPPED_IDENTITY, GapKind.UNOWNED]) == (GapKind.UNMAPPED_IDENTITY,)
        assert {gap.kind for gap in await found(desk, at=then)} == {GapKind.UNOWNED, GapKind.BLURRY_WITHOUT_AGREEMENT}


async def test_of_now_and_later_every_gap_is_told() -> None:
    desk = await a_desk(items=ISSUES)
    for moment in (Moment(), Moment(as_of=NOW + timedelta(days=9)), Moment(known_at=NOW)):
        snap = await snapshot(desk, moment)
        assert not_told(snap, GapKind) == ()
        assert GapKind.UNMATCHED_ISSUES in {gap.kind for gap in await found(desk, at=snap)}


async def test_coverage_is_that_of_the_moment() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    await apply(desk, A_MODEL.rpartition("  - {area: checkout")[0], actor="test", reason="left")
    before = await snapshot(desk, Moment(known_at=NOW))
    assert (await area_coverage(desk, before, [AreaKey("checkout")]))[AreaKey("checkout")][0].share == Share(17, 13)
    assert await shares(desk, "checkout") == [("checkout", Share(17, 7))]


async def test_findings_are_made_once_for_a_model_and_a_day() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    first = await findings(desk, await now(desk))
    clock.goes_on(hours=11)
    assert await findings(desk, await now(desk)) is first
    clock.goes_on(hours=1)
    assert await findings(desk, await now(desk)) is not first


async def test_coverage_is_of_an_area_and_of_those_right_below_it() -> None:
    desk = await a_desk()
    assert await shares(desk) == [("acme", Share(51, 20)), ("shop", Share(34, 20))]
    assert await shares(desk, "shop") == [("shop", Share(34, 20)), ("checkout", Share(17, 13))]


async def test_the_lint_knows_the_names_that_are_in_use() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1", components=("checkout",))])
    faults = await selector_lint(desk, await now(desk))
    assert [(one.area, one.fault) for one in faults] == [
        ("checkout", SelectorFault.NEVER_MATCHES),
        ("checkout", SelectorFault.NEAR_MISS),
    ]


@pytest.fixture
async def stored(engine: AsyncEngine) -> Desk:
    """In PostgreSQL, read once before."""
    desk = await a_desk(items=ISSUES, models=PostgresModels(engine), mirror=PostgresMirror(engine))
    await now(desk)
    return desk


HEAD_AND_SOURCES, TALLIES, FEEDBACK, ACCOUNTS, NAMES = 2, 1, 1, 1, 1


@pytest.mark.parametrize(
    ("kinds", "cost"),
    [
        (list(GapKind), HEAD_AND_SOURCES + TALLIES + FEEDBACK + ACCOUNTS),
        ([GapKind.UNOWNED, GapKind.EXPIRED_ASSIGNMENT], HEAD_AND_SOURCES),
        ([GapKind.CONFLICT, GapKind.UNMATCHED_ISSUES], HEAD_AND_SOURCES + TALLIES),
        ([GapKind.UNMATCHED_FEEDBACK], HEAD_AND_SOURCES + FEEDBACK),
        ([GapKind.UNMAPPED_IDENTITY], HEAD_AND_SOURCES + ACCOUNTS),
    ],
)
async def test_gaps_read_no_more_than_their_kinds_need(
    stored: Desk, engine: AsyncEngine, kinds: list[GapKind], cost: int
) -> None:
    with count_statements(engine) as statements:
        await found(stored, *kinds)
    assert len(statements) == cost


async def test_many_questions_are_answered_from_one_reading(stored: Desk, engine: AsyncEngine) -> None:
    questions = [GapQuestion(frozenset({kind}), area) for kind in GapKind for area in (None, AreaKey("shop"))]
    with count_statements(engine) as statements:
        answers = await gaps(stored, await now(stored), questions)
    assert list(answers) == questions
    assert len(statements) == HEAD_AND_SOURCES + TALLIES + FEEDBACK + ACCOUNTS


async def test_coverage_reads_the_model_alone_and_the_lint_the_names(stored: Desk, engine: AsyncEngine) -> None:
    with count_statements(engine) as statements:
        await area_coverage(stored, await now(stored), [None, AreaKey("shop")])
    assert len(statements) == HEAD_AND_SOURCES
    with count_statements(engine) as statements:
        await selector_lint(stored, await now(stored))
    assert len(statements) == HEAD_AND_SOURCES + NAMES
