"""Writes who holds what as tables for people: an area each, in the order of the tree."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from remit.domain.answers import Holder, Ownership
from remit.domain.catalogue import Letter
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.intervals import instant_text
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef

HEADINGS = ("responsibility", "outcome", "accountable", "responsible", "consulted", "informed")
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#&~"} | dict.fromkeys("\r\n", " "))
"""What Markdown would take for something else than text; a row of a table is one line."""


def write_markdown(
    model: Model, answers: Mapping[AreaKey, Mapping[ResponsibilityKey, Ownership]], as_of: datetime
) -> str:
    """One table for each area that has answers, with the outcome of every responsibility and who has which letter."""
    age = f"As of {instant_text(as_of)}, by the model {model.version[:12]}."
    parts = [f"# Who is responsible for what\n\n{age}\n"]
    for area in model.under(None):
        if area in answers:
            parts.append("\n".join(_section(model, area, answers[area])))
    return "\n".join(parts)


def _section(model: Model, area: AreaKey, answers: Mapping[ResponsibilityKey, Ownership]) -> Iterator[str]:
    yield f"## {' / '.join(_text(model.areas[key].name) for key in reversed(model.paths[area]))}\n"
    yield _row(HEADINGS)
    yield _row("---" for _ in HEADINGS)
    for responsibility, answer in answers.items():
        held = {letter: [h for h in answer.holders if h.letter is letter] for letter in Letter}
        name = _text(model.responsibilities[responsibility].name)
        yield _row([name, f"`{answer.outcome}`", *(_holders(model, held[letter]) for letter in Letter)])
    yield ""


def _row(cells: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _holders(model: Model, held: list[Holder]) -> str:
    return ", ".join(_holder(model, one) for one in held)


def _holder(model: Model, held: Holder) -> str:
    instead = f" for {_name(model, held.delegated_from)}" if held.delegated_from is not None else ""
    return _name(model, held.owner) + instead


def _name(model: Model, owner: OwnerRef) -> str:
    found = (model.teams if owner.kind is OwnerKind.TEAM else model.people).get(owner.key)
    return _text(found.name if found is not None and found.name.strip() else owner.key)


def _text(told: str) -> str:
    return " ".join(told.split()).translate(_MARKS)
