"""Random lives of issues: what each was at every instant, and the changes Jira would tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from remit.domain.records import BacklogEvent, BacklogItem, StatusCategory
from support.desks import JIRA, NOW

HOUR = timedelta(hours=1)
BEGINNING = NOW - timedelta(days=30)
TEAM = "customfield_10001"
COMPONENTS = ("Cart", "Pay", "Docs")
PARENT_FIELDS = (("Epic Link", "customfield_10014"), ("Parent", None), ("IssueParentAssociation", None))


@dataclass(frozen=True, slots=True)
class Life:
    """An issue from its creation on: since when it was what, oldest first, and how that was told."""

    states: tuple[tuple[datetime, BacklogItem], ...]
    events: tuple[BacklogEvent, ...] = ()

    @property
    def created(self) -> datetime:
        return self.states[0][0]

    def at(self, instant: datetime) -> BacklogItem:
        """The state at an instant from the creation on."""
        return [state for since, state in self.states if since <= instant][-1]

    def until(self, instant: datetime) -> tuple[BacklogEvent, ...]:
        return tuple(event for event in self.events if event.at <= instant)

    def keys(self, until: datetime) -> frozenset[str]:
        """Every key it had by then, one that it had for no time at all included."""
        had = {state.key for since, state in self.states if since <= until}
        return frozenset(
            had | {event.from_text for event in self.until(until) if event.field == "Key" and event.from_text}
        )


def ancestors(whole: Sequence[Life], item: BacklogItem, at: datetime, known_at: datetime) -> list[frozenset[str]]:
    """All keys known then of each issue above, nearest first; above one that was not yet known nothing is."""
    above: list[frozenset[str]] = []
    climbed = {item.id}
    while item.parent is not None:
        parent = next(life for life in whole if item.parent in life.keys(NOW))
        item = parent.at(at)
        if item.id in climbed:
            break
        climbed.add(item.id)
        above.append(parent.keys(known_at))
    return above


@st.composite
def lives(draw: st.DrawFn, count: int = 1, kinds: Sequence[str] | None = None) -> tuple[Life, ...]:
    """So many issues, `SHOP-1` on; each may be moved and put below any other, by the key that one has just then.

    A move adds ten to the number. `kinds` are the edits that happen, one as often as it is named (None: each).
    """
    begun = [BEGINNING + draw(st.integers(0, 20)) * HOUR for _ in range(count)]
    whole = tuple(Life(((at, _an_item(number, at)),)) for number, at in enumerate(begun, 1))
    now = BEGINNING
    for turn in range(draw(st.integers(1, 8)) * count):
        now += draw(st.integers(0, 12)) * HOUR
        there = [index for index, life in enumerate(whole) if life.created <= now]
        if there:
            index = draw(st.sampled_from(there))
            others = [None, *(whole[n].at(now).key for n in there if n != index)]
            edits = [draw(st.sampled_from(kinds or EDITS)) for _ in range(draw(st.integers(1, 2)))]
            changed = _lived(draw, whole[index], edits, now, turn, others)
            whole = (*whole[:index], changed, *whole[index + 1 :])
    return whole


def _an_item(number: int, at: datetime) -> BacklogItem:
    return BacklogItem(
        JIRA, str(number), f"SHOP-{number}", "SHOP", "Bug", "Issue", "Open", StatusCategory.UNKNOWN, at, at
    )


Others = Sequence[str | None]


def _lived(draw: st.DrawFn, life: Life, edits: Sequence[str], at: datetime, turn: int, others: Others) -> Life:
    """One history entry later: its items in the order the edits were made."""
    item, told = life.states[-1][1], []
    for edit in edits:
        changes, event = _edited(draw, item, edit, others)
        item = replace(item, **changes)
        told.append(BacklogEvent(JIRA, item.id, str(turn), len(told), at, **event))
    item = replace(item, updated=at)
    return Life((*life.states, (at, item)), (*life.events, *told))


def _edited(draw: st.DrawFn, item: BacklogItem, edit: str, others: Others) -> tuple[dict[str, Any], Any]:
    """What the edit makes of the item, and the words of its event."""
    match edit:
        case "move":
            project = draw(st.sampled_from(["SHOP", "PAY", "BIG-PAY"]))
            key = f"{project}-{int(item.key.rpartition('-')[2]) + 10}"
            return {"key": key, "project": project}, _words("Key", item.key, key)
        case "components":
            name = draw(st.sampled_from(COMPONENTS))
            if name in item.components:
                kept = tuple(one for one in item.components if one != name)
                return {"components": kept}, _words("Component", name, None)
            return {"components": (*item.components, name)}, _words("Component", None, name)
        case "labels":
            labels = tuple(draw(st.lists(st.sampled_from("xyz"), unique=True)))
            return {"labels": labels}, _words("labels", " ".join(item.labels) or None, " ".join(labels) or None)
        case "parent":
            key = draw(st.sampled_from(list(others)))
            field, field_id = draw(st.sampled_from(PARENT_FIELDS))
            return {"parent": key}, _words(field, item.parent, key) | {"field_id": field_id}
        case "team":
            team = draw(st.sampled_from([(), ("1", "Red"), ("2", "Blue")]))
            told = {"from_value": (*item.team, None)[0], "to_value": (*team, None)[0], "field_id": TEAM}
            return {"team": team}, _words("Team", (*item.team, None, None)[1], (*team, None, None)[1]) | told
        case "assignee":
            who = draw(st.sampled_from([None, "ana", "bea"]))
            return {"assignee": who}, {"field": "assignee", "from_value": item.assignee, "to_value": who}
        case "noise":
            return {}, _words("Rank", "", "Ranked higher") | {"field_id": "customfield_10019"}
    name, field, values = PLAIN[edit]
    value = draw(st.sampled_from(values))
    return {name: value}, _words(field, getattr(item, name), value)


def _words(field: str, before: str | None, after: str | None) -> dict[str, Any]:
    return {"field": field, "from_text": before, "to_text": after}


PLAIN: dict[str, tuple[str, str, Sequence[Any]]] = {
    "type": ("type", "issuetype", ("Bug", "Story", "Epic")),
    "status": ("status", "status", ("Open", "Closed")),
    "priority": ("priority", "priority", (None, "Low", "High")),
    "summary": ("summary", "summary", ("Issue", "Another")),
}
EDITS = ("move", "components", "labels", "parent", "team", "assignee", "noise", *PLAIN)
