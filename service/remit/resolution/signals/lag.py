"""Which signals tell how late something is? They are told of scopes, and never of a person."""

LAG = frozenset(
    {
        "age_breaches",
        "untriaged",
        "oldest_untriaged",
        "stale_items",
        "feedback_untriaged",
        "oldest_feedback_untriaged",
        "feedback_within_target",
    }
)
"""What is held against a time that somebody set, or that was usual before."""
