"""Where a way through a list of pages has been, so that it ends when it leads nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Passed:
    """The pages met in one reading, by what led to each."""

    _tokens: set[str | None] = field(default_factory=set)
    _last: Sequence[bytes] = ()

    def leads_on(self, token: str | None, records: Sequence[bytes], following: str | None) -> bool:
        """Whether the page that `token` led to ends the list, or leads to one not met yet. A site may lead in a circle,
        however wide, and may tell one page again and again under new names.
        """
        is_told_again = bool(records) and records == self._last
        self._tokens.add(token)
        self._last = records
        return following is None or not (is_told_again or following in self._tokens)
