"""How far a list of records was read that tells what changed since an instant, each change once.

Such lists are asked from a little before the newest change that was read, since the vendors' clocks tell seconds and
their indexes lag. What is told again as it was is known by its digest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec import Struct, field

from remit.domain.errors import Unreadable
from remit_integrations.decoding import UNDECODABLE, glimpsed, lenient
from remit_integrations.feedback.reading import when

OVERLAP = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A record as far as it is known before it is read; `updated` is None where that cannot be seen."""

    id: str
    updated: datetime | None
    raw: bytes

    @property
    def digest(self) -> str:
        return sha256(self.raw).hexdigest()[:16]


class Walk(Struct, frozen=True):
    """`newest` is the newest change up to which everything is read; `told` has the digests of the last ones.

    Of a list that is not told oldest first, `token` is the page to ask for next, `reached` the newest change of those
    read by then, and `began` when its first page was told: what changes during the walk is read by the next one.
    """

    newest: datetime | None = None
    told: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    token: str | None = None
    reached: datetime | None = None
    began: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """From when on to ask; None: from the beginning."""
        return self.newest - OVERLAP if self.newest is not None else None

    def news(self, records: Iterable[Stamped]) -> list[bytes]:
        """Those that were not read before just as they are."""
        return [one.raw for one in records if one.id not in self.told or self.told[one.id][1] != one.digest]

    def onward(self, records: Sequence[Stamped]) -> "Walk":
        """After a page of a list that is told oldest first."""
        newest = _latest(self.newest, records)
        return Walk(newest, _last(self.told, records, newest))

    def over(self, records: Sequence[Stamped], token: str | None, at: datetime) -> "Walk":
        """After a page of any other list, which goes on at `token`, or has ended. `at` is when it was told."""
        reached, began = _latest(self.reached or self.newest, records), self.began or at
        told = _last(self.told, records, reached)
        if token is not None:
            return Walk(self.newest, told, token, reached, began)
        return Walk(min(reached, began) if reached is not None else None, told)


def _latest(before: datetime | None, records: Iterable[Stamped]) -> datetime | None:
    told = (one.updated for one in records if one.updated is not None)
    return max((at for at in (before, *told) if at is not None), default=None)


def _last(
    before: dict[str, tuple[datetime, str]], records: Iterable[Stamped], newest: datetime | None
) -> dict[str, tuple[datetime, str]]:
    """The digests of what the next request will tell again."""
    told = {**before, **{one.id: (one.updated, one.digest) for one in records if one.updated is not None}}
    return {id_: last for id_, last in sorted(told.items()) if newest is not None and last[0] >= newest - OVERLAP}


class Glimpse(Struct):
    """As much of a record as has to be seen before it is read, in either spelling."""

    id: str | int | None = None
    updated_at: str | float | None = None
    updated: str | None = field(default=None, name="updatedAt")


_GLIMPSE = msgspec.json.Decoder(Glimpse)


def stamped(raws: Iterable[bytes]) -> list[Stamped]:
    """Records in the order told; what cannot be read is not known by the time of a change either."""
    return [_stamped(raw) for raw in raws]


def _stamped(raw: bytes) -> Stamped:
    try:
        seen: Glimpse = lenient(raw, _GLIMPSE)
        return Stamped(str(seen.id), when(seen.updated_at or seen.updated), raw)
    except (*UNDECODABLE, Unreadable):
        return Stamped(glimpsed(raw), None, raw)
