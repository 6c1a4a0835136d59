"""What was read and holds nothing is counted as 0; what was never read, or is not tied to an area, is UNKNOWN."""

from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Verdict
from remit.usecases.ask_signals import area_signals
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.tied import NO_FEEDBACK
from support.desks import A_MODEL, JIRA, a_desk

DESK = SourceName("zendesk")
MODEL = A_MODEL.replace(
    "jira: [{project: SHOP}]", "jira: [{project: SHOP}], feedback: [{source: zendesk, tags: [payments]}]"
)
NAMES = ("age_breaches", "oldest_untriaged", "oldest_feedback_untriaged")
BOTH = ((JIRA, "jira"), (DESK, "zendesk"))


async def told(
    sources: tuple[tuple[SourceName, str], ...], *read: SourceName, model: str = MODEL
) -> list[tuple[float | None, int, Verdict]]:
    desk = await a_desk(model=model, synchronised=False, sources=sources)
    for source in read:
        await desk.mirror.succeeded(source, desk.clock(), None)
    question = Question(AreaKey("shop"))
    signals = (await area_signals(desk, await snapshot(desk, Moment()), [question]))[question]
    return [(one.value, one.sample_size, one.verdict) for one in signals if one.name in NAMES]


async def test_an_area_without_any_record_is_ok_over_a_sample_of_nothing() -> None:
    assert await told(BOTH, JIRA, DESK) == [(0.0, 0, Verdict.OK)] * 3


async def test_a_source_of_feedback_or_of_issues_that_was_never_read_is_not() -> None:
    assert await told(BOTH, JIRA) == [(0.0, 0, Verdict.UNKNOWN)] * 3
    assert await told(BOTH, DESK) == [(0.0, 0, Verdict.UNKNOWN)] * 3


async def test_nor_is_an_area_to_which_no_records_are_tied_or_those_of_a_source_that_is_not_there() -> None:
    fine, silent = (0.0, 0, Verdict.OK), (0.0, 0, Verdict.UNKNOWN)
    jira = ((JIRA, "jira"),)
    assert await told(jira, JIRA) == [fine, fine, silent]
    assert await told(jira, JIRA, model=A_MODEL) == [fine, fine, silent]
    no_issues = MODEL.replace("jira: [{project: SHOP}], ", "")
    assert await told(BOTH, JIRA, DESK, model=no_issues) == [silent, silent, fine]


async def test_why_nothing_can_be_said_is_told() -> None:
    desk = await a_desk()
    question = Question(AreaKey("shop"))
    signals = (await area_signals(desk, await snapshot(desk, Moment()), [question]))[question]
    assert {one.explanation for one in signals if one.name == "oldest_feedback_untriaged"} == {NO_FEEDBACK}
