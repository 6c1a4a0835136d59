"""Models already built: the right one for every instant, and never more than a few."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.areas import Area
from remit.domain.facts import Body, Fact, Facts
from remit.domain.ids import AreaKey
from remit.domain.intervals import Interval, clipped
from remit.domain.model import model_at
from remit.resolution.findings import find
from remit.usecases.shelf import Shelf
from remit.usecases.shipped import shipped_catalogue
from support.desks import NOW

DAYS = st.integers(min_value=0, max_value=6)


def day(number: int) -> timedelta:
    return timedelta(days=number)


@st.composite
def windows(draw: st.DrawFn) -> Interval:
    start, end = sorted([draw(DAYS), draw(DAYS)])
    return clipped(NOW + day(start), NOW + day(end) if end > start else None) or Interval()


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    keys = draw(st.lists(st.sampled_from("abc"), unique=True, max_size=3))
    declared: list[Fact[Body]] = [
        Fact(key, Area(AreaKey(key), draw(st.sampled_from("xy")), "team", None), draw(windows())) for key in keys
    ]
    return Facts(shipped_catalogue(), tuple(declared))


@given(st.lists(facts(), min_size=1, max_size=4), st.lists(st.tuples(st.integers(0, 3), DAYS), max_size=12))
def test_a_model_from_the_shelf_is_the_one_built_anew(many: list[Facts], asked: list[tuple[int, int]]) -> None:
    shelf = Shelf(size=2)
    for which, after in asked:
        chosen = many[which % len(many)]
        assert shelf.model(chosen, NOW + day(after)) == model_at(chosen, NOW + day(after))


def test_a_model_is_built_once_per_stretch_of_time() -> None:
    until = Interval(None, NOW + day(1))
    one = Facts(shipped_catalogue(), (Fact("a", Area(AreaKey("a"), "A", "team", None), until),))
    shelf = Shelf()
    first = shelf.model(one, NOW)
    assert shelf.model(one, NOW + timedelta(hours=23)) is first
    assert shelf.model(one, NOW + day(1)) is not first


def test_the_longest_unused_leaves_first() -> None:
    every = [Facts(shipped_catalogue(), (Fact(key, Area(AreaKey(key), key, "team", None)),)) for key in "abc"]
    shelf = Shelf(size=2)
    shelf.keep("a", every[0])
    shelf.keep("b", every[1])
    shelf.facts("a")
    shelf.keep("c", every[2])
    assert [shelf.facts(name) for name in "abc"] == [every[0], None, every[2]]
    models = [shelf.model(kept, NOW) for kept in every[:2]]
    assert shelf.model(every[0], NOW) is models[0]
    shelf.model(every[2], NOW)
    assert shelf.model(every[0], NOW) is models[0], "it was used since"
    assert shelf.model(every[1], NOW) is not models[1]


def test_of_what_was_found_about_models_the_longest_unused_leaves_first() -> None:
    made = [Facts(shipped_catalogue(), (Fact(key, Area(AreaKey(key), key, "team", None)),)) for key in "abc"]
    every = [find(model_at(one, NOW), one, NOW, NOW.date()) for one in made]
    shelf = Shelf()
    shelf.keep_findings("a", every[0])
    shelf.keep_findings("b", every[1])
    assert shelf.findings("a") is every[0]
    shelf.keep_findings("c", every[2])
    assert [shelf.findings(name) for name in "abc"] == [every[0], None, every[2]]
