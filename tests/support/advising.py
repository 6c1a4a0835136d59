"""Builds what moves are looked for in, from a few declared facts; no record came or went in any area."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from remit.domain.catalogue import Driver, Letter
from remit.domain.facts import Body, Fact
from remit.domain.ids import FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Window
from remit.domain.model import Model
from remit.domain.people import Person
from remit.resolution.field import Field
from remit.resolution.holding import stakes
from remit.resolution.load import Demand, Drivers, demand
from remit.resolution.load_terms import Grounds
from support.models import a_fact, a_model

WEIGHTS = {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1}
START = datetime(2026, 5, 4, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=28))


def somebody(
    key: str, function: str, hours: float | None, skills: Mapping[str, int] | None = None, *, active: bool = True
) -> Fact[Body]:
    told = tuple(sorted((ResponsibilityKey(name), level) for name, level in (skills or {}).items()))
    person = Person(
        OwnerKey(key), key.title(), function=FunctionKey(function), capacity_hours=hours, skills=told, active=active
    )
    return a_fact(person)


def a_field(*facts: Fact[Body]) -> Field:
    return field_of(a_model(*facts))


def field_of(model: Model) -> Field:
    return field_over(model, (some_drivers(model),))


def field_over(model: Model, windows: Sequence[Drivers]) -> Field:
    """The window looked at and those before, nearest first."""
    asked = demand(model, stakes(model, WEIGHTS), windows)
    return Field(Grounds(model, WINDOW, windows, START, None), asked, WEIGHTS)


def demand_of(model: Model) -> Demand:
    return demand(model, stakes(model, WEIGHTS), (some_drivers(model),))


def some_drivers(model: Model) -> Drivers:
    nothing = np.zeros(len(model.areas), dtype=np.int64)
    return Drivers(dict.fromkeys(Driver, nothing), nothing + 1, nothing, 28.0)
