"""The catalogue of signals: one line each. A new signal is a function and a line here; docs/signals.md is its print."""

from remit.domain.evidence import RecordKind
from remit.resolution.signals import backlog, feedback
from remit.resolution.signals.base import SignalKind

BACKLOG, FEEDBACK = RecordKind.BACKLOG, RecordKind.FEEDBACK
GUIDE = "Coleman and Vacanti, The Kanban Guide, 2020"
METRICS = "Vacanti, Actionable Agile Metrics for Predictability, 2015"
DERIVED = f"ours, from the arrivals and departures of {METRICS}"
ITIL = "AXELOS, ITIL Foundation: ITIL 4 Edition, 2019 (targets of service levels)"
OURS = "ours"
NEVER = "never"

_LINES = (
    ("open_items", "items", BACKLOG, "Issues that are not done at the end of the window.",
     "issues there at the end", NEVER, OURS, backlog.open_items),
    ("wip", "items", BACKLOG, "Issues in progress at the end of the window.",
     "issues there at the end", NEVER, GUIDE, backlog.wip),
    ("arrivals", "items", BACKLOG, "Issues created in the window.",
     "those issues", NEVER, METRICS, backlog.arrivals),
    ("completions", "items", BACKLOG, "Issues done at the end of the window that became so within it.",
     "those issues", NEVER, METRICS, backlog.completions),
    ("net_growth", "items", BACKLOG, "Arrivals less completions.",
     "arrivals and completions", NEVER, DERIVED, backlog.net_growth),
    ("service_ratio", "ratio", BACKLOG, "Completions over arrivals.",
     "arrivals", "nothing arrived", DERIVED, backlog.service_ratio),
    ("throughput", "items a week", BACKLOG, "Completions over the weeks of the window.",
     "completions", NEVER, GUIDE, backlog.throughput),
    ("cycle_time_p50", "days", BACKLOG,
     "From first in progress to done, of what was completed: half took no longer.",
     "completions that were ever in progress", "there are none", GUIDE, backlog.cycle_time_p50),
    ("cycle_time_p85", "days", BACKLOG,
     "From first in progress to done, of what was completed: 85 % took no longer.",
     "completions that were ever in progress", "there are none", METRICS, backlog.cycle_time_p85),
    ("item_age_p85", "days", BACKLOG,
     "From first in progress to the end of the window, of what is in progress: 85 % is no older.",
     "issues in progress whose beginning is known", "there are none", GUIDE, backlog.item_age_p85),
    ("age_breaches", "items", BACKLOG,
     "Issues in progress for longer than `cycle_time_p85` of the 90 days before the end.",
     "issues in progress whose beginning is known",
     "there are such issues, and nothing was completed in those 90 days to compare them with", METRICS,
     backlog.age_breaches),
    ("untriaged", "items", BACKLOG,
     "Open issues older than the triage target (7 days) that nobody but the reporter ever touched.",
     "open issues", "no change of any issue is told, and something has happened to one of them", OURS,
     backlog.untriaged),
    ("oldest_untriaged", "days", BACKLOG, "Age of the oldest of them; 0 where there is none.",
     "those issues", "as `untriaged`", OURS, backlog.oldest_untriaged),
    ("stale_items", "items", BACKLOG, "Open issues not updated for 30 days.",
     "open issues", "the window has ended before now: only the last update is told", OURS, backlog.stale_items),
    ("feedback_arrivals", "items", FEEDBACK, "Feedback that came in the window.",
     "those items", NEVER, OURS, feedback.feedback_arrivals),
    ("feedback_untriaged", "items", FEEDBACK, "Feedback older than its target (48 hours) that nobody has looked at.",
     "feedback there at the end", NEVER, OURS, feedback.feedback_untriaged),
    ("oldest_feedback_untriaged", "days", FEEDBACK, "Age of the oldest of it; 0 where there is none.",
     "that feedback", NEVER, OURS, feedback.oldest_feedback_untriaged),
    ("feedback_within_target", "ratio", FEEDBACK,
     "Of the feedback that came in the window and was looked at or is past its target (48 hours): looked at within it.",
     "feedback looked at or past its target", "there is none", ITIL, feedback.feedback_within_target),
)  # fmt: skip

SIGNALS: tuple[SignalKind, ...] = tuple(SignalKind(*line) for line in _LINES)
"""In the order in which they are shown."""
BY_NAME = {kind.name: kind for kind in SIGNALS}
