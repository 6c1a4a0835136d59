"""Who owns an issue: everything that can be said of one besides what resolution says of its area."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from remit.domain.answers import IssueOwnership, Layer, Outcome, Ownership, Reason, Standing
from remit.domain.ids import ResponsibilityKey, SourceName
from remit.domain.intervals import instant_text
from remit.domain.people import OwnerRef
from remit.domain.records import Loss
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import A_MODEL, JIRA, NOW, AClock, a_desk, a_page, an_issue
from support.memory_mirror import MemoryMirror

BACKLOG = ResponsibilityKey("backlog_management")
DAY = timedelta(days=1)
PRESENT = Moment()
BASKETS = "  - {key: baskets, name: Baskets, kind: team, parent: shop, jira: [{project: SHOP, component: Basket}]}\n"
TWO_CLAIMS = A_MODEL.replace("assignments:", f"{BASKETS}assignments:")
AN_ISSUE_RULE = """
rules:
  - {area: shop, issue: {type: Story}, responsibility: backlog_management, lead: product_management}
"""


async def ask(desk: Desk, key: str, moment: Moment = PRESENT, *, of: ResponsibilityKey = BACKLOG) -> IssueOwnership:
    return (await issue_ownership(desk, await snapshot(desk, moment), [key], [of]))[key]


def only(answer: IssueOwnership) -> Ownership:
    (ownership,) = answer.ownership
    return ownership


def reasons(answer: IssueOwnership) -> Sequence[Reason]:
    return [candidate.reason for candidate in only(answer).trace]


def silent(answer: IssueOwnership) -> tuple[bool, str | None, Outcome, OwnerRef | None, tuple[object, ...]]:
    found = only(answer)
    assert (answer.area, found.area, found.lead) == (None, None, None)
    return answer.known, answer.current_key, found.outcome, found.accountable, found.holders


async def test_a_known_issue_is_answered_by_its_area() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1", components=("Checkout",))])
    answer = await ask(desk, "SHOP-1")
    found = only(answer)
    assert (answer.known, answer.current_key, answer.area) == (True, "SHOP-1", "checkout")
    assert (found.area, found.outcome, found.accountable and found.accountable.key) == (
        "checkout",
        Outcome.OWNED,
        "pat",
    )
    assert answer.freshness.data_as_of == NOW


async def test_a_key_that_is_not_here_is_unknown() -> None:
    answer = await ask(await a_desk(), "SHOP-404")
    assert silent(answer) == (False, None, Outcome.UNKNOWN, None, ())
    assert [c.message for c in only(answer).trace] == ["SHOP-404 is not in the mirror of any source."]
    assert answer.freshness.data_as_of == NOW


@pytest.mark.parametrize("key", ["", "\0", "\ud800", "x" * 10_000, "SHOP-1; DROP TABLE fact"])
async def test_a_key_that_cannot_be_one_is_unknown_too(key: str) -> None:
    assert silent(await ask(await a_desk(), key)) == (False, None, Outcome.UNKNOWN, None, ())


async def test_before_its_creation_an_issue_is_unknown_though_known_here() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1", created=NOW - DAY)])
    answer = await ask(desk, "SHOP-1", Moment(as_of=NOW - 2 * DAY))
    assert silent(answer) == (True, "SHOP-1", Outcome.UNKNOWN, None, ())
    assert reasons(answer) == [Reason.NOT_YET_CREATED]


async def test_from_the_instant_of_its_creation_an_issue_is_answered() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1", created=NOW - DAY, updated=NOW - DAY)])
    answer = await ask(desk, "SHOP-1", Moment(as_of=NOW - DAY))
    assert (answer.area, only(answer).outcome) == ("shop", Outcome.UNOWNED)


@pytest.mark.parametrize(
    ("how", "reason", "message"),
    [
        (Loss.DELETED, Reason.DELETED, "SHOP-1 is deleted since {}."),
        (Loss.NOT_VISIBLE, Reason.NOT_VISIBLE, "SHOP-1 is deleted or no longer visible to Remit's account since {}."),
        (Loss.LEFT_OUT, Reason.NOT_MIRRORED, "SHOP-1 is there, but no longer among those to be mirrored since {}."),
    ],
)
async def test_an_issue_that_is_gone_is_unknown_from_that_instant_and_answered_before(
    how: Loss, reason: Reason, message: str
) -> None:
    mirror = MemoryMirror()
    issue = an_issue("SHOP-1")
    desk = await a_desk(mirror=mirror, items=[issue])
    mirror.lose(JIRA, issue.id, NOW - DAY, how)
    gone = await ask(desk, "SHOP-1", Moment(as_of=NOW - DAY))
    assert silent(gone) == (True, "SHOP-1", Outcome.UNKNOWN, None, ())
    assert reasons(gone) == [reason]
    assert [one.message for one in only(gone).trace] == [message.format(instant_text(NOW - DAY))]
    before = await ask(desk, "SHOP-1", Moment(as_of=NOW - DAY - timedelta(seconds=1)))
    assert before.area == "shop"


@pytest.mark.parametrize("sources", [((JIRA, "jira"),), ()], ids=["configured", "configured no more"])
async def test_an_answer_older_than_the_limit_is_unknown(sources: tuple[tuple[SourceName, str], ...]) -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, items=[an_issue("SHOP-1")], unknown_after=7 * DAY, sources=sources)
    clock.goes_on(days=7)
    assert (await ask(desk, "SHOP-1")).area == "shop", "to the second it is not too old"
    clock.goes_on(seconds=1)
    answer = await ask(desk, "SHOP-1")
    assert silent(answer) == (True, "SHOP-1", Outcome.UNKNOWN, None, ())
    assert answer.freshness.degraded == ("jira",)
    assert [c.message for c in only(answer).trace] == [
        "jira was last read completely at 2026-11-23T12:00:00Z, too long ago to say."
    ]


async def test_an_earlier_instant_within_the_limit_is_still_answered() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, items=[an_issue("SHOP-1")], unknown_after=7 * DAY)
    clock.goes_on(days=30)
    assert (await ask(desk, "SHOP-1", Moment(as_of=NOW + DAY))).area == "shop"


async def test_a_later_instant_does_not_make_fresh_data_old() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1")], unknown_after=7 * DAY)
    assert (await ask(desk, "SHOP-1", Moment(as_of=NOW + 365 * DAY))).area == "shop"


async def test_what_a_synchronisation_never_finished_left_grows_too_old_as_well() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, items=[an_issue("SHOP-1")], synchronised=False, unknown_after=7 * DAY)
    clock.goes_on(days=7)
    assert (await ask(desk, "SHOP-1")).area == "shop"
    clock.goes_on(seconds=1)
    answer = await ask(desk, "SHOP-1")
    assert silent(answer) == (True, "SHOP-1", Outcome.UNKNOWN, None, ())
    assert [c.message for c in only(answer).trace] == [
        "jira was never read completely, and SHOP-1 was first read at 2026-11-23T12:00:00Z, too long ago to say."
    ]
    assert answer.freshness.data_as_of is None


async def test_an_issue_that_no_selector_matches_is_unmatched() -> None:
    answer = await ask(await a_desk(items=[an_issue("PAY-1")]), "PAY-1")
    found = only(answer)
    assert (answer.known, answer.area) == (True, None)
    assert found == Ownership(None, BACKLOG, Outcome.UNMATCHED, trace=found.trace)
    assert reasons(answer) == [Reason.NO_SELECTOR]


async def test_two_areas_of_equal_claim_are_a_conflict_at_their_nearest_common_ancestor() -> None:
    issue = an_issue("SHOP-1", components=("Checkout", "Basket"))
    answer = await ask(await a_desk(model=TWO_CLAIMS, items=[issue]), "SHOP-1")
    found = only(answer)
    assert answer.area is None
    assert found == Ownership(found.area, BACKLOG, Outcome.CONFLICT, trace=found.trace)
    assert found.area == "shop"
    tied = [(c.scope, c.verdict) for c in found.trace if c.reason is Reason.TIED]
    assert tied == [("baskets", Standing.REJECTED), ("checkout", Standing.REJECTED)]


async def test_a_moved_issue_answers_to_its_former_key_and_tells_the_present_one() -> None:
    issue = an_issue("OLD-1")
    desk = await a_desk(items=[issue])
    await desk.mirror.take(a_page(replace(issue, key="SHOP-1", project="SHOP", updated=NOW)))
    for key in ("OLD-1", "SHOP-1"):
        answer = await ask(desk, key)
        assert (answer.issue_key, answer.known, answer.current_key, answer.area) == (key, True, "SHOP-1", "shop")


async def test_a_child_belongs_to_its_epic_by_either_key_after_a_move() -> None:
    model = A_MODEL.replace("{project: SHOP, component: Checkout}", "{epic: %s}")
    epic = an_issue("OLD-1", type="Epic")
    moved = replace(epic, key="NEW-1", project="NEW", updated=NOW)
    for named in ("OLD-1", "NEW-1"):
        desk = await a_desk(model=model % named, items=[epic, an_issue("SHOP-2", parent="OLD-1")])
        await desk.mirror.take(a_page(moved))
        assert (await ask(desk, "SHOP-2")).area == "checkout"


async def test_a_rule_on_issues_decides_though_the_area_has_a_kept_answer() -> None:
    items = [an_issue("SHOP-1", type="Story"), an_issue("SHOP-2", type="Bug")]
    desk = await a_desk(model=A_MODEL + AN_ISSUE_RULE, items=items)
    plain, ruled = await ask(desk, "SHOP-2"), await ask(desk, "SHOP-1")
    assert [only(plain).outcome, only(ruled).outcome] == [Outcome.UNOWNED, Outcome.OWNED]
    chosen = [c.layer for c in only(ruled).trace if c.verdict is Standing.CHOSEN]
    assert Layer.ISSUE_RULE in chosen


async def test_a_responsibility_that_is_not_in_the_model_is_unknown_and_echoed() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1"), an_issue("PAY-1")])
    for key in ("SHOP-1", "PAY-1"):
        found = only(await ask(desk, key, of=ResponsibilityKey("juggling")))
        assert (found.responsibility, found.outcome, found.accountable) == ("juggling", Outcome.UNKNOWN, None)
        assert found.trace[-1].reason is Reason.UNKNOWN_RESPONSIBILITY


async def test_an_earlier_instant_is_answered_from_the_earliest_recorded_state_and_says_so() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1", updated=NOW - DAY)])
    answer = await ask(desk, "SHOP-1", Moment(as_of=NOW - 2 * DAY))
    assert answer.area == "shop"
    assert reasons(answer)[0] is Reason.EARLIEST_KNOWN_STATE
    assert Reason.EARLIEST_KNOWN_STATE not in reasons(await ask(desk, "SHOP-1"))


async def test_an_earlier_belief_is_answered_from_the_earliest_recorded_state_and_says_so() -> None:
    clock = AClock()
    issue = an_issue("SHOP-1")
    desk = await a_desk(clock=clock, items=[issue])
    clock.goes_on(days=2)
    await desk.mirror.take(a_page(replace(issue, updated=NOW + DAY), at=clock()))
    answer = await ask(desk, "SHOP-1", Moment(known_at=NOW))
    assert reasons(answer)[0] is Reason.EARLIEST_KNOWN_STATE


async def test_what_had_not_been_read_by_then_was_not_known_then() -> None:
    clock = AClock()
    desk = await a_desk(clock=clock, items=[an_issue("SHOP-1")])
    answer = await ask(desk, "SHOP-1", Moment(known_at=NOW - timedelta(seconds=1)))
    assert silent(answer) == (False, None, Outcome.UNKNOWN, None, ())
    assert [c.message for c in only(answer).trace] == ["SHOP-1 was in no source's mirror by 2026-11-23T11:59:59Z."]
    assert (await ask(desk, "SHOP-1", Moment(known_at=NOW))).known


async def test_many_keys_are_answered_each_once_in_their_order() -> None:
    desk = await a_desk(items=[an_issue("SHOP-1"), an_issue("SHOP-2")])
    snap = await snapshot(desk, Moment())
    answers = await issue_ownership(desk, snap, ["SHOP-2", "SHOP-404", "SHOP-1", "SHOP-2"])
    assert list(answers) == ["SHOP-2", "SHOP-404", "SHOP-1"]
    assert {len(answer.ownership) for answer in answers.values()} == {len(snap.model.responsibilities)}
