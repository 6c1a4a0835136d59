"""Asks GitHub for discussions, which it tells by GraphQL only."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from remit.domain.errors import Limited, Rejected, Unavailable
from remit_integrations.decoding import whole
from remit_integrations.keeping import scrubbed

PAGE = 50
FIELDS = """
id number title body createdAt updatedAt closed closedAt answerChosenAt authorAssociation
author { login } category { name } labels(first: 50) { nodes { name } }
comments(last: 50) { nodes { id createdAt author { login } authorAssociation } }
"""
LIST = f"""
query($owner: String!, $name: String!, $after: String) {{ repository(owner: $owner, name: $name) {{
discussions(first: {PAGE}, after: $after, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
nodes {{ {FIELDS} }} pageInfo {{ endCursor hasNextPage }} }} }} }}
"""
ONE = f"""
query($owner: String!, $name: String!, $number: Int!) {{ repository(owner: $owner, name: $name) {{
discussion(number: $number) {{ {FIELDS} }} }} }}
"""
NOTHING = b"null"
MISSING, LIMIT = "NOT_FOUND", "RATE_LIMITED"


class PageInfo(Struct, rename="camel"):
    end_cursor: str | None = None
    has_next_page: bool = False


class Found(Struct, rename="camel"):
    """A page of discussions, newest change first."""

    nodes: list[Raw]
    page_info: PageInfo


class Repository(Struct):
    discussions: Found | None = None
    discussion: Raw = Raw(NOTHING)


class Data(Struct):
    repository: Repository | None = None


class Problem(Struct):
    type: str | None = None
    message: str | None = None


class Told(Struct):
    data: Data | None = None
    errors: list[Problem] | None = None


def listing(repository: str, after: str | None) -> dict[str, Any]:
    """The body that asks for a page of a repository's discussions."""
    return {"query": LIST, "variables": _of(repository) | {"after": after}}


def one(repository: str, number: int) -> dict[str, Any]:
    """The body that asks for one discussion."""
    return {"query": ONE, "variables": _of(repository) | {"number": number}}


def found(body: bytes) -> Found:
    """A page of discussions; raises the trouble that an answer tells of, which comes with 200."""
    told = _told(body)
    if told.repository is None or told.repository.discussions is None:
        raise Rejected("GitHub shows no discussions of a repository of REMIT_GITHUB_REPOSITORIES; check its name")
    return told.repository.discussions


def found_one(body: bytes) -> bytes | None:
    """One discussion; None where there is none, or none that is shown."""
    repository = _told(body, MISSING).repository
    raw = bytes(repository.discussion) if repository is not None else NOTHING
    return raw if raw != NOTHING else None


def _of(repository: str) -> dict[str, Any]:
    owner, _, name = repository.partition("/")
    return {"owner": owner, "name": name}


def _told(body: bytes, *passed_over: str) -> Data:
    answer: Told = whole(body, _TOLD, "GitHub's answer about discussions")
    for problem in answer.errors or ():
        if problem.type in passed_over:
            continue
        if problem.type == LIMIT:
            raise Limited("GitHub asked to slow down; try again later", retry_after_s=None, reason=None)
        told = scrubbed(problem.message or problem.type or "no reason given")
        why = f"GitHub does not tell of discussions ({told:.200})"
        if problem.type in (MISSING, "FORBIDDEN", "INSUFFICIENT_SCOPES"):
            raise Rejected(f"{why}; let REMIT_GITHUB_TOKEN read them, or set REMIT_GITHUB_DISCUSSIONS to false")
        raise Unavailable(f"{why}; try again later")
    return answer.data or Data()


_TOLD = msgspec.json.Decoder(Told)
