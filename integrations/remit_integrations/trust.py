"""Which certificate authorities are trusted: read once, and again when the environment or its file says otherwise."""

import os
import ssl
from functools import lru_cache

import httpx

AS_TOLD = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def trusted() -> ssl.SSLContext:
    """What is trusted by the environment of now; raises OSError where that names no certificates.

    Reading some hundred authorities takes 20 to 40 ms (measured 2026-11), which each poll of a source would pay.
    """
    return _read(tuple(_stamp(name) for name in AS_TOLD))


@lru_cache(maxsize=2)
def _read(_: tuple[object, ...]) -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _stamp(name: str) -> object:
    """What a variable says, and which version of the file that is; one that is missing is looked for again."""
    path = os.environ.get(name)
    if not path:
        return None
    try:
        found = os.stat(path)
    except OSError:
        return path
    return path, found.st_ino, found.st_mtime_ns, found.st_size
