"""Seals what is secret before it is stored: without the key a copy of the database is no credential."""

import re

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from remit.domain.errors import Invalid

HOW = "make one with `openssl rand -base64 32`"


class Seal:
    """Seals with the first of several keys and opens what any of them sealed, so that keys can be exchanged."""

    def __init__(self, keys: str) -> None:
        """`keys` are separated by commas or spaces. Raises Invalid, which does not show them, unless each is one."""
        told = [key for key in re.split(r"[,\s]+", keys) if key]
        try:
            self._keys = MultiFernet([Fernet(key.replace("+", "-").replace("/", "_")) for key in told])
        except ValueError:  # `from None`: it may quote what was told
            raise Invalid(f"REMIT_SECRET_KEY must hold keys of 32 bytes in base64; {HOW}") from None

    def sealed(self, secret: bytes) -> bytes:
        return self._keys.encrypt(secret)

    def opened(self, sealed: bytes) -> bytes | None:
        """What was sealed; None when it was with another key, or was changed since."""
        try:
            return self._keys.decrypt(sealed)
        except InvalidToken:
            return None  # the caller knows what is lost by it
