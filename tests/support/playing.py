"""What the source contract has to know of a kind of source; each `plays/<name>.py` ends in `PLAY = PlayKind(...)`."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any, cast

from remit_integrations.source import Source
from support.desks import AClock

Payload = dict[str, Any]
Delivery = tuple[Mapping[str, str], bytes]
"""Headers, whose names are in small letters, and the body."""


@dataclass(frozen=True, slots=True)
class Play:
    """A source that is played: its stand-in with these records, and the source's clock to set."""

    source: Source
    clock: AClock
    replace: Callable[[Sequence[Payload]], None]


@dataclass(frozen=True, slots=True)
class PlayKind:
    """How a kind of source is played. `payloads` names the file in `payloads/<name>/`, JSON Lines of records.

    `reached` is how far a source has been read, as a cursor says: anything that can be compared. `strange` adds what
    nobody knows to a record, each of `less` takes away what a record can be without. `receiving` is a source that
    expects deliveries signed with a secret and `delivery` one so signed; both None where the vendor sends nothing.
    """

    payloads: str
    id_of: Callable[[Payload], str]
    played: Callable[[Sequence[Payload]], AbstractAsyncContextManager[Play]]
    reached: Callable[[bytes], Any]
    strange: Callable[[Payload], Payload]
    less: tuple[Callable[[Payload], Payload], ...]
    receiving: Callable[[str], Source] | None = None
    delivery: Callable[[str], Delivery] | None = None
    with_text: Callable[[Payload, str], Payload] | None = None
    """A record whose text is this one; None for a source that brings no feedback."""
    follows_clock: bool = True
    """Whether its cursor goes on with the source's clock, and not only with its records."""


def play_of(kind: str) -> PlayKind:
    return cast("PlayKind", import_module(f"support.plays.{kind}").PLAY)


def hub_signed(secret: str, body: bytes) -> Delivery:
    """Signed as most vendors do."""
    return {"x-hub-signature": f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"}, body
