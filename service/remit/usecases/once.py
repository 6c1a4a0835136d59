"""What is sent again with the same idempotency key is answered again and not done again."""

import hashlib
from collections.abc import Iterable

from remit.domain.errors import Conflict, Invalid
from remit.modelfile.rows import is_text
from remit.ports import Head, Request
from remit.usecases.desk import Desk

LONGEST_KEY = 200


def require_key(key: str | None) -> None:
    """Raises Invalid for an idempotency key that cannot be kept."""
    if key is not None and not (0 < len(key) <= LONGEST_KEY and is_text(key)):
        raise Invalid(f"an idempotency key has between 1 and {LONGEST_KEY} characters, without NUL")


def fingerprint(asked: Iterable[str]) -> bytes:
    """Tells whether two requests ask for the same."""
    return hashlib.sha256("\x1f".join(asked).encode()).digest()


async def earlier(desk: Desk, actor: str, key: str | None, asked: bytes) -> tuple[Request, Head] | None:
    """The first request with this key, and the newest change after it; None for a new key or none.

    Raises Conflict where it asked for something else.
    """
    found = await desk.models.answered(actor, key) if key is not None else None
    if found is not None and found[0].changes != asked:
        raise Conflict("this idempotency key was used for other changes; use a new key for new changes", key=key)
    return found
