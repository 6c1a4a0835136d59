"""A record that its source never answers for is parked after its tries and holds up nothing; an outage parks none."""

import pytest

from remit.domain.arrivals import Hint, Waiting
from remit.domain.errors import Unavailable
from remit_integrations.applying import AT_ONCE_UNANSWERED, WAITS_S, Applied, apply
from support.applying import Working, a_worker, keys, told
from support.desks import JIRA, NOW

DOWN = "Jira answered 500 to POST /rest/api/3/issue/bulkfetch; it may be down, try again later"
WHY = f"the source answers for others, but not for this: {DOWN}"


@pytest.fixture
async def working() -> Working:
    return await a_worker()


def unanswered(working: Working, *ids: str) -> None:
    """The source has a hundred issues and fails whenever it is asked for one of these."""

    def fail() -> None:
        if {*working.shown.asked[-1]} & {*ids}:
            raise Unavailable(DOWN)

    working.shown.issues = {str(number): f"SHOP-{number}" for number in range(1, 101)}
    working.shown.before = fail


def waiting(id_: str, *concerns: str, tries: int = 0) -> Waiting:
    return Waiting(id_, Hint("jira:issue_updated", concerns), tries, NOW)


async def applied(working: Working, *deliveries: Waiting) -> Applied:
    async with working.shown.source().open() as feed:
        return await apply(working.desk, JIRA, feed, deliveries)


async def test_only_what_the_source_does_not_answer_for_waits(working: Working) -> None:
    unanswered(working, "7")
    came = await applied(working, *(waiting(f"of {number}", str(number)) for number in range(1, 101)))
    assert (came.again, came.aside) == ({"of 7": WHY}, {})
    assert came.done == {f"of {number}" for number in range(1, 101)} - {"of 7"}
    assert len(working.shown.asked) <= 1 + 2 * 7, "halved as often as it takes to find one of a hundred"


async def test_what_has_failed_before_is_tried_apart_from_what_is_new(working: Working) -> None:
    unanswered(working, "7")
    new = [waiting(f"of {number}", str(number)) for number in range(20, 40)]
    came = await applied(working, waiting("of 7", "7", tries=1), *new)
    assert (came.done, came.again) == ({one.id for one in new}, {"of 7": WHY})
    assert len(working.shown.asked) == 3, "all together, the new ones, and the old one"


async def test_after_its_tries_it_waits_for_a_person_and_the_others_were_never_held_up(working: Working) -> None:
    unanswered(working, "7")
    await working.inbox.put([told("bad", "7")])
    numbers = iter(range(20, 100))

    async def another() -> str:
        number = str(next(numbers))
        await working.inbox.put([told(f"of {number}", number)])
        return f"of {number}"

    for _ in range(len(WAITS_S) + 1):
        one = await another()
        working.stop.clear()
        await working.until(lambda one=one: working.done(one))  # type: ignore[misc]
        working.clock.goes_on(seconds=WAITS_S[-1])
    (aside,) = await working.inbox.asides()
    assert (aside.waiting.id, aside.reason) == ("bad", WHY)
    assert await keys(working.desk, ["7", "20"]) == {"SHOP-20"}


async def test_when_it_answers_for_none_it_is_the_source_and_none_is_tried_again_or_parked(working: Working) -> None:
    unanswered(working, *map(str, range(1, 101)))
    for tries in (0, len(WAITS_S)):
        working.shown.asked.clear()
        with pytest.raises(Unavailable, match="may be down"):
            await applied(working, *(waiting(f"of {n}", str(n), tries=tries) for n in range(1, 101)))
        assert len(working.shown.asked) <= 1 + 7 + 2 * AT_ONCE_UNANSWERED, "it is not asked for each of them"
    with pytest.raises(Unavailable, match="may be down"):
        await applied(working, waiting("of 7", "7", tries=len(WAITS_S)))


async def test_when_it_does_not_even_greet_it_is_down_and_no_record_is_looked_for(working: Working) -> None:
    unanswered(working, "7")
    working.shown.troubles = [Unavailable("Jira cannot be reached")]
    with pytest.raises(Unavailable, match="cannot be reached"):
        await applied(working, waiting("a", "7"), waiting("b", "8"))
    assert working.shown.asked == [("7", "8")]


async def test_a_source_that_says_when_to_come_back_is_asked_for_nothing_more(working: Working) -> None:
    def busy() -> None:
        raise Unavailable("Jira answered 503; try again in 60 s", retry_after_s=60.0)

    working.shown.issues = {"7": "SHOP-7", "8": "SHOP-8"}
    working.shown.before = busy
    with pytest.raises(Unavailable, match="in 60 s"):
        await applied(working, waiting("a", "7"), waiting("b", "8"))
    assert working.shown.asked == [("7", "8")]
