"""How clients say one change of the model: what is left out is kept, what is null is taken away."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

import strawberry
from strawberry import UNSET

from remit.domain import changes as domain
from remit.domain.facts import FactKind

KEPT = "Whatever is left out stays as it is; what is null is taken away."
ROW = strawberry.field(default=None, description="The row's own key; without it, the row is found by what it says.")


@strawberry.input
class Said:
    """One change as a client says it; `CHANGE` is what it is read into, `NAMES` what is called otherwise there."""

    CHANGE: ClassVar[type[Any]]
    NAMES: ClassVar[Mapping[str, str]] = {}

    def change(self) -> domain.Change:
        """What is given, under the names of the domain; what is left out is left out."""
        told = ((self.NAMES.get(f.name, f.name), getattr(self, f.name)) for f in dataclasses.fields(self))
        made: domain.Change = self.CHANGE(**{name: _plain(value) for name, value in told if value is not UNSET})
        return made


@strawberry.input
class Windowed(Said):
    NAMES: ClassVar[Mapping[str, str]] = {"from_": "start", "to": "end"}
    from_: datetime | None = strawberry.field(default=UNSET, name="from", description="Now, when it is left out.")
    to: datetime | None = strawberry.field(
        default=UNSET, description="The end the row already has, when it is left out; null is no end."
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value if isinstance(value, FactKind) else value.value
    if isinstance(value, list):
        return tuple(_plain(one) for one in value)
    return value.plain() if hasattr(value, "plain") else value
