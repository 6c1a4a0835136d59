"""What settings of several vendors look like: addresses and secrets that can be sent."""

import re
from typing import Annotated

from pydantic import AfterValidator, SecretStr


def _is_an_address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
        raise ValueError("write an address such as https://acme.zendesk.com, without a user or a question mark")
    return url.rstrip("/")


def _can_be_sent(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]+", secret.get_secret_value()):
        raise ValueError("write it without spaces, line breaks and letters beyond ASCII, as it was given out")
    return secret


Address = Annotated[str, AfterValidator(_is_an_address)]
Token = Annotated[SecretStr, AfterValidator(_can_be_sent)]
