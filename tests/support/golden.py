"""Golden questions and their answers: as they stand in a file, and as a door of the product tells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from remit.domain.intervals import instant_text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """About one responsibility, of an area or of an issue; times as a client writes them, None where left out."""

    area: str | None
    issue: str | None
    responsibility: str
    as_of: str | None
    known_at: str | None

    def __str__(self) -> str:
        times = (("as of", self.as_of), ("known at", self.known_at))
        return " ".join([self.area or self.issue or "", self.responsibility, *(f"{n} {at}" for n, at in times if at)])


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is said but for sentences and ages; `because` holds every statement with a part in it, in codes.

    `known`, `current` and `belongs` are those of an issue, and None of an area.
    """

    outcome: str
    area: str | None = None
    lead: str | None = None
    accountable: str | None = None
    holders: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    known: bool | None = None
    current: str | None = None
    belongs: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a door says: the answer, and every statement that was looked at in vain."""

    answer: Answer
    despite: frozenset[str]


@dataclass(frozen=True, slots=True)
class Golden:
    """A question with its answer by hand, some of what was looked at in vain, and why it is so."""

    question: Question
    answer: Answer
    despite: frozenset[str]
    why: str


@dataclass(frozen=True, slots=True)
class Book:
    """A file of questions about one model: `story` tells how it came about, a step after another."""

    model: str
    story: tuple[Mapping[str, Any], ...]
    questions: tuple[Golden, ...] = field(repr=False)


def book(path: Path) -> Book:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    model = (path.parent / told["model"]).read_text(encoding="utf-8")
    return Book(model, tuple(told["story"]), tuple(map(_golden, told["questions"])))


def _golden(row: Json) -> Golden:
    asked = Question(
        row.get("area"), row.get("issue"), row["responsibility"], _text(row.get("as_of")), _text(row.get("known_at"))
    )
    said = {"area": asked.area} | row["answer"]
    if asked.issue is not None:
        known = said.get("known", True)
        said |= {"known": known, "current": said.get("current", asked.issue) if known else None}
        said["belongs"] = said.get("belongs", said["area"])
    answer = Answer(**said, holders=tuple(row.get("holders", ())), because=tuple(row.get("because", ())))
    return Golden(asked, answer, frozenset(row.get("despite", ())), row["why"])


def _text(at: datetime | None) -> str | None:
    return instant_text(at) if at is not None else None


def told(shape: Json) -> Told:
    """What a door says, given as JSON: of an issue an `IssueOwnership`, of an area `{area, ownership}`."""
    (cell,) = shape["ownership"]
    holders, trace = tuple(map(_holder, cell["holders"])), cell["trace"]
    of_issue: Json = {}
    if "issueKey" in shape:
        of_issue = {
            "known": shape["known"],
            "current": shape["currentKey"],
            "belongs": _key(shape["area"]),
        }
    answer = Answer(
        outcome=cell["outcome"],
        area=_key(cell["area"]),
        lead=_key(cell["lead"]),
        accountable=_key(cell["accountable"]),
        holders=holders,
        because=tuple(_codes(one) for one in trace if one["verdict"] == "CHOSEN"),
        **of_issue,
    )
    return Told(answer, frozenset(_codes(one) for one in trace if one["verdict"] != "CHOSEN"))


def _key(node: Json | None) -> str | None:
    return node["key"] if node is not None else None


def _holder(held: Json) -> str:
    return " ".join(_holder_words(held))


def _holder_words(held: Json) -> Iterator[str]:
    yield from (held["owner"]["key"], held["function"]["key"], held["letter"].lower())
    if held["delegatedFrom"] is not None:
        yield f"for {held['delegatedFrom']['key']}"


def _codes(looked_at: Json) -> str:
    """`split area payments MOST_SPECIFIC`; what has no scope leaves it out."""
    return " ".join(word for word in (looked_at[name] for name in ("step", "layer", "scope", "reason")) if word)
