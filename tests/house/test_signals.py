"""The tables of signals and thresholds in the documents are the catalogue and the data, word for word."""

from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from remit.resolution.signals.lag import LAG
from remit.usecases.shipped import shipped_catalogue
from support.repository import code, table


def test_every_signal_is_documented_as_the_catalogue_says_in_its_order() -> None:
    listed = [
        (f"`{kind.name}`", f"`{kind.about}`", kind.unit, kind.says, kind.sample, kind.unknown, kind.source)
        for kind in SIGNALS
    ]
    assert [tuple(row) for row in table("docs/signals.md", "Signals")] == listed


def test_every_default_threshold_is_documented_as_it_ships_in_its_order() -> None:
    shipped = [
        (f"`{scale.signal}`", f"`{scale.worse}`", _from(scale.watch), _from(scale.overloaded), scale.source)
        for scale in shipped_catalogue().scales
    ]
    assert [tuple(row) for row in table("docs/signals.md", "Default thresholds")] == shipped


def _from(value: float | None) -> str:
    return f"{value:g}" if value is not None else "never"


def test_no_two_signals_have_the_same_name_or_function() -> None:
    assert len(BY_NAME) == len(SIGNALS) == len({kind.read for kind in SIGNALS})


def test_what_a_signal_names_in_its_definition_is_a_signal() -> None:
    named = {word for kind in SIGNALS for text in (kind.says, kind.unknown) for word in code(text)}
    assert named <= BY_NAME.keys()


def test_what_is_left_out_of_signals_of_people_is_documented_with_what_it_is_held_against() -> None:
    listed = [(f"`{name}`", what) for name, what in LAG.items()]
    assert [tuple(row) for row in table("docs/signals.md", "How late something is")] == listed


def test_every_signal_that_tells_how_late_something_is_is_one() -> None:
    assert LAG.keys() <= BY_NAME.keys()
