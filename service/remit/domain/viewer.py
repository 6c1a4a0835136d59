"""Who asks: the name a change is recorded under, and whether changes are allowed."""

from dataclasses import dataclass
from enum import StrEnum

from remit.domain.errors import Forbidden


class Scope(StrEnum):
    """What a token is for; each scope allows all that the one before does."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Known by the name of a token, or not at all."""

    name: str
    scope: Scope

    def require_write(self) -> None:
        """Raises Forbidden for whoever may only read."""
        if self.scope is Scope.READ:
            raise Forbidden("changing the model needs a token of scope write or admin; `remit token create` makes one")


STRANGER = Viewer("anonymous", Scope.READ)
"""Whoever came in by a door that did not ask."""
