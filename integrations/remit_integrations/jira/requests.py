"""Requests of Jira Service Management as feedback: what became of an issue, told in the words of a help desk.

A request stays an issue as well, so that the question who is responsible for its key has an answer; it counts as
feedback alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState, PulledFeedback, offering
from remit.domain.records import BacklogEvent, BacklogItem, Pulled, StatusCategory, is_custom, normalised
from remit_integrations.keeping import Keeping

ANSWERED = frozenset({"waiting for customer", "pending customer", "awaiting customer"})
"""What statuses are called in which it is the customer's turn, in small letters; the first is the vendor's own."""

STATES = {
    StatusCategory.NEW: FeedbackState.NEW,
    StatusCategory.IN_PROGRESS: FeedbackState.TRIAGED,
    StatusCategory.DONE: FeedbackState.CLOSED,
    StatusCategory.UNKNOWN: FeedbackState.NEW,
}


def requests(
    pulled: Iterable[Pulled], events: Iterable[BacklogEvent], types: Collection[str], keeping: Keeping
) -> tuple[tuple[PulledFeedback, ...], tuple[FeedbackAct, ...]]:
    """Those of the issues that are of one of these types, and what agents did with them, given all their changes."""
    mine = {one.item.id: one for one in pulled if normalised(one.item.type) in types}
    told: dict[str, list[BacklogEvent]] = defaultdict(list)
    for event in events:
        if event.item_id in mine and not is_custom(event):
            told[event.item_id].append(event)
    acts = {id_: _acts(one.item, told[id_]) for id_, one in mine.items()}
    items = (keeping.pulled(_item(one.item, acts[id_]), one.item.summary, one.raw) for id_, one in mine.items())
    return tuple(items), tuple(act for found in acts.values() for act in found)


def _item(issue: BacklogItem, acts: Sequence[FeedbackAct]) -> FeedbackItem:
    state = FeedbackState.ANSWERED if issue.status.lower() in ANSWERED else STATES[issue.category]
    return FeedbackItem(
        source=issue.source,
        id=issue.id,
        created=issue.created,
        updated=issue.updated,
        state=FeedbackState.TRIAGED if state is FeedbackState.NEW and acts else state,
        answered_at=min((act.at for act in acts if act.kind is ActKind.ANSWERED), default=None),
        closed_at=issue.resolved,
        offers=offering(
            components=issue.components, labels=issue.labels, projects=(issue.project,), types=(issue.type,)
        ),
    )


def _acts(issue: BacklogItem, events: Iterable[BacklogEvent]) -> tuple[FeedbackAct, ...]:
    """What anybody but the reporter did. A change that also sets or clears the resolution is that, and nothing else."""
    changes: dict[str, dict[str, BacklogEvent]] = defaultdict(dict)
    for event in events:
        if event.author is None or event.author != issue.reporter:
            changes[event.change_id][event.field.lower()] = event
    found = [(event, kind) for change in changes.values() for event, kind in _kinds(change)]
    return tuple(FeedbackAct(issue.source, issue.id, one.change_id, one.at, kind, one.author) for one, kind in found)


def _kinds(change: dict[str, BacklogEvent]) -> list[tuple[BacklogEvent, ActKind]]:
    """The one thing that a change comes to; nothing where it says nothing of a help desk."""
    if (resolved := change.get("resolution")) is not None:
        return [(resolved, ActKind.CLOSED if resolved.to_value else ActKind.REOPENED)]
    if (moved := change.get("status")) is not None:
        return [(moved, ActKind.ANSWERED if (moved.to_text or "").lower() in ANSWERED else ActKind.TRIAGED)]
    assigned = change.get("assignee")
    return [(assigned, ActKind.TRIAGED)] if assigned is not None else []
