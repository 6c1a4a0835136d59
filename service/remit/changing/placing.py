"""At which change a mistake of the whole model stands, and at which of its fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from remit.changing.draft import Draft, place
from remit.domain.areas import Area
from remit.domain.changes import KEPT, Change, EndRow, HandOver, SetArea
from remit.domain.errors import Problem
from remit.domain.facts import FactKind
from remit.domain.model import of_type
from remit.modelfile.checks import Belief, Believed

FIELDS: Mapping[str, tuple[str, ...]] = {
    "CYCLE": ("parent",),
    "TWO_ROOTS": ("parent",),
    "REVIEW_PAST": ("review",),
    "NAME_TAKEN": ("key",),
    "RESERVED": ("key", "responsibility", "responsibilities"),
    "IDENTITY_TAKEN": ("email",),
    "UNKNOWN_SKILL": ("skills",),
    "TIED_SELECTOR": ("jira",),
    "SHADOWED_SELECTOR": ("jira",),
    "OTHER_FUNCTION": ("owner",),
    "TWO_ACCOUNTABLES": ("letter",),
    "DELEGATION_LOOP": ("to_person",),
    "THRESHOLD": ("watch",),
    "EMPTY_NAME": ("name", "area", "person"),
    "EMAIL": ("email", "person"),
}
"""Which field of a change is to be mended: the first of these that the change has."""
NAMING: Mapping[str, str] = {
    "parent": "area",
    "area": "area",
    "function": "function",
    "lead": "function",
    "support": "function",
    "consulted": "function",
    "responsibility": "responsibility",
    "responsibilities": "responsibility",
    "lenses": "lens",
    "owner": "person or team",
    "members": "person",
    "from_person": "person",
    "to_person": "person",
    "person": "person",
    "signal": "signal",
}
"""What each field names, in the words in which checks say that there is none."""
EVERYWHERE = "changes"
"""Where a mistake stands that no single change makes."""


@dataclass(frozen=True, slots=True)
class Placing(Believed):
    """A whole model whose problems are told at the changes that cause them."""

    draft: Draft
    changes: Sequence[Change]

    @property
    def told(self) -> Sequence[Belief]:
        """Everything that holds now or later: what a change says may sit badly with what was there."""
        return [fact for fact in self.facts if fact.valid.end is None or fact.valid.end > self.draft.now]

    def problem(self, code: str, message: str, fact: Belief) -> Problem:
        told = self.draft.said_by(fact)
        if told is not None:
            return Problem(code, message, place(told, _field(self.changes[told], code, message)))
        for index in self._named_in(message):
            if code == "UNKNOWN_KEY" and isinstance(self.changes[index], EndRow | HandOver):
                said = f"{fact.kind} {fact.key} names it after that; end that too, or let it name another"
                return Problem("STILL_NAMED", said, place(index, "at"))
            return Problem(code, f"{fact.kind} {fact.key}: {message}", place(index))
        return Problem(code, message, f"{fact.kind} {fact.key}")

    def place_of_the_end(self) -> str:
        """Which change leaves a model without an organisation: the last one of a row that was one."""
        roots = {fact.key for fact in of_type(self.draft.believed, Area) if fact.body.parent is None}
        touched = (index for (kind, key), index in self.draft.touched.items() if kind is FactKind.AREA and key in roots)
        index = max(touched, default=None)
        if index is None:
            return EVERYWHERE
        change = self.changes[index]
        return place(index, "parent" if isinstance(change, SetArea) and change.parent is not KEPT else "key")

    def place_of(self, fact: Belief) -> str:
        told = self.draft.said_by(fact)
        return place(told) if told is not None else Believed.place_of(self, fact)

    def _named_in(self, message: str) -> Iterator[int]:
        """Changes of the rows that a sentence names, as checks name them."""
        for (_, key), index in self.draft.touched.items():
            if repr(key) in message or f"see {key} [" in message or place(index) in message:
                yield index


def _field(change: Change, code: str, message: str) -> str:
    """The field that names what the sentence says is not there, else the one such a mistake is mended at."""
    if isinstance(change, HandOver) and code not in ("EMPTY_NAME", "EMAIL"):
        return "to"
    if code == "UNKNOWN_KEY":
        named = ((field, _texts(getattr(change, field, ()))) for field in NAMING)
        return next((field for field, keys in named if any(f"{NAMING[field]} {key!r}" in message for key in keys)), "")
    if code == "IDENTITY_TAKEN" and "same identity" in message:
        return "identities"
    return next((known for known in FIELDS.get(code, ()) if hasattr(change, known)), "")


def _texts(value: object) -> Iterator[str]:
    """The texts of a field, those of its entries where it has several."""
    if isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield value.strip()
