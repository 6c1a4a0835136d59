"""Watermarks kept here: the same as those fetched anew, whatever rises when."""

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.ids import AreaKey
from remit.usecases.marks import Marks
from support.memory_mirror import MemoryMirror

AREAS = [AreaKey(f"area-{number}") for number in range(12)]


@given(st.lists(st.lists(st.sampled_from(AREAS), max_size=4), max_size=6))
async def test_what_is_kept_follows_what_rises(steps: list[list[AreaKey]]) -> None:
    mirror, known = MemoryMirror(), Marks()
    for risen in steps:
        mirror.marks.update(risen)
        before, known = known, known.after(await mirror.risen(known.sums))
        assert known.by_area == dict(mirror.marks)
        assert known.since(before) == {area: mirror.marks[area] for area in risen}
    assert known.since(known) == {}
    assert known.after(await mirror.risen(known.sums)) is known
