"""Feedback a test names: items, acts and pages of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState, PulledFeedback, offering
from remit.domain.ids import SourceName
from remit.domain.records import BacklogItem
from remit.usecases.take_records import Page
from support.desks import NOW

DESK = SourceName("zendesk")


def an_item(id_: str = "1", /, *, tags: tuple[str, ...] = ("payments",), **said: Any) -> FeedbackItem:
    """A new item of three days ago; `said` replaces any field."""
    created = NOW - timedelta(days=3)
    item = FeedbackItem(DESK, id_, created, created, FeedbackState.NEW, offers=offering(tags=tags))
    return replace(item, **said)


def as_request(issue: BacklogItem, **said: Any) -> FeedbackItem:
    """What the source of an issue says of it where it is a request as well."""
    offers = offering(projects=(issue.project,), types=(issue.type,))
    item = FeedbackItem(issue.source, issue.id, issue.created, issue.updated, FeedbackState.NEW, offers=offers)
    return replace(item, **said)


def an_act(item_id: str = "1", kind: ActKind = ActKind.TRIAGED, at: datetime = NOW, id_: str = "a-1") -> FeedbackAct:
    return FeedbackAct(DESK, item_id, id_, at, kind, "agent-1")


def said(*items: FeedbackItem, **also: Any) -> Page:
    """A page of these items."""
    return Page(feedback=tuple(PulledFeedback(item, b"{}") for item in items), cursor=b"next", **also)
