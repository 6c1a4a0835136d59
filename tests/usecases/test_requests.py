"""A request of a service project is an issue and feedback at once: it has an owner, and counts once, as feedback."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.answers import Outcome
from remit.domain.courses import micros
from remit.domain.feedback import PulledFeedback
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.load import Window
from remit.domain.records import BacklogEvent, BacklogItem, Gone
from remit.ports import Basis, MirrorStore
from remit.storage.mirror import PostgresMirror
from remit.usecases.apply_model import apply
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.desk import Desk
from remit.usecases.measure_areas import is_settled
from remit.usecases.settle_evidence import settle_evidence
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, Taken, take_records
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled
from support.feedback import an_act, as_request
from support.memory_mirror import MemoryMirror

DAY = timedelta(days=1)
SHOP, HELP = AreaKey("shop"), AreaKey("help")
MODEL = A_MODEL.replace(
    "assignments:",
    "  - {key: help, name: Help, kind: team, parent: acme, feedback: [{source: jira, types: [Support]}]}\nassignments:",
)
REQUEST = an_issue("SHOP-1", type="Support", updated=NOW - DAY)


@pytest.fixture(params=["memory", "postgres"])
def mirror(request: pytest.FixtureRequest) -> MirrorStore:
    if request.param == "memory":
        return MemoryMirror()
    engine: AsyncEngine = request.getfixturevalue("engine")
    return PostgresMirror(engine)


@pytest.fixture
async def desk(mirror: MirrorStore) -> Desk:
    return await a_desk(model=MODEL, mirror=mirror)


async def take(desk: Desk, issue: BacklogItem, *, is_request: bool = True, **said: object) -> Taken:
    feedback = (PulledFeedback(as_request(issue), b"{}"),) if is_request else ()
    return await take_records(desk, JIRA, Page((pulled(issue),), feedback=feedback, **said))


async def counted(desk: Desk) -> list[tuple[AreaKey, bool]]:
    """Of each record that counts: where, and whether as feedback."""
    courses = await desk.evidence.courses([SHOP, HELP])
    rows = zip(courses.area, courses.is_feedback, courses.created, courses.gone, strict=True)
    return [(courses.areas[area], bool(is_feedback)) for area, is_feedback, came, gone in rows if gone > came]


async def marks(desk: Desk) -> tuple[int, int]:
    found = await desk.mirror.watermarks([SHOP, HELP])
    return found.get(SHOP, 0), found.get(HELP, 0)


async def settled(desk: Desk) -> bool:
    return await settle_evidence(desk, (await snapshot(desk, Moment())).model)


async def test_it_counts_as_feedback_and_its_key_has_an_owner(desk: Desk) -> None:
    assert await take(desk, REQUEST) == Taken(1, 1)
    assert await counted(desk) == [(HELP, True)]
    assert not await settled(desk)
    responsibilities = [ResponsibilityKey("vision_and_strategy")]
    (answer,) = (await issue_ownership(desk, await snapshot(desk, Moment()), ["SHOP-1"], responsibilities)).values()
    assert (answer.area, [one.outcome for one in answer.ownership]) == (SHOP, [Outcome.OWNED])


async def test_what_is_done_with_it_is_no_work_on_the_backlog(desk: Desk) -> None:
    change = BacklogEvent(JIRA, REQUEST.id, "1", 0, NOW - DAY, "status", "agent", to_text="Doing")
    act = replace(an_act(REQUEST.id, at=NOW - DAY, id_="1"), source=JIRA, author="agent")
    await take(desk, REQUEST, events=(change,), acts=(act,))
    told = await desk.evidence.acts([SHOP, HELP], Window(NOW - 2 * DAY, NOW))
    assert [(one.area, one.trace) for one in told] == [(HELP, "feedback triaged")]


async def test_an_issue_whose_type_is_named_later_turns_into_a_request(desk: Desk) -> None:
    await take(desk, REQUEST, is_request=False)
    assert await counted(desk) == [(SHOP, False)]
    before = await marks(desk)
    await take(desk, REQUEST)
    assert await counted(desk) == [(HELP, True)]
    assert await marks(desk) == (before[0] + 1, before[1] + 1)
    await take(desk, REQUEST)
    assert await marks(desk) == (before[0] + 1, before[1] + 1)


async def test_a_request_that_is_none_any_more_counts_as_an_issue_as_if_it_never_was_one(desk: Desk) -> None:
    await take(desk, REQUEST)
    before = await marks(desk)
    assert await take(desk, REQUEST, is_request=False) == Taken(1, 0)
    assert await counted(desk) == [(SHOP, False)]
    assert await marks(desk) == (before[0] + 1, before[1] + 1)
    await take(desk, replace(REQUEST, updated=NOW))
    assert await counted(desk) == [(HELP, True)]


async def test_an_older_version_does_not_turn_it(desk: Desk) -> None:
    await take(desk, REQUEST)
    await take(desk, replace(REQUEST, type="Bug", updated=NOW - 2 * DAY), is_request=False)
    assert await counted(desk) == [(HELP, True)]
    bug = replace(REQUEST, type="Bug", updated=NOW)
    await take(desk, bug, is_request=False)
    await take(desk, REQUEST)
    assert await counted(desk) == [(SHOP, False)]


async def test_one_that_is_deleted_counts_as_feedback_of_the_time_before(desk: Desk) -> None:
    await take(desk, REQUEST)
    await take_records(desk, JIRA, Page(gone=(Gone(JIRA, REQUEST.id, NOW),)))
    assert await counted(desk) == [(HELP, True)]
    assert list((await desk.evidence.courses([HELP])).gone) == [micros(NOW)]
    await desk.evidence.settle(JIRA, Basis())
    assert await settled(desk)
    assert await counted(desk) == [(HELP, True)]


async def test_other_selectors_do_not_make_it_an_issue(desk: Desk) -> None:
    await take(desk, REQUEST)
    await apply(desk, MODEL.replace("{project: SHOP}", "{project: [PAY, SHOP]}"), actor="test", reason="more")
    assert await is_settled(desk, await snapshot(desk, Moment()))
    assert await counted(desk) == [(HELP, True)]


async def test_what_was_counted_twice_before_is_counted_once_when_somebody_asks(desk: Desk) -> None:
    await take(desk, REQUEST)
    model = (await snapshot(desk, Moment())).model
    (rests,) = (await desk.evidence.basis()).values()
    await desk.evidence.place((), dict.fromkeys(await desk.evidence.alike(()), SHOP))
    await desk.evidence.settle(JIRA, Basis(rests.statuses, model.matching))  # as versions before placed it
    before = await marks(desk)
    assert await is_settled(desk, await snapshot(desk, Moment()))
    assert await counted(desk) == [(HELP, True)]
    assert all(now > then for now, then in zip(await marks(desk), before, strict=True))
