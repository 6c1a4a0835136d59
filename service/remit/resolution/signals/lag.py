"""Which signals tell how late something is, and against what? They are told of scopes, and never of a person."""

from collections.abc import Mapping

LAG: Mapping[str, str] = {
    "age_breaches": "how long 85 % of what was completed before took",
    "untriaged": "the triage target",
    "oldest_untriaged": "the triage target",
    "stale_items": "the days without an update after which an issue is stale",
    "feedback_untriaged": "the target of feedback",
    "oldest_feedback_untriaged": "the target of feedback",
    "feedback_within_target": "the target of feedback",
}
"""Of each the time that records are held against; docs/signals.md prints it."""
