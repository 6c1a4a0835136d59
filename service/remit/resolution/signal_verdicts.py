"""What does a measured number say? Its threshold, its verdict, and a sentence that tells why."""

from dataclasses import dataclass
from datetime import datetime

from remit.domain.load import Reading, Signal, Threshold, Verdict, Window
from remit.domain.workload import Worse
from remit.resolution.judging import deciding, judged

STILL = "it has been beyond that and is not 10 % better yet"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is not judged yet. `unknown` says when there is none; `previous` is that of the window before."""

    name: str
    unit: str
    unknown: str
    reading: Reading
    window: Window
    baseline: float | None = None
    spread: float | None = None
    previous: float | None = None


def told(
    figure: Figure, threshold: Threshold, worse: Worse, *, data_as_of: datetime | None, doubt: str | None = None
) -> Signal:
    """The signal. Under a `doubt`, which says what is missing or too old, the verdict is UNKNOWN whatever the number.

    The verdict of the window before is taken from its number alone, so that the same records say the same again.
    """
    value = figure.reading.value
    before = judged(figure.previous, threshold, worse)
    verdict = Verdict.UNKNOWN if doubt is not None else judged(value, threshold, worse, before)
    return Signal(
        name=figure.name,
        unit=figure.unit,
        value=value,
        sample_size=figure.reading.sample,
        window=figure.window,
        baseline=figure.baseline,
        spread=figure.spread,
        threshold=deciding(threshold, verdict),
        threshold_source=threshold.source,
        verdict=verdict,
        explanation=doubt if doubt is not None else _sentence(figure, threshold, worse, verdict),
        data_as_of=data_as_of,
    )


def _sentence(figure: Figure, threshold: Threshold, worse: Worse, verdict: Verdict) -> str:
    value = figure.reading.value
    if value is None:
        return f"There is no value: {figure.unknown}."
    limit = deciding(threshold, verdict)
    number = f"{value:.4g} {figure.unit}"
    if limit is None:
        return f"{number}; nothing says how much is too much ({threshold.source})."
    beyond, within = ("at or above", "below") if worse is Worse.HIGH else ("at or below", "above")
    is_beyond = value >= limit if worse is Worse.HIGH else value <= limit
    if verdict is Verdict.OK:
        return f"{number}, {within} {limit:.4g} ({threshold.source})."
    if not is_beyond:
        return f"{number}, {within} {limit:.4g}, but {STILL} ({threshold.source})."
    return f"{number}, {beyond} {limit:.4g} ({threshold.source})."
