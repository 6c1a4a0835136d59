"""Keeps computed answers for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from remit.domain.answers import Ownership
from remit.domain.ids import AreaKey


@dataclass(frozen=True, slots=True)
class CellKey:
    """Addresses the kept answers of one area: a change of model, time segment or records makes another key."""

    area: AreaKey
    version: str
    segment: str
    watermark: int


class KeptAnswers(Protocol):
    """A cache of computed ownership: all responsibilities of one area under one key. May forget, never errs."""

    async def get(self, keys: Sequence[CellKey]) -> Mapping[CellKey, tuple[Ownership, ...]]:
        """What is kept under these keys, exactly as it was put; what is not kept is absent."""
        ...

    async def put(self, answers: Mapping[CellKey, tuple[Ownership, ...]]) -> None:
        """Keep these, as long as there is room."""
        ...
