"""Reads issues and discussions of GitHub: its words in, ours out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct

from remit.domain.errors import Unreadable
from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState, offering
from remit.domain.ids import SourceName
from remit_integrations.decoding import clean, instant, lenient
from remit_integrations.feedback.reading import Understood, linked_issues, when

NAME = SourceName("github")
STATES = ("open", "closed")
OURS = ("OWNER", "MEMBER", "COLLABORATOR")
"""Who belongs to the organisation, as GitHub says of whoever wrote something."""


class Named(Struct):
    name: str | None = None
    login: str | None = None


class Comment(Struct):
    """A comment on an issue, as the REST API tells it."""

    id: int
    created_at: str
    user: Named | None = None
    author_association: str | None = None


class Issue(Struct):
    number: int
    created_at: str
    updated_at: str
    user: Named | None = None
    title: str | None = None
    body: str | None = None
    state: str | None = None
    closed_at: str | None = None
    labels: list[Named | str] | None = None
    assignees: list[Named] | None = None
    milestone: dict[str, object] | None = None
    type: Named | None = None
    author_association: str | None = None
    comments: int | None = None
    pull_request: dict[str, object] | None = None


class Reply(Struct, rename="camel"):
    """A comment on a discussion, as the GraphQL API tells it."""

    id: str
    created_at: str
    author: Named | None = None
    author_association: str | None = None


class Replies(Struct):
    nodes: list[Reply] | None = None


class Labels(Struct):
    nodes: list[Named] | None = None


class Discussion(Struct, rename="camel"):
    number: int
    created_at: str
    updated_at: str
    author: Named | None = None
    title: str | None = None
    body: str | None = None
    closed: bool | None = None
    closed_at: str | None = None
    answer_chosen_at: str | None = None
    author_association: str | None = None
    category: Named | None = None
    labels: Labels | None = None
    comments: Replies | None = None


def issue_id(repository: str, number: int) -> str:
    return f"{repository}#{number}"


def discussion_id(repository: str, number: int) -> str:
    return f"{repository}/discussions/{number}"


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said something about an item: one of ours, or a customer. Its author answers nobody."""

    id: str
    at: datetime
    who: str | None
    is_ours: bool


def read_issue(repository: str, comments: Mapping[int, Sequence[Comment]], raw: bytes) -> Understood | None:
    """An issue with its comments; None for a pull request, which GitHub lists as an issue. Raises Unreadable."""
    issue: Issue = lenient(raw, _ISSUE)
    if issue.pull_request is not None:
        return None
    if issue.state not in STATES:
        raise Unreadable(f"there is no state {issue.state!r:.80}")
    said = [
        _said(str(one.id), one.created_at, one.user, issue.user, one.author_association)
        for one in comments.get(issue.number, ())
    ]
    text, labels = _text(issue.title, issue.body), _names(issue.labels)
    is_filed = bool(labels or issue.assignees or issue.milestone)
    item = FeedbackItem(
        source=NAME,
        id=issue_id(repository, issue.number),
        created=instant(issue.created_at),
        updated=instant(issue.updated_at),
        state=_state(said, is_closed=issue.state == "closed", is_filed=is_filed),
        answered_at=min((one.at for one in said if one.is_ours), default=None),
        closed_at=when(issue.closed_at),
        segment=_segment(issue.author_association),
        linked=linked_issues(text),
        offers=offering(repositories=(repository,), tags=labels, kinds=("issue",), types=_names([issue.type])),
    )
    return Understood(item, text, _acts(item.id, said))


def read_discussion(repository: str, raw: bytes) -> Understood:
    """A discussion with its comments; raises Unreadable."""
    told: Discussion = lenient(raw, _DISCUSSION)
    replies = (told.comments.nodes if told.comments is not None else None) or ()
    said = [_said(one.id, one.created_at, one.author, told.author, one.author_association) for one in replies]
    text, labels = _text(told.title, told.body), _names(told.labels.nodes if told.labels is not None else None)
    chosen = when(told.answer_chosen_at)
    answers = [one.at for one in said if one.is_ours] + ([chosen] if chosen is not None else [])
    state = _state(said, is_closed=bool(told.closed), is_filed=bool(labels))
    item = FeedbackItem(
        source=NAME,
        id=discussion_id(repository, told.number),
        created=instant(told.created_at),
        updated=instant(told.updated_at),
        state=FeedbackState.ANSWERED if chosen is not None and not told.closed else state,
        answered_at=min(answers, default=None),
        closed_at=when(told.closed_at),
        segment=_segment(told.author_association),
        linked=linked_issues(text),
        offers=offering(
            repositories=(repository,), tags=labels, kinds=("discussion",), categories=_names([told.category])
        ),
    )
    return Understood(item, text, _acts(item.id, said))


def _said(id_: str, at: str, who: Named | None, author: Named | None, association: str | None) -> Said:
    login = who.login if who is not None else None
    is_author = author is not None and login is not None and login == author.login
    return Said(id_, instant(at), login, association in OURS and not is_author)


def _state(said: Sequence[Said], *, is_closed: bool, is_filed: bool) -> FeedbackState:
    """Closed; else answered when the last word is ours; else triaged when anybody of us has dealt with it."""
    if is_closed:
        return FeedbackState.CLOSED
    in_order = sorted(said, key=lambda one: one.at)
    if in_order and in_order[-1].is_ours:
        return FeedbackState.ANSWERED
    return FeedbackState.TRIAGED if is_filed or any(one.is_ours for one in said) else FeedbackState.NEW


def _acts(id_: str, said: Sequence[Said]) -> tuple[FeedbackAct, ...]:
    return tuple(
        FeedbackAct(NAME, id_, one.id, one.at, ActKind.ANSWERED, clean(one.who) if one.who else None)
        for one in said
        if one.is_ours
    )


def _segment(association: str | None) -> str | None:
    return association.lower() if association else None


def _names(told: Iterable[Named | str | None] | None) -> list[str]:
    names = (one.name if isinstance(one, Named) else one for one in told or ())
    return [name for name in names if name]


def _text(title: str | None, body: str | None) -> str:
    return "\n".join(filter(None, (title, body)))


_ISSUE = msgspec.json.Decoder(Issue)
_DISCUSSION = msgspec.json.Decoder(Discussion)
