"""Reads notes of Productboard: its words in, ours out."""

import msgspec
from msgspec import Struct

from remit.domain.feedback import FeedbackItem, FeedbackState, offering
from remit.domain.ids import SourceName
from remit_integrations.decoding import instant, lenient, needed
from remit_integrations.feedback.reading import Understood, linked_issues, words

NAME = SourceName("productboard")


class Tag(Struct):
    name: str | None = None


class Part(Struct):
    """One message of a note that is a conversation."""

    content: str | None = None


class Fields(Struct):
    name: str | None = None
    content: str | list[Part] | dict[str, object] | None = None
    tags: list[Tag | str] | None = None
    archived: bool | None = None
    processed: bool | None = None


class Origin(Struct):
    system: str | None = None


class Metadata(Struct):
    source: Origin | None = None


class Note(Struct, rename="camel"):
    id: str
    created_at: str
    updated_at: str
    type: str | None = None
    fields: Fields | None = None
    metadata: Metadata | None = None


def read_note(raw: bytes) -> Understood:
    """A note; raises Unreadable. Productboard tells that it was processed or archived, but not when."""
    note: Note = lenient(raw, _NOTE)
    fields = note.fields or Fields()
    origin = note.metadata.source if note.metadata is not None else None
    content = _content(fields.content)
    item = FeedbackItem(
        source=NAME,
        id=needed(note.id, "id"),
        created=instant(note.created_at),
        updated=instant(note.updated_at),
        state=_state(fields),
        linked=linked_issues(content),
        offers=offering(
            tags=[tag.name if isinstance(tag, Tag) else tag for tag in fields.tags or ()],
            kinds=(note.type,),
            channels=(origin.system if origin is not None else None,),
        ),
    )
    return Understood(item, "\n".join(filter(None, (words(fields.name), words(content)))))


def _state(fields: Fields) -> FeedbackState:
    """Archived notes always say that they are not processed (2026)."""
    if fields.archived:
        return FeedbackState.CLOSED
    return FeedbackState.TRIAGED if fields.processed else FeedbackState.NEW


def _content(told: str | list[Part] | dict[str, object] | None) -> str:
    """HTML; of a conversation the messages one after another. What is structured otherwise has no text."""
    if isinstance(told, list):
        return "\n".join(part.content for part in told if part.content)
    return told if isinstance(told, str) else ""


_NOTE = msgspec.json.Decoder(Note)
