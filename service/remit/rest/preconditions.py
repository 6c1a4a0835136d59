"""`If-Match`: a change is made only where the model is at one of the versions named (RFC 9110, section 13.1.1)."""

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Header

from remit.domain.errors import Invalid, Stale
from remit.usecases.apply_model import version_in_force
from remit.usecases.desk import Desk

IfMatch = Annotated[
    list[str] | None,
    Header(description="One or several `ETag`s of the model, as of that this was made from; `*` is any there is."),
]
ANY = "*"
_TAG = r'(?:W/)?"([^"\s]*)"|([^",\s*]+)'
_LIST = re.compile(rf"(?:{_TAG})(?:[ \t]*,[ \t]*(?:{_TAG})?)*")


async def required_version(desk: Desk, if_match: Sequence[str] | None) -> str | None:
    """The version in force, where it is one that is named; None where nothing is asked of it.

    Raises Stale where the model is at another version, or there is none yet, and Invalid for what is no list of tags.
    """
    if if_match is None:
        return None
    named = _versions(", ".join(if_match).strip(" \t,"))
    version = await version_in_force(desk)
    if version is None:
        raise Stale("there is no model yet that `If-Match` could name; leave it out to make the first one")
    if version not in named and ANY not in named:
        told = " or ".join(named)
        raise Stale(f"the model is at version {version}, not {told}; look at what has changed and repeat")
    return version


def _versions(told: str) -> tuple[str, ...]:
    """What is between the quotes. A mark of weakness changes nothing: a version names its content to the letter, and
    proxies that compress put the mark there. Neither do missing quotes.
    """
    if told == ANY:
        return (ANY,)
    if not _LIST.fullmatch(told):
        raise Invalid('`If-Match` is `*`, or a list of ETags with commas between them, such as "a1", "b2"')
    return tuple(dict.fromkeys(quoted or bare for quoted, bare in re.findall(_TAG, told)))
