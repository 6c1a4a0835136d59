"""E-mail addresses in texts: they are blotted out before a text is kept, or told to anybody."""

import re

BLOTTED = "[address]"
_ENDS = r"\s@<>\"',;:()\[\]"
_ADDRESS = re.compile(rf"(?:\"[^\"]*\"|(?<![^{_ENDS}])[^{_ENDS}]+)(?:@|%40)[^{_ENDS}]+", re.IGNORECASE)
"""Whatever stands on both sides of an at sign, also where an address is part of an URL. Rather too much than a part.

Looked for from the beginning of a word only: from each of its letters on, one long word would take for ever.
"""


def without_addresses(text: str) -> str:
    """The text with something else in place of each address."""
    return _ADDRESS.sub(BLOTTED, text)
