"""The table of signals in the documents is the catalogue of the code, word for word."""

from remit.resolution.signals.catalogue import BY_NAME, SIGNALS
from support.repository import code, table


def test_every_signal_is_documented_as_the_catalogue_says_in_its_order() -> None:
    listed = [
        (f"`{kind.name}`", f"`{kind.about}`", kind.unit, kind.says, kind.sample, kind.unknown, kind.source)
        for kind in SIGNALS
    ]
    assert [tuple(row) for row in table("docs/signals.md", "Signals")] == listed


def test_no_two_signals_have_the_same_name_or_function() -> None:
    assert len(BY_NAME) == len(SIGNALS) == len({kind.read for kind in SIGNALS})


def test_what_a_signal_names_in_its_definition_is_a_signal() -> None:
    named = {word for kind in SIGNALS for text in (kind.says, kind.unknown) for word in code(text)}
    assert named <= BY_NAME.keys()
