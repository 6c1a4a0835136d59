"""Reads records whose shape is declared in settings: which path leads to what, and what the states are called."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from remit.domain.errors import Unreadable
from remit.domain.feedback import FeedbackItem, FeedbackState, offering
from remit.domain.ids import SourceName
from remit_integrations.decoding import instant, lenient, mended, needed
from remit_integrations.feedback.reading import Understood, linked_issues, words

Path = tuple[str, ...]
_EPOCH = re.compile(r"[0-9]{10}(\.[0-9]+)?|[0-9]{13}", re.ASCII)
"""Seconds or milliseconds since 1970, from 2001 on."""
_ANYTHING: "msgspec.json.Decoder[Any]" = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class Shape:
    """Which path leads to what in a record. An empty `updated` is never told: then each record is as it came.

    `states` maps a vendor's words, in small letters, to ours; a word that is not in it cannot be read.
    """

    id: Path
    created: Path
    updated: Path = ()
    state: Path = ()
    states: Mapping[str, FeedbackState] = field(default_factory=dict)
    text: Sequence[Path] = ()
    offers: Mapping[str, Path] = field(default_factory=dict)
    segment: Path = ()
    triaged: Path = ()
    answered: Path = ()
    closed: Path = ()


def understood(raw: bytes, shape: Shape, source: SourceName) -> Understood:
    """A record; raises Unreadable, or what decoding raises."""
    told = lenient(raw, _ANYTHING)
    created = _when(told, shape.created)
    if created is None:
        raise Unreadable(f"there is no time at {'.'.join(shape.created)}")
    updated = _when(told, shape.updated)
    text = "\n".join(filter(None, (_text(told, path) for path in shape.text)))
    item = FeedbackItem(
        source=source,
        id=needed(_name(told, shape.id), "id"),
        created=created,
        updated=max(updated or created, created),
        state=_state(told, shape),
        triaged_at=_when(told, shape.triaged),
        answered_at=_when(told, shape.answered),
        closed_at=_when(told, shape.closed),
        segment=_text(told, shape.segment) or None,
        linked=linked_issues(text),
        offers=offering(**{name: _values(told, path) for name, path in shape.offers.items()}),
    )
    return Understood(item, words(text))


def seen_name(raw: bytes, shape: Shape) -> str | None:
    """The id of a record that cannot be read, as far as it shows."""
    try:
        return needed(_name(_ANYTHING.decode(mended(raw)), shape.id), "id")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Unreadable):
        return None


def at(told: Any, path: Path) -> Any:
    """What is at a path; in a list each member's, joined into one list. None where nothing is."""
    for depth, name in enumerate(path):
        if isinstance(told, list):
            found = [at(one, path[depth:]) for one in told]
            return [one for one in found if one is not None]
        told = told.get(name) if isinstance(told, dict) else None
    return told


def path_of(told: str) -> Path:
    """`data.items` leads to `items` in `data`; raises ValueError."""
    if told and not re.fullmatch(r"[^.\s]+(\.[^.\s]+)*", told):
        raise ValueError("write names joined by full stops, for example data.items")
    return tuple(told.split(".")) if told else ()


def states_of(told: str) -> Mapping[str, FeedbackState]:
    """`open=new, done=closed`; raises ValueError."""
    pairs = [part.partition("=") for part in told.split(",") if part.strip()]
    try:
        return {word.strip().lower(): FeedbackState(ours.strip().lower()) for word, _, ours in pairs}
    except ValueError:
        raise ValueError("write word=state, ..., where states are new, triaged, answered and closed") from None


def offers_of(told: str) -> Mapping[str, Path]:
    """`tags=labels.name, groups=team`; raises ValueError."""
    pairs = [part.partition("=") for part in told.split(",") if part.strip()]
    if not all(re.fullmatch(r"[a-z_]+", name.strip()) and path.strip() for name, _, path in pairs):
        raise ValueError("write field=path, ..., for example tags=labels.name, groups=team")
    return {name.strip(): path_of(path.strip()) for name, _, path in pairs}


def _name(told: Any, path: Path) -> str | int | None:
    found = at(told, path)
    return found if isinstance(found, str) or type(found) is int else None


def _time(told: Any, path: Path) -> str | float | None:
    """A time stamp, or seconds since 1970; milliseconds where it would else be past the year 5000.

    In a CSV a number is written as a text.
    """
    found = at(told, path) if path else None
    if isinstance(found, str) and _EPOCH.fullmatch(found):
        found = float(found)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return found * (1000 if abs(found) < 1e11 else 1)  # as `instant` takes it
    return found if isinstance(found, str) else None


def _when(told: Any, path: Path) -> datetime | None:
    found = _time(told, path)
    try:
        return instant(found) if found not in (None, "") else None
    except Unreadable as wrong:
        raise Unreadable(f"{wrong}, at {'.'.join(path)}") from wrong


def _text(told: Any, path: Path) -> str:
    found = at(told, path) if path else None
    return found if isinstance(found, str) else ""


def _values(told: Any, path: Path) -> list[str]:
    found = at(told, path)
    listed = found if isinstance(found, list) else [found]
    return [str(one) for one in listed if isinstance(one, str) or type(one) is int]


def _state(told: Any, shape: Shape) -> FeedbackState:
    found = at(told, shape.state) if shape.state else None
    if found is None or found == "":
        return FeedbackState.NEW
    word = str(found).lower()
    state = shape.states.get(word) or next((one for one in FeedbackState if one.value == word), None)
    if state is None:
        raise Unreadable(f"there is no state {str(found)!r:.80}; say in the settings which of ours it is")
    return state
