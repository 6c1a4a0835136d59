"""Reads the comments on all issues of a repository of GitHub at once, a hundred at a time.

Asked for issue by issue, the 5,000 issues of a first reading take as many requests, which is what an account has in an
hour. The list has those on pull requests as well, as GitHub does not tell them apart.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import msgspec

from remit_integrations.decoding import whole
from remit_integrations.feedback.github_issues import Comment
from remit_integrations.http import Answer, Caller

PAGE = 100
MOST_PAGES = 300
"""Five minutes of requests at the usual budget. What lies beyond is asked for issue by issue."""


class Placed(Comment):
    """A comment beside the address of what it is on."""

    issue_url: str | None = None


async def comments_of(call: Caller, repository: str, number: int) -> list[Comment]:
    """Those on one issue."""
    found: list[Comment] = []
    asked: dict[str, str | int] | None = {"per_page": PAGE}
    while asked is not None:
        answer = await call.ask(f"/repos/{repository}/issues/{number}/comments", asked)
        found += whole(answer.body, _COMMENTS, "GitHub's answer about comments")
        asked = next_of(answer)
    return found


async def all_comments(call: Caller, repository: str) -> Mapping[int, Sequence[Comment]]:
    """By the number of the issue; the oldest ones first, so that what comes meanwhile shifts no page.

    One that is deleted meanwhile may hide another: an issue of which not all are here is to be asked by itself.
    """
    found: dict[int, list[Comment]] = defaultdict(list)
    asked: dict[str, str | int] | None = {"sort": "created", "direction": "asc", "per_page": PAGE}
    for _ in range(MOST_PAGES):
        answer = await call.ask(f"/repos/{repository}/issues/comments", asked)
        told: list[Placed] = whole(answer.body, _PLACED, "GitHub's answer about comments")
        for comment in told:
            named = _NUMBER.search(comment.issue_url or "")
            if named is not None:
                found[int(named[1])].append(comment)
        asked = next_of(answer)
        if asked is None:
            break
    return found


def next_of(answer: Answer) -> dict[str, str | int] | None:
    """What to ask for next, of the same path at the same site, whichever the link names; None at the end."""
    link = answer.next_link
    return dict(parse_qsl(urlsplit(link).query)) if link is not None else None


_COMMENTS = msgspec.json.Decoder(list[Comment])
_PLACED = msgspec.json.Decoder(list[Placed])
_NUMBER = re.compile(r"/issues/([0-9]{1,18})$", re.ASCII)
