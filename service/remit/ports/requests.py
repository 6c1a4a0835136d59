"""Requests that are kept with what they came to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """A request to be done once however often it is sent: `changes` names what was asked, `outcome` is the answer."""

    actor: str
    key: str
    changes: bytes
    outcome: bytes
