"""A board that was kept up to date area by area shows what one made of the present records shows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.domain.courses import pack
from remit.domain.evidence import Course
from remit.domain.facts import Facts
from remit.domain.ids import AreaKey
from remit.domain.load import Window
from remit.domain.model import model_at
from remit.resolution.signals.board import MOST_LATER, Board, Shown
from remit.resolution.signals.measuring import Terms
from remit.resolution.signals.series import Series
from remit.resolution.signals.windows import windows
from remit.usecases.shipped import shipped_catalogue
from support.courses import a_course, courses
from support.desks import NOW
from support.large_models import large_facts

FACTS = large_facts(30, 20, seed=3)
MODEL = model_at(Facts(shipped_catalogue(), FACTS.declared), NOW)
AREAS = tuple(sorted(MODEL.areas))
SPANS = windows(NOW, UTC)
RECORDS = st.lists(courses(AREAS), max_size=25)


def a_board(told: Sequence[Course], spans: Sequence[Window] = SPANS) -> Board:
    return Board(MODEL, pack(AREAS, told), spans, Terms(), is_present=True)


def values(shown: Shown) -> dict[AreaKey, list[tuple[str, float, int, float, float]]]:
    """Of each area all its numbers, its own first; -1 stands for what is not known, to be compared."""
    return {area: [*_of(shown.own, place), *_of(shown.below, place)] for place, area in enumerate(shown.areas)}


def _of(told: Mapping[str, Series], place: int) -> list[tuple[str, float, int, float, float]]:
    return [
        (
            name,
            *(float(np.nan_to_num(one.now.values[place], nan=-1)), int(one.now.samples[place])),
            *(float(np.nan_to_num(part[place], nan=-1)) for part in (one.baseline, one.spread)),
        )
        for name, one in told.items()
    ]


CHANGES = st.tuples(st.sampled_from(AREAS), RECORDS, st.integers(0, 3))


@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])  # shrinking takes minutes
@given(RECORDS, st.lists(CHANGES, min_size=1, max_size=4))
def test_a_board_kept_up_to_date_is_like_a_new_one(
    before: list[Course], changes: list[tuple[AreaKey, list[Course], int]]
) -> None:
    board, present, spans = a_board(before), list(before), SPANS
    for area, new, hours in changes:
        present = [course for course in present if course.area != area]
        present += [course for course in new if course.area == area]
        touched = board.take(pack([area], present))
        assert touched == MODEL.paths[area]
        assert values(board.show(touched)) == values(a_board(present, spans).show(MODEL.paths[area]))
        if hours:
            spans = (Window(spans[0].start, spans[0].end + timedelta(hours=hours)), *spans[1:])
            board.roll(spans[0])
            assert values(board.show(touched)) == values(a_board(present, spans).show(touched))
    assert values(board.show(AREAS)) == values(a_board(present, spans).show(AREAS))


def test_a_board_on_which_very_much_has_changed_starts_anew() -> None:
    many = large_facts(MOST_LATER + 100, 20, seed=3)
    model = model_at(Facts(shipped_catalogue(), many.declared), NOW)
    areas = tuple(sorted(model.areas))
    told = [a_course(area, created=-3) for area in areas]
    board = Board(model, pack(areas, told[:10]), SPANS, Terms(), is_present=True)
    assert board.take(pack(areas, told)) == areas
    assert values(board.show(areas)) == values(
        Board(model, pack(areas, told), SPANS, Terms(), is_present=True).show(areas)
    )


@given(RECORDS)
@settings(max_examples=25)
def test_what_is_below_the_root_is_everything(told: list[Course]) -> None:
    shown = values(a_board(told).show([AreaKey("org")]))[AreaKey("org")]
    everywhere = pack([AreaKey("org")], [replace(course, area=AreaKey("org")) for course in told])
    alone = Board(MODEL, everywhere, SPANS, Terms(), is_present=True).show([AreaKey("org")])
    assert shown[len(shown) // 2 :] == values(alone)[AreaKey("org")][: len(shown) // 2]
