"""How hours, shares and verdicts are shown in tables."""

from remit.domain.load import Verdict

BAR = 20
"""Characters of a bar that stands for all of the capacity."""
COLOURS = {Verdict.OK: "green", Verdict.WATCH: "yellow", Verdict.OVERLOADED: "red", Verdict.UNKNOWN: "dim"}


def bar(utilisation: float | None) -> str:
    """Full where all of the capacity is asked for; what is more is marked, as far as a second bar would go."""
    if utilisation is None:
        return ""
    cells = min(round(utilisation * BAR), 2 * BAR)
    return "█" * min(cells, BAR) + "░" * (BAR - min(cells, BAR)) + "▶" * (cells - BAR)


def hours_text(hours: float | None) -> str:
    return f"{hours:.1f}" if hours is not None else "?"


def percent_text(utilisation: float | None) -> str:
    return f"{utilisation:.0%}" if utilisation is not None else "?"
