"""The gates of vendors of feedback: each client reads its stand-in through the vendor's document."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from remit.usecases.take_records import Page
from remit_integrations.authorisation import Bearer
from remit_integrations.feedback.github_comments import all_comments
from remit_integrations.http import calling
from remit_integrations.source import Source
from remit_integrations.sources.github import HEADERS
from remit_integrations.standins.jira.faults import Fault
from support.github_site import ISSUES, REPOSITORY, Repository
from support.github_site import a_source as github_source
from support.intercom_site import SEARCH, Workspace
from support.intercom_site import a_source as intercom_source
from support.narrowing import loaded, narrowed
from support.prism import CHECKOUT, Proxy, Refusal, prism, refused, tell
from support.vendor_sites import TOKEN, Json, VendorSite, good, vendor_server

PAYLOADS = CHECKOUT / "tests/integrations/payloads"
OF_INTERCOM = {"/me", "/teams", "/conversations/search", "/conversations/{conversation_id}"}
OF_GITHUB = {
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/issues",
    "/repos/{owner}/{repo}/issues/comments",
    "/repos/{owner}/{repo}/issues/{issue_number}",
    "/repos/{owner}/{repo}/issues/{issue_number}/comments",
}
"""The paths that the clients ask; nothing else is let through."""


async def intercom_gate(spec: Path) -> None:
    """Conversations in pages of two, the run after that, and one read by its id."""
    workspace = Workspace(most=2)
    records = _recorded("intercom/conversations.jsonl")
    workspace.load(records)
    site = workspace.site()
    async with vendor_server(site) as standin, _gate(spec, OF_INTERCOM, standin.url) as proxy:
        async with _client(proxy.url) as client:
            wrong = {
                "query": {"field": "updated_at", "operator": "later than", "value": 0},
                "pagination": {"per_page": 2},
            }
            refused(await client.post("/conversations/search", json=wrong), "an operator that there is not")
            refused(await client.get("/conversation"), "a path that the vendor does not have")
            site.faults.next(SEARCH, Fault(body=b'{"type": "conversation.list", "conversations": "none"}'))
            right = {"query": {"field": "updated_at", "operator": ">", "value": 0}, "pagination": {"per_page": 2}}
            refused(await client.post("/conversations/search", json=right), "conversations that are a text")
            _let_through(await client.post("/conversations/search", json=right))
        before = len(proxy.complaints())
        await _passes(intercom_source(proxy.url), [str(one["id"]) for one in records], [str(records[0]["id"])])
        _judged(site, proxy.complaints, before, {SEARCH, "GET /me", "GET /teams"})


async def github_gate(spec: Path) -> None:
    """Issues with their comments; discussions are told by GraphQL, which the document does not describe."""
    repository = Repository()
    records = [one for one in _recorded("github/records.jsonl") if "issue" in one]
    repository.load(records)
    site = repository.site()
    whole = loaded(spec)["components"]["examples"]["full-repository"]["value"]
    whole["has_discussions"] = False  # the vendor's own example lacks what its schema needs
    site.calls = {**site.calls, f"GET /repos/{REPOSITORY}": lambda request, body: good(whole)}
    async with vendor_server(site) as standin, _gate(spec, OF_GITHUB, standin.url) as proxy:
        async with _client(proxy.url) as client:
            refused(await client.get(f"/repos/{REPOSITORY}/issues", params={"sort": "loudest"}), "an unknown order")
            refused(await client.get(f"/repos/{REPOSITORY}/tickets"), "a path that the vendor does not have")
            site.faults.next(ISSUES, Fault(body=b'[{"number": "one"}]'))
            right = {"state": "all", "sort": "updated", "direction": "asc"}
            refused(await client.get(f"/repos/{REPOSITORY}/issues", params=right), "an issue whose number is a text")
            _let_through(await client.get(f"/repos/{REPOSITORY}/issues", params=right))
        before = len(proxy.complaints())
        ids = [f"{REPOSITORY}#{one['issue']['number']}" for one in records]
        await _passes(github_source(proxy.url, discussions=False), ids, ids[:1])
        await _gathers(proxy.url, {number for number, told in repository.comments.items() if told})
        needed = {ISSUES, f"GET /repos/{REPOSITORY}", f"{ISSUES}/4/comments", f"{ISSUES}/comments"}
        _judged(site, proxy.complaints, before, needed)


async def _gathers(url: str, commented: set[int]) -> None:
    """The comments of the whole repository, as a first reading of many issues asks for them."""
    async with calling(url, what="GitHub", settings="the gate", auth=Bearer(TOKEN), headers=HEADERS) as call:
        found = await all_comments(call, REPOSITORY)
    if set(found) != commented:
        raise Refusal(f"comments on {sorted(commented)} should have come through, not those on {sorted(found)}")


async def _passes(source: Source, ids: Sequence[str], again: Sequence[str]) -> None:
    """A whole reading, the one after it, and some of the records by their ids."""
    async with source.open() as feed:
        await feed.greet()
        pages = [page async for page in feed.pages(None)]
        after = [page async for page in feed.pages(pages[-1].cursor)]
        by_id = [page async for page in feed.confirmed(again)]
    for told, wanted in ((_ids(pages), sorted(ids)), (_ids(after), []), (_ids(by_id), sorted(again))):
        if told != wanted:
            raise Refusal(f"{', '.join(wanted) or 'nothing'} should have come through, not {', '.join(told)}")


def _let_through(answer: httpx.Response) -> None:
    if answer.status_code != httpx.codes.OK:
        raise Refusal(f"it refuses a right request: {answer.text[:500]}")


def _ids(pages: Sequence[Page]) -> list[str]:
    return sorted(pulled.item.id for page in pages for pulled in page.feedback)


def _judged(site: VendorSite, complaints: Callable[[], list[str]], before: int, needed: set[str]) -> None:
    """Raises Refusal for what the gate complained of, and when too little passed it to prove anything."""
    if not before:
        raise Refusal("prism complained of nothing that was wrong: its words are not what they were")
    if new := complaints()[before:]:
        raise Refusal("\n".join(new))
    if missing := needed - {call for call, _ in site.asked}:
        raise Refusal(f"the client never asked {', '.join(sorted(missing))}")
    tell(f"{len(site.asked)} requests passed, what was wrong was refused")


@asynccontextmanager
async def _gate(spec: Path, paths: set[str], upstream: str) -> AsyncIterator[Proxy]:
    with TemporaryDirectory() as folder:
        async with prism(narrowed(spec, paths, Path(folder)), upstream) as proxy:
            yield proxy


def _client(url: str) -> httpx.AsyncClient:
    head = {"Authorization": f"Bearer {TOKEN}", "Intercom-Version": "2.15"}
    return httpx.AsyncClient(base_url=url, headers=head, trust_env=False, timeout=60)


def _recorded(name: str) -> list[Json]:
    return [json.loads(line) for line in (PAYLOADS / name).read_text(encoding="utf-8").splitlines()]
