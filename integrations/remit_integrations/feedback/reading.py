"""Reads a vendor's records of feedback into a page; what cannot be read is parked, and the rest goes on."""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from remit.domain.errors import Unreadable
from remit.domain.feedback import FeedbackAct, FeedbackItem, PulledFeedback
from remit.domain.ids import SourceName
from remit.domain.records import Gone, Parked
from remit.usecases.take_records import Page
from remit_integrations.decoding import UNDECODABLE, glimpsed, instant
from remit_integrations.keeping import Keeping

_TAG = re.compile(r"<[^<>]*>")
_BROWSED = re.compile(r"/browse/([A-Z][A-Z0-9_]{1,100}-[1-9][0-9]{0,17})\b")


@dataclass(frozen=True, slots=True)
class Understood:
    """A record in our words, its whole text beside it: how much of that may be kept is not the reader's to say."""

    item: FeedbackItem
    text: str
    acts: tuple[FeedbackAct, ...] = ()


Reader = Callable[[bytes], Understood | Gone | None]
"""One record; None for one that is no feedback. Raises Unreadable, or what decoding raises."""


def page_of(
    raws: Iterable[bytes],
    read: Reader,
    source: SourceName,
    keeping: Keeping,
    *,
    cursor: bytes | None = None,
    seen_id: Callable[[bytes], str] = glimpsed,
) -> Page:
    """A page of all that was told. `seen_id` names a record that cannot be read as it would be named if it could."""
    items, acts, gone, parked = list[PulledFeedback](), list[FeedbackAct](), list[Gone](), list[Parked]()
    for raw in raws:
        try:
            told = read(raw)
        except (*UNDECODABLE, Unreadable) as wrong:
            parked.append(keeping.parked(source, seen_id(raw), str(wrong), raw))
            continue
        if isinstance(told, Gone):
            gone.append(told)
        elif told is not None:
            items.append(keeping.pulled(told.item, told.text, raw))
            acts.extend(told.acts)
    return Page(parked=tuple(parked), cursor=cursor, gone=tuple(gone), feedback=tuple(items), acts=tuple(acts))


def when(told: str | float | None) -> datetime | None:
    """An instant that may be missing: a time stamp, or seconds since 1970; raises Unreadable."""
    if told is None or told == "":
        return None
    return instant(told * 1000 if isinstance(told, int | float) else told)


def words(told: str | None) -> str:
    """What a text in HTML says."""
    return " ".join(html.unescape(_TAG.sub(" ", told or "")).split())


def linked_issues(text: str) -> tuple[str, ...]:
    """The keys of Jira issues whose addresses a text holds. A key alone may be anything, such as UTF-8."""
    return tuple(sorted(set(_BROWSED.findall(text))))
