"""Keeps what the signals of areas came to for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from remit.domain.ids import AreaKey

Figures = tuple[tuple[str, float | None, int, float | None, float | None, float | None], ...]
"""Of each signal: its name, value, sample, baseline, spread, and the value of the window before."""


@dataclass(frozen=True, slots=True)
class SignalKey:
    """Addresses the signals of one area: a changed record at or below it, another tree or a new minute make another.

    `tree` is a digest of the areas, `watermarks` one of those of all areas counted; `windows` names where the windows
    begin and the first ends.
    """

    area: AreaKey
    with_below: bool
    tree: str
    watermarks: str
    windows: str


class KeptSignals(Protocol):
    """A cache of what signals came to. May forget, never errs."""

    async def get(self, keys: Sequence[SignalKey]) -> Mapping[SignalKey, Figures]:
        """What is kept under these keys, exactly as it was put; what is not kept is absent."""
        ...

    async def put(self, figures: Mapping[SignalKey, Figures]) -> None:
        """Keep these, as long as there is room."""
        ...
