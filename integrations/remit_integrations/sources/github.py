"""GitHub as a source of feedback: issues and discussions of repositories, and what its webhooks hint at."""

import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import cast

import msgspec
from msgspec import Raw, Struct, field
from pydantic import BaseModel, Field, field_validator

from remit.domain.errors import Rejected
from remit.domain.intervals import instant_text
from remit.domain.records import Gone, Loss
from remit.usecases.take_records import Page
from remit_integrations.authorisation import Bearer
from remit_integrations.decoding import UNDECODABLE, glimpsed, lenient, whole
from remit_integrations.feedback import github_discussions
from remit_integrations.feedback.clocks import skew_s, told_time
from remit_integrations.feedback.github_comments import all_comments, comments_of, next_of
from remit_integrations.feedback.github_deliveries import REPOSITORY, hint
from remit_integrations.feedback.github_issues import (
    NAME,
    Comment,
    discussion_id,
    issue_id,
    read_discussion,
    read_issue,
)
from remit_integrations.feedback.opening import opening
from remit_integrations.feedback.places import Place, resumed, scope_of, stored
from remit_integrations.feedback.proofs import hex_hmac, reading
from remit_integrations.feedback.reading import page_of
from remit_integrations.feedback.settings import Address, Token
from remit_integrations.feedback.walks import Walk, stamped
from remit_integrations.http import Caller
from remit_integrations.keeping import Keeping
from remit_integrations.source import ALONE, FeedbackFeed, Greeting, Shared, Source, SourceKind
from remit_integrations.waits import Patience

SETTINGS = "REMIT_GITHUB_TOKEN and REMIT_GITHUB_REPOSITORIES"
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
PAGE = 100
MANY = 20
"""Of so many issues on a page that is not the last, comments are not asked for one by one: more will follow."""
NOT_THERE = {301: Loss.LEFT_OUT, 404: Loss.NOT_VISIBLE, 410: Loss.DELETED}
"""What it means that an issue is not answered: it was moved to another repository, it is hidden, or deleted."""


class GithubSettings(BaseModel):
    """`REMIT_GITHUB_...`: which repositories are read, with which token, and what signs their webhooks."""

    url: Address = "https://api.github.com"
    token: Token
    repositories: str
    """`owner/name`, several separated by commas."""
    discussions: bool = True
    webhook_secret: Token | None = None
    webhook_secret_before: Token | None = None
    """Also good, while the webhook's secret is being changed."""
    requests_per_minute: float = Field(default=60, gt=0, le=10_000)
    """Of all processes together; GitHub allows an account 5,000 an hour, for all it does."""

    @field_validator("repositories")
    @classmethod
    def _are_repositories(cls, told: str) -> str:
        names = [name.strip() for name in told.split(",")]
        if not all(REPOSITORY.fullmatch(name) for name in names):
            raise ValueError("write repositories as owner/name, several separated by commas")
        return ",".join(dict.fromkeys(names))

    @property
    def names(self) -> list[str]:
        return self.repositories.split(",")

    @property
    def graphql(self) -> str:
        """Beside the REST API; of GitHub Enterprise Server that one is at `/api/v3`."""
        return f"{self.url.removesuffix('/v3')}/graphql"


class GithubPlace(Place, frozen=True, kw_only=True):
    """How far each list was read: the issues of a repository, its discussions."""

    walks: dict[str, Walk] = field(default_factory=dict)

    def at(self, name: str, walk: Walk) -> "GithubPlace":
        return msgspec.structs.replace(self, walks={**self.walks, name: walk})


class Number(Struct):
    """As much of an issue as has to be known before it is read."""

    number: int | None = None
    comments: int | None = None
    pull_request: dict[str, object] | None = None


