"""What clients say of how much work things are, when that is too much, and who is away or would rather not."""

import strawberry
from strawberry import UNSET

from remit.domain import changes as domain
from remit.domain.catalogue import Driver
from remit.domain.workload import Wish
from remit_graphql import catalogue
from remit_graphql.change_said import KEPT, ROW, Windowed

NAMING = (catalogue,)
"""Imported first: it gives drivers their name in the graph."""
strawberry.enum(Wish, description="What somebody would rather do with a responsibility.")


@strawberry.input(description=f"{KEPT} `minutes` are a week's, for one unit of the driver.")
class MinutesInput(Windowed):
    CHANGE = domain.SetMinutes
    row: str | None = ROW
    responsibility: str | None = UNSET
    driver: Driver | None = UNSET
    minutes: float | None = UNSET
    reason: str | None = UNSET


@strawberry.input(
    description=f"{KEPT} At most one of `area` and `person`: with neither it is for the whole organisation. "
    "`watch: null` and `overloaded: null` are never reached."
)
class ThresholdInput(Windowed):
    CHANGE = domain.SetThreshold
    row: str | None = ROW
    signal: str | None = UNSET
    area: str | None = UNSET
    person: str | None = UNSET
    watch: float | None = UNSET
    overloaded: float | None = UNSET
    reason: str | None = UNSET


@strawberry.input(description=f"{KEPT} `share` is that of the capacity, above 0 and at most 1, all of it unless said.")
class AbsenceInput(Windowed):
    CHANGE = domain.SetAbsence
    row: str | None = ROW
    person: str | None = UNSET
    share: float | None = UNSET
    reason: str | None = UNSET


@strawberry.input(description=KEPT)
class PreferenceInput(Windowed):
    CHANGE = domain.SetPreference
    row: str | None = ROW
    person: str | None = UNSET
    responsibility: str | None = UNSET
    wish: Wish | None = UNSET
    reason: str | None = UNSET
