"""How several names are told in a sentence."""

from collections.abc import Sequence

MOST = 3


def some_of(names: Sequence[str]) -> str:
    """`Ana, Bo, Cy and 3 more`."""
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"{', '.join(names[:MOST])}{more}"
