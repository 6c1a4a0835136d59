"""Reads an answer of Jira's as a whole."""

from typing import Any

import msgspec

from remit_integrations.decoding import whole


def decoded(body: bytes, shape: Any, what: str) -> Any:
    """A payload's outer shape; raises Unavailable when a page as a whole is not what it should be."""
    return whole(body, msgspec.json.Decoder(shape), f"Jira's answer about {what}")
