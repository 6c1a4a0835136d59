"""The world one request sees at one moment, and the graph's objects already made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from remit.domain.model import Model
from remit.usecases.snapshot import Snapshot

Key = TypeVar("Key", bound=str)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A snapshot, and each noun of it made once: a matrix names the same few areas and people a thousand times."""

    snap: Snapshot
    made: dict[tuple[object, str], Any] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        return self.snap.model


def made_once(make: Callable[[World, Key], Made]) -> Callable[[World, Key], Made]:
    """Remembers in a world what was made of each key."""

    def once(world: World, key: Key) -> Made:
        name = make, key
        if name not in world.made:
            world.made[name] = make(world, key)
        made: Made = world.made[name]
        return made

    return once
