"""Typed keys of what Remit talks about, and the opaque global ids made from them."""

import base64
import binascii
from typing import NewType

from remit.domain.errors import Invalid

AreaKey = NewType("AreaKey", str)
FunctionKey = NewType("FunctionKey", str)
OwnerKey = NewType("OwnerKey", str)
"""Of a person or a team: they share one namespace (R2)."""
ResponsibilityKey = NewType("ResponsibilityKey", str)
SourceName = NewType("SourceName", str)

ALL = ResponsibilityKey("all")
"""Reserved: an assignment for every responsibility of its function (R2)."""


def node_id(kind: str, key: str) -> str:
    """The global id of a node, for example of ("Area", "payments"). Opaque to clients, stable for ever."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def parse_node_id(identifier: str) -> tuple[str, str]:
    """The (kind, key) behind a global id; raises Invalid for anything this service never handed out."""
    try:
        kind, colon, key = (
            base64.b64decode(identifier + "=" * (-len(identifier) % 4), altchars=b"-_", validate=True)
            .decode()
            .partition(":")
        )
    except (binascii.Error, UnicodeError, ValueError):
        kind = colon = key = ""
    if not (kind and colon and key):
        raise Invalid("this id was not made by Remit; use the `id` of an answer", id=identifier)
    return kind, key