class GithubFeed(FeedbackFeed):
    """An open connection to the repositories of one account."""

    def __init__(self, call: Caller, settings: GithubSettings, keeping: Keeping) -> None:
        self._call, self._settings, self._keeping = call, settings, keeping
        self._fresh = GithubPlace(scope=scope_of(settings.url, settings.repositories, str(settings.discussions)))

    async def greet(self) -> Greeting:
        """Every repository is asked for: one that is hidden, renamed or misspelt must not look empty."""
        for repository in self._settings.names:
            answer = await self._call.ask(f"/repos/{repository}")
        return Greeting(f"a token that reads {self._settings.repositories}", skew_s(answer.headers))

    async def pages(self, cursor: bytes | None) -> AsyncGenerator[Page, None]:
        """Issues, oldest change first, then discussions, newest change first, of each repository."""
        place = resumed(cursor, self._fresh, NAME)
        is_told = False
        for repository in self._settings.names:
            lists = {issue_id(repository, 0): self._issues}
            if self._settings.discussions:
                lists[discussion_id(repository, 0)] = self._discussions
            for name, read in lists.items():
                async with aclosing(read(repository, place.walks.get(name, Walk()))) as walked:
                    async for page, walk in walked:
                        place, is_told = place.at(name, walk), not page.is_bare
                        if is_told:
                            yield replace(page, cursor=stored(place))
        if not is_told:
            yield Page(cursor=stored(place))

    async def _issues(self, repository: str, walk: Walk) -> AsyncGenerator[tuple[Page, Walk], None]:
        """Each page is asked for from the newest change on: pages by number shift when an issue changes meanwhile.

        Only where all issues of a page changed in one second does the link to the next page lead on.
        """
        path, asked = f"/repos/{repository}/issues", _since(walk)
        gathered: Mapping[int, Sequence[Comment]] | None = None
        while True:
            answer = await self._call.ask(path, asked)
            raws: list[Raw] = whole(answer.body, _RAWS, "GitHub's answer about issues")
            told = stamped(map(bytes, raws))
            before, news = walk.newest, walk.news(told)
            walk, following = walk.onward(told), next_of(answer)
            if gathered is None and following is not None and sum(map(_is_commented, news)) >= MANY:
                gathered = await all_comments(self._call, repository)
            yield await self._page(repository, news, gathered), walk
            if following is None:
                return
            newest = walk.newest if walk.newest != before else None
            asked = {**_since(walk), "since": instant_text(newest)} if newest is not None else following

    async def _page(
        self, repository: str, raws: Sequence[bytes], gathered: Mapping[int, Sequence[Comment]] | None = None
    ) -> Page:
        """Issues with their comments, which tell who answered: a request more for each that has others than were
        gathered.
        """
        comments: dict[int, Sequence[Comment]] = {}
        for seen in map(_seen, filter(_is_commented, raws)):
            number, told = seen.number or 0, (gathered or {}).get(seen.number or 0, ())
            is_whole = len(told) == seen.comments
            comments[number] = told if is_whole else await comments_of(self._call, repository, number)
        read = partial(read_issue, repository, comments)
        return page_of(raws, read, NAME, self._keeping, seen_id=lambda raw: _name(issue_id, repository, raw))

    async def _discussions(self, repository: str, walk: Walk) -> AsyncGenerator[tuple[Page, Walk], None]:
        """There is no way to ask from an instant on, so that the list is read until what was read before begins."""
        read = partial(read_discussion, repository)
        while True:
            answer = await self._call.inquire(
                self._settings.graphql, github_discussions.listing(repository, walk.token)
            )
            found = github_discussions.found(answer.body)
            told, since = stamped(map(bytes, found.nodes)), walk.since
            is_last = since is not None and any(one.updated is not None and one.updated < since for one in told)
            told = [one for one in told if since is None or one.updated is None or one.updated >= since]
            news, info = walk.news(told), found.page_info
            walk = walk.over(
                told, info.end_cursor if info.has_next_page and not is_last else None, told_time(answer.headers)
            )
            named = partial(_name, discussion_id, repository)
            yield page_of(news, read, NAME, self._keeping, seen_id=named), walk
            if walk.token is None:
                return

    async def confirmed(self, ids: Sequence[str]) -> AsyncGenerator[Page, None]:
        for id_ in ids:
            found = _ID.fullmatch(id_)
            if found is not None and found["repository"] in self._settings.names:
                yield await self._one(id_, found["repository"], found["kind"], int(found["number"]))

    async def _one(self, id_: str, repository: str, kind: str, number: int) -> Page:
        if kind != "#":
            answer = await self._call.inquire(self._settings.graphql, github_discussions.one(repository, number))
            raw, at = github_discussions.found_one(answer.body), told_time(answer.headers)
            if raw is None:
                return Page(gone=(Gone(NAME, id_, at, Loss.NOT_VISIBLE),), asked_at=at)
            return replace(page_of([raw], partial(read_discussion, repository), NAME, self._keeping), asked_at=at)
        at = told_time((await self._call.ask(f"/repos/{repository}")).headers)
        try:
            answer = await self._call.ask(f"/repos/{repository}/issues/{number}")
        except Rejected as refused:
            how = NOT_THERE.get(cast("int", refused.facts.get("status", 0)))
            if how is None:
                raise
            return Page(gone=(Gone(NAME, id_, at, how),), asked_at=at)
        return replace(await self._page(repository, [answer.body]), asked_at=at)


def _since(walk: Walk) -> dict[str, str | int]:
    asked: dict[str, str | int] = {"state": "all", "sort": "updated", "direction": "asc", "per_page": PAGE}
    return asked | ({"since": instant_text(walk.since)} if walk.since is not None else {})


def _is_commented(raw: bytes) -> bool:
    """Whether it is an issue, and somebody commented on it."""
    seen = _seen(raw)
    return seen.number is not None and bool(seen.comments) and seen.pull_request is None


def _seen(raw: bytes) -> Number:
    try:
        seen: Number = lenient(raw, _NUMBER)
    except UNDECODABLE:
        return Number()  # it will be parked
    return seen


def _name(name: Callable[[str, int], str], repository: str, raw: bytes) -> str:
    """The id under which something unreadable is parked."""
    number = _seen(raw).number
    return name(repository, number) if number is not None else f"{repository} {glimpsed(raw)}"


def github(settings: GithubSettings, patience: Patience | None = None, shared: Shared = ALONE) -> Source:
    """Repositories of GitHub, or of a GitHub Enterprise Server."""
    opened = opening(
        settings.url,
        lambda call: GithubFeed(call, settings, shared.keeping),
        what="GitHub",
        settings=SETTINGS,
        address="REMIT_GITHUB_URL",
        auth=Bearer(settings.token.get_secret_value()),
        per_second=settings.requests_per_minute / 60,
        shared=shared,
        patience=patience,
        headers=HEADERS,
    )
    secrets = (settings.webhook_secret, settings.webhook_secret_before)
    proof = hex_hmac("x-hub-signature-256", "sha256", *secrets)
    read = reading(NAME, "REMIT_GITHUB_WEBHOOK_SECRET", proof, hint, "x-github-delivery") if any(secrets) else None
    return Source(NAME, "github", opened, read=read)


_RAWS = msgspec.json.Decoder(list[Raw])
_NUMBER = msgspec.json.Decoder(Number)
_ID = re.compile(r"(?P<repository>[^/#]+/[^/#]+)(?P<kind>#|/discussions/)(?P<number>[0-9]{1,18})", re.ASCII)
SOURCE = SourceKind(NAME, GithubSettings, lambda told, shared: github(cast("GithubSettings", told), shared=shared))
