"""Which courses would change their area, in memory."""

from collections.abc import Iterable, Sequence

from remit.domain.courses import Moving, pack
from remit.domain.evidence import Course
from remit.domain.ids import AreaKey


def moving(pairs: Iterable[tuple[Course, Course]], within: Sequence[AreaKey]) -> Moving:
    """Of courses as they are and as they would be, those whose area differs."""
    differing = [(old, new) for old, new in pairs if old.area != new.area]
    return Moving(pack(within, [old for old, _ in differing]), pack(within, [new for _, new in differing]))
