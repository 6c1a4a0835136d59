"""What was read and holds nothing is counted as 0, over a sample of 0; what was never read is UNKNOWN."""

from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Verdict
from remit.usecases.ask_signals import area_signals
from remit.usecases.measure_areas import Question
from remit.usecases.snapshot import Moment, snapshot
from support.desks import A_MODEL, JIRA, a_desk

DESK = SourceName("zendesk")
MODEL = A_MODEL.replace(
    "jira: [{project: SHOP}]", "jira: [{project: SHOP}], feedback: [{source: zendesk, tags: [payments]}]"
)
NAMES = ("age_breaches", "oldest_untriaged", "oldest_feedback_untriaged")
BOTH = ((JIRA, "jira"), (DESK, "zendesk"))


async def told(
    sources: tuple[tuple[SourceName, str], ...], *read: SourceName
) -> list[tuple[float | None, int, Verdict]]:
    desk = await a_desk(model=MODEL, synchronised=False, sources=sources)
    for source in read:
        await desk.mirror.succeeded(source, desk.clock(), None)
    question = Question(AreaKey("shop"))
    signals = (await area_signals(desk, await snapshot(desk, Moment()), [question]))[question]
    return [(one.value, one.sample_size, one.verdict) for one in signals if one.name in NAMES]


async def test_an_area_without_any_record_is_ok_over_a_sample_of_nothing() -> None:
    assert await told(BOTH, JIRA, DESK) == [(0.0, 0, Verdict.OK)] * 3
    assert await told(((JIRA, "jira"),), JIRA) == [(0.0, 0, Verdict.OK)] * 3


async def test_a_source_of_feedback_or_of_issues_that_was_never_read_is_not() -> None:
    assert await told(BOTH, JIRA) == [(0.0, 0, Verdict.UNKNOWN)] * 3
    assert await told(BOTH, DESK) == [(0.0, 0, Verdict.UNKNOWN)] * 3
