"""How much of what customers write is kept: nothing, the beginning, or all of it; and never an e-mail address."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from remit.domain.addresses import without_addresses
from remit.domain.feedback import FeedbackItem, PulledFeedback
from remit.domain.ids import SourceName
from remit.domain.records import Parked

EXCERPT = 280
"""Characters of a text that tell what it is about, and seldom who wrote it."""
NO_JSON = b'"[not kept]"'
_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")


class Texts(StrEnum):
    """`REMIT_FEEDBACK_TEXT`."""

    NONE = "none"
    EXCERPT = "excerpt"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What may be kept of feedback. Every source passes what it read through `pulled` or `parked`."""

    texts: Texts = Texts.EXCERPT

    def pulled(self, item: FeedbackItem, text: str, payload: bytes) -> PulledFeedback:
        """An item with as much of its text and its payload as may be kept. The payload is JSON."""
        kept = replace(
            item,
            segment=scrubbed(item.segment) if item.segment is not None else None,
            linked=tuple(map(scrubbed, item.linked)),
            offers=tuple((field, tuple(map(scrubbed, values))) for field, values in item.offers),
            excerpt=self.text(text),
        )
        return PulledFeedback(kept, self.payload(payload))

    def parked(self, source: SourceName, id_: str, why: str, payload: bytes) -> Parked:
        """What is kept in place of an item that cannot be read; of a payload that is no JSON nothing is."""
        return Parked(source, scrubbed(id_), scrubbed(why)[:1000], self.payload(payload))

    def text(self, told: str) -> str:
        """As much of what a customer wrote as may be kept."""
        if self.texts is Texts.NONE:
            return ""
        words = scrubbed(" ".join(told.split()) if self.texts is Texts.EXCERPT else told)
        return words if self.texts is Texts.FULL or len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…"

    def payload(self, raw: bytes) -> bytes:
        """A payload of the same shape, its strings shortened. Where no text is kept, no string of several words is."""
        try:
            return json.dumps(self._kept(json.loads(raw)), ensure_ascii=False, separators=(",", ":")).encode(
                errors="replace"
            )
        except (ValueError, RecursionError):
            return NO_JSON

    def _kept(self, told: Any) -> Any:
        if isinstance(told, str):
            return "" if self.texts is Texts.NONE and len(told.split()) > 1 else self._short(told)
        if isinstance(told, Mapping):
            return {scrubbed(str(name)): self._kept(value) for name, value in told.items()}
        return [self._kept(value) for value in told] if isinstance(told, list) else told

    def _short(self, told: str) -> str:
        words = scrubbed(told)
        return words if self.texts is Texts.FULL or len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…"


EXCERPTS = Keeping()
HINTS = Keeping(Texts.NONE)
"""What is kept of a delivery. It only says what to read again, so that nothing of what people write is needed."""


def scrubbed(text: str) -> str:
    """The text without e-mail addresses, and without what PostgreSQL cannot hold: NUL, and halves of emoji."""
    return without_addresses(_UNHOLDABLE.sub("\ufffd", text))
