"""GitHub: what issues and discussions come to, and that none is missed while they change."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.errors import Limited, Rejected, Unavailable, Unreadable
from remit.domain.feedback import ActKind, FeedbackAct, FeedbackItem, FeedbackState
from remit.domain.records import Loss
from remit.usecases.take_records import Page
from remit_integrations.feedback.github_issues import NAME, Comment, Named, read_discussion, read_issue
from remit_integrations.standins.jira.faults import Fault
from support.github_site import ISSUES, REPOSITORY, Repository, a_source
from support.vendor_sites import VendorSite, vendor_server

CAME = datetime(2026, 11, 1, 9, tzinfo=UTC)
GRAPHQL = "POST /graphql"
OURS = {"authorAssociation": "MEMBER"}


def an_issue(number: int = 1, /, after_s: float = 0, **said: Any) -> dict[str, Any]:
    """An open issue that last changed so many seconds after it came."""
    changed = (CAME + timedelta(seconds=after_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {"id": 100 + number, "number": number, "created_at": "2026-11-01T09:00:00Z", "updated_at": changed}
    return told | {"state": "open"} | said


def a_discussion(number: int = 1, /, after_s: float = 0, **said: Any) -> dict[str, Any]:
    changed = (CAME + timedelta(seconds=after_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": f"D_{number}", "number": number, "createdAt": "2026-11-01T09:00:00Z", "updatedAt": changed} | said


def a_repository(*issues: dict[str, Any], discussions: list[dict[str, Any]] | None = None) -> Repository:
    repository = Repository()
    repository.load([*({"issue": one} for one in issues), *({"discussion": one} for one in discussions or ())])
    return repository


def said(hour: int, who: str, association: str) -> Comment:
    return Comment(hour, (CAME + timedelta(hours=hour)).isoformat(), Named(login=who), association)


def read(issue: dict[str, Any], *comments: Comment) -> FeedbackItem:
    told = read_issue(REPOSITORY, {issue["number"]: comments}, json.dumps(issue).encode())
    assert told is not None
    return told.item


def numbers(pages: list[Page]) -> list[str]:
    return [pulled.item.id for page in pages for pulled in page.feedback]


async def run(url: str, cursor: bytes | None = None, **told: object) -> list[Page]:
    async with a_source(url, **told).open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


def test_an_issue_is_feedback_with_who_answered_it() -> None:
    issue = an_issue(
        7,
        3600,
        title="Paying fails",
        body="Planned as https://acme.atlassian.net/browse/PAY-12",
        state="open",
        user={"login": "customer"},
        labels=[{"name": "bug"}, "payments"],
        type={"name": "Defect"},
        author_association="NONE",
        comments=3,
    )
    comments = [said(1, "ana", "MEMBER"), said(2, "customer", "NONE"), said(3, "omar", "OWNER")]
    told = read_issue(REPOSITORY, {7: comments}, json.dumps(issue).encode())
    assert told is not None
    assert told.item == FeedbackItem(
        source=NAME,
        id=f"{REPOSITORY}#7",
        created=CAME,
        updated=CAME + timedelta(hours=1),
        state=FeedbackState.ANSWERED,
        answered_at=CAME + timedelta(hours=1),
        segment="none",
        linked=("PAY-12",),
        offers=(
            ("kinds", ("issue",)),
            ("repositories", (REPOSITORY,)),
            ("tags", ("bug", "payments")),
            ("types", ("Defect",)),
        ),
    )
    assert told.acts == (
        FeedbackAct(NAME, f"{REPOSITORY}#7", "1", CAME + timedelta(hours=1), ActKind.ANSWERED, "ana"),
        FeedbackAct(NAME, f"{REPOSITORY}#7", "3", CAME + timedelta(hours=3), ActKind.ANSWERED, "omar"),
    )


STATES = [
    (an_issue(), (), FeedbackState.NEW),
    (an_issue(labels=[{"name": "bug"}]), (), FeedbackState.TRIAGED),
    (an_issue(assignees=[{"login": "ana"}]), (), FeedbackState.TRIAGED),
    (an_issue(milestone={"number": 1}), (), FeedbackState.TRIAGED),
    (an_issue(), (said(1, "ana", "MEMBER"),), FeedbackState.ANSWERED),
    (an_issue(), (said(1, "ana", "MEMBER"), said(2, "bo", "NONE")), FeedbackState.TRIAGED),
    (an_issue(), (said(1, "bo", "CONTRIBUTOR"),), FeedbackState.NEW),
    (an_issue(user={"login": "ana"}), (said(1, "ana", "MEMBER"),), FeedbackState.NEW),
    (an_issue(state="closed", closed_at="2026-11-02T09:00:00Z"), (), FeedbackState.CLOSED),
]


@pytest.mark.parametrize(("issue", "comments", "state"), STATES)
def test_how_far_an_issue_has_come_is_told_by_what_was_done_with_it(
    issue: dict[str, Any], comments: tuple[Comment, ...], state: FeedbackState
) -> None:
    assert read(issue, *comments).state is state


@pytest.mark.parametrize("state", ["melted", None])
def test_an_issue_without_a_known_state_is_not_taken_for_an_open_one(state: str | None) -> None:
    with pytest.raises(Unreadable, match=f"there is no state {state!r}"):
        read(an_issue(7, 3600, state=state))


def test_a_discussion_is_feedback_that_a_chosen_answer_answers() -> None:
    reply = {
        "id": "C_1",
        "createdAt": "2026-11-01T11:00:00Z",
        "author": {"login": "ana"},
        "authorAssociation": "MEMBER",
    }
    discussion = a_discussion(
        4,
        category={"name": "Ideas"},
        labels={"nodes": [{"name": "payments"}]},
        answerChosenAt="2026-11-01T12:00:00Z",
        comments={"nodes": [reply, {**reply, "id": "C_2", "author": None, "authorAssociation": "NONE"}]},
    )
    told = read_discussion(REPOSITORY, json.dumps(discussion).encode())
    assert told.item == FeedbackItem(
        source=NAME,
        id=f"{REPOSITORY}/discussions/4",
        created=CAME,
        updated=CAME,
        state=FeedbackState.ANSWERED,
        answered_at=CAME + timedelta(hours=2),
        offers=(
            ("categories", ("Ideas",)),
            ("kinds", ("discussion",)),
            ("repositories", (REPOSITORY,)),
            ("tags", ("payments",)),
        ),
    )
    assert [act.author for act in told.acts] == ["ana"]


async def test_pull_requests_are_no_feedback_and_what_cannot_be_read_is_parked_under_its_number() -> None:
    repository = a_repository(
        an_issue(1), an_issue(2, pull_request={"url": "x"}, comments=1), an_issue(3, title=["no", "text"])
    )
    async with vendor_server(repository.site()) as server:
        page, last = await run(server.url)
    assert last.is_bare
    assert numbers([page]) == [f"{REPOSITORY}#1"]
    assert [parked.id for parked in page.parked] == [f"{REPOSITORY}#3"]


async def test_more_issues_of_one_second_than_a_page_has_are_all_read() -> None:
    repository = a_repository(*(an_issue(number) for number in range(1, 251)))
    async with vendor_server(repository.site()) as server:
        pages = await run(server.url)
        again = await run(server.url, pages[-1].cursor)
    assert sorted(numbers(pages)) == sorted(f"{REPOSITORY}#{number}" for number in range(1, 251))
    assert [(page.feedback, page.cursor) for page in again] == [((), pages[-1].cursor)]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
async def test_none_is_missed_though_issues_change_between_the_pages(seed: int) -> None:
    chance = Random(seed)
    repository = a_repository(*(an_issue(number, number * 30) for number in range(1, 331)))
    moments = iter(range(20_000, 10**6))

    def happens() -> None:
        for number in chance.sample(range(1, 331), 40):
            repository.issues[number] = an_issue(number, next(moments))

    repository.between = happens
    site = repository.site()
    async with vendor_server(site) as server:
        pages = await _read_while_it_changes(server.url, repository)
    assert set(numbers(pages)) == {f"{REPOSITORY}#{number}" for number in range(1, 331)}
    newest = {pulled.item.id: pulled.item.updated for page in pages for pulled in page.feedback}
    told = {f"{REPOSITORY}#{number}": one["updated_at"] for number, one in repository.issues.items()}
    assert newest == {id_: datetime.fromisoformat(at) for id_, at in told.items()}


async def _read_while_it_changes(url: str, repository: Repository) -> list[Page]:
    """A run during whose first pages issues change, and one after it."""
    pages: list[Page] = []
    async with a_source(url, discussions=False).open() as feed:
        async for page in feed.pages(None):
            pages.append(page)
            if len(pages) == 3:
                repository.between = lambda: None
    return pages + await run(url, pages[-1].cursor, discussions=False)


async def test_a_run_that_was_cut_short_goes_on_after_its_last_page() -> None:
    repository = a_repository(*(an_issue(number, number) for number in range(1, 251)))
    async with vendor_server(repository.site()) as server:
        pages = await run(server.url)
        assert numbers(await run(server.url, pages[0].cursor)) == numbers(pages[1:])


async def test_discussions_are_read_from_the_newest_until_what_was_read_begins() -> None:
    repository = a_repository(discussions=[a_discussion(number, number * 600) for number in range(1, 121)])
    site = repository.site()
    async with vendor_server(site) as server:
        pages = await run(server.url)
        assert len(set(numbers(pages))) == len(numbers(pages)) == 120
        assert site.count(GRAPHQL) == 3
        assert numbers(await run(server.url, pages[0].cursor)) == numbers(pages[1:])
        repository.discussions[5] = a_discussion(5, 10**6)
        before = site.count(GRAPHQL)
        assert numbers(await run(server.url, pages[-1].cursor)) == [f"{REPOSITORY}/discussions/5"]
        assert site.count(GRAPHQL) == before + 1


REFUSALS = [
    ("NOT_FOUND", Rejected, "let REMIT_GITHUB_TOKEN read them, or set REMIT_GITHUB_DISCUSSIONS to false"),
    ("RATE_LIMITED", Limited, "GitHub asked to slow down"),
    ("SOMETHING_ELSE", Unavailable, "GitHub does not tell of discussions"),
]


@pytest.mark.parametrize(("kind", "trouble", "says"), REFUSALS)
async def test_what_graphql_refuses_with_200_is_trouble(kind: str, trouble: type[Exception], says: str) -> None:
    site = a_repository(an_issue()).site()
    body = json.dumps({"data": None, "errors": [{"type": kind, "message": "No"}]}).encode()
    site.faults.next(GRAPHQL, Fault(body=body), times=9)
    async with vendor_server(site) as server:
        with pytest.raises(trouble, match=says):
            await run(server.url)


async def test_a_repository_that_is_not_shown_is_refused_when_greeted() -> None:
    site = VendorSite(a_repository().site().calls)
    site.faults.next(f"GET /repos/{REPOSITORY}", Fault(404, body=b'{"message": "Not Found"}'))
    async with vendor_server(site) as server:
        with pytest.raises(Rejected, match="check REMIT_GITHUB_TOKEN and REMIT_GITHUB_REPOSITORIES"):
            await run(server.url)


async def test_a_limit_that_is_told_with_403_is_waited_for() -> None:
    site = a_repository(an_issue()).site()
    site.faults.next(ISSUES, Fault(403, (("X-RateLimit-Remaining", "0"), ("Retry-After", "60")), b"{}"))
    async with vendor_server(site) as server:
        with pytest.raises(Limited) as told:
            await run(server.url)
    assert told.value.retry_after_s == 60


async def test_records_are_read_by_their_ids_or_said_to_be_gone() -> None:
    repository = a_repository(an_issue(1, comments=1), discussions=[a_discussion(2)])
    repository.comments[1] = [{"id": 9, "created_at": "2026-11-01T10:00:00Z", "author_association": "MEMBER"}]
    site = repository.site()
    for number, status in ((301, 301), (410, 410)):
        headers = (("Location", "/elsewhere"),) if status == 301 else ()
        site.faults.next(f"{ISSUES}/{number}", Fault(status, headers, b"{}"))
    asked = [f"{REPOSITORY}{name}" for name in ("#1", "/discussions/2", "#301", "#404", "#410", "/discussions/9")]
    async with vendor_server(site) as server, a_source(server.url).open() as feed:
        pages = [page async for page in feed.confirmed([*asked, "acme/elsewhere#1", "nonsense"])]
    assert numbers(pages) == asked[:2]
    assert [act.item_id for page in pages for act in page.acts] == asked[:1]
    gone = [(one.id, one.how) for page in pages for one in page.gone]
    losses = (Loss.LEFT_OUT, Loss.NOT_VISIBLE, Loss.DELETED, Loss.NOT_VISIBLE)
    assert gone == list(zip(asked[2:], losses, strict=True))
    assert all(page.asked_at is not None for page in pages)
