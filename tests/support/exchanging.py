"""Files of other formats laid over beliefs without a store: read, settled, planned, as an import sees them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from remit.domain.catalogue import Split
from remit.domain.errors import Invalid, Problem
from remit.domain.facts import Body, Fact, FactKind, Facts, Recorded
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.model import Model, model_at
from remit.exchange.overlay import overlaid
from remit.exchange.reading import Reading
from remit.exchange.settling import Splits, settled
from remit.modelfile.plan import Plan, plan
from remit.modelfile.show import shown
from remit.resolution.climb import Climbs
from remit.resolution.split import standing
from remit.usecases.shipped import shipped_catalogue
from support.models import NOON, PM, PO, a_person, a_team, an_area, an_assignment, the_root

Beliefs = Sequence[Fact[Body]]
Reader = Callable[[str, Model], Reading]

A_HOUSE = (
    the_root(),
    an_area("payments"),
    an_area("checkout", "payments"),
    a_person("ana", PM),
    a_person("eva", PM),
    a_person("omar", PO),
    a_person("rae"),
    a_team("desk", "omar"),
    an_assignment("payments", "ana"),
)
"""Payments above checkout; Ana and Eva are product managers, Omar is operations, Rae and the desk have no function."""


def model_of(beliefs: Beliefs, now: datetime = NOON) -> Model:
    return model_at(Facts(shipped_catalogue(), tuple(beliefs)), now)


def splits_of(model: Model) -> Splits:
    def split_of(area: AreaKey, responsibility: ResponsibilityKey) -> Split | None:
        return standing(model, area, responsibility, Climbs(model, area)).split

    return split_of


def imported(read: Reader, text: str, beliefs: Beliefs = A_HOUSE, now: datetime = NOON) -> Plan:
    """What importing the text would change."""
    model = model_of(beliefs, now)
    reading = read(text, model)
    cells = settled(model, reading, splits_of(model))
    ended = {(FactKind.ASSIGNMENT, key) for key in cells.ended}
    return plan(overlaid(beliefs, [*reading.nouns, *cells.declared], ended, now), beliefs, now)


def refused(read: Reader, text: str, beliefs: Beliefs = A_HOUSE) -> list[str]:
    """The mistakes of a text, as they are told."""
    try:
        read(text, model_of(beliefs))
    except Invalid as wrong:
        return [str(problem) for problem in wrong.problems]
    return []


def told(problems: Sequence[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


def changes(read: Reader, text: str, beliefs: Beliefs = A_HOUSE, now: datetime = NOON) -> list[str]:
    """The same as people read it, without the count."""
    return [line for line in shown(imported(read, text, beliefs, now)) if line[:2] in ("+ ", "~ ", "- ")]


def after(read: Reader, text: str, beliefs: Beliefs = A_HOUSE, now: datetime = NOON) -> Beliefs:
    """What is believed when the text has been imported."""
    recorded = Recorded("ana", now)
    return [f if f.recorded else replace(f, recorded=recorded) for f in imported(read, text, beliefs, now).result]
