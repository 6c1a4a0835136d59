"""Builds courses of records: `a_course(shop, created=-10, steps=[(-8, Phase.UNDER_WAY)])`, days counted from now."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count

from hypothesis import strategies as st

from remit.domain.evidence import Course, Phase, RecordKind
from remit.domain.ids import AreaKey
from support.desks import JIRA, NOW

_NUMBERS = count(1)
DAY = timedelta(days=1)


def at(day: float) -> datetime:
    """So many days after now; before it where negative."""
    return NOW + day * DAY


def a_course(
    area: AreaKey | None,
    created: float,
    steps: Iterable[tuple[float, Phase]] = (),
    *,
    updated: float | None = None,
    touched: float | None = None,
    gone: float | None = None,
    kind: RecordKind = RecordKind.BACKLOG,
    has_history: bool = True,
    is_dated: bool = True,
) -> Course:
    told = tuple((at(day), phase) for day, phase in steps)
    return Course(
        source=JIRA,
        id=str(next(_NUMBERS)),
        kind=kind,
        area=area,
        created=at(created),
        updated=at(updated if updated is not None else created),
        steps=told,
        touched_at=at(touched) if touched is not None else None,
        gone_at=at(gone) if gone is not None else None,
        has_history=has_history,
        is_dated=is_dated,
    )


@st.composite
def courses(draw: st.DrawFn, areas: Sequence[AreaKey]) -> Course:
    """Any course that a record may have, within the last 400 days."""
    created = draw(st.integers(-400, 5))
    days = sorted(draw(st.lists(st.integers(created, 6), max_size=4)))
    phases = list(draw(st.permutations(list(Phase)))) * 2
    steps = [(day, phase) for day, phase in zip(days, phases, strict=False)]
    while steps and steps[0][1] is Phase.NEW:
        steps.pop(0)
    return a_course(
        draw(st.sampled_from(areas)),
        created,
        steps,
        updated=draw(st.integers(created, 6)),
        touched=draw(st.none() | st.integers(created, 6)),
        gone=draw(st.sampled_from([None, None, created + 5])),
        kind=draw(st.sampled_from(list(RecordKind))),
        has_history=draw(st.booleans()),
        is_dated=draw(st.booleans()),
    )
