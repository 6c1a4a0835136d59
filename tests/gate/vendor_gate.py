"""The vendors' contract gate: every call of a client, and every answer of its stand-in, against OpenAPI.

`./dev gate SPEC` puts prism (npm @stoplight/prism-cli) with the vendor's document in front of the stand-in,
synchronises through it, and fails at the first request or answer the document does not allow.
"""

import asyncio
import shutil
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import orjson
from pydantic import SecretStr

from remit.domain.errors import RemitError
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.sources.jira import jira
from remit_integrations.standins.jira.faults import Fault
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from remit_integrations.sync import synchronise
from remit_integrations.waits import Patience
from support.desks import a_desk
from support.feedback_gate import github_gate, intercom_gate
from support.prism import CHECKOUT, Refusal, prism, refused, tell

RECORDED = CHECKOUT / "tests/integrations/payloads/jira/issues.jsonl"
SEARCH = "POST /rest/api/3/search/jql"
APP_TOKEN = "stand-in-app-token"
NEEDED = {
    "GET /rest/api/3/myself",
    "GET /rest/api/3/serverInfo",
    "GET /rest/api/3/field",
    "GET /rest/api/3/project/search",
    "GET /rest/api/3/statuses/search",
    "GET /rest/api/3/users/search",
    "POST /rest/api/3/search/approximate-count",
    "POST /rest/api/3/changelog/bulkfetch",
    "POST /rest/api/3/issue/bulkfetch",
    SEARCH,
}
"""Calls that must have passed the gate, or it has proven nothing."""


def main() -> int:
    if len(sys.argv) != 2 or not (spec := Path(sys.argv[1])).is_file():
        tell("usage: ./dev gate SPEC, where SPEC is the path of the vendor's OpenAPI document")
        return 2
    if shutil.which("npx") is None:
        tell("the gate needs Node.js with npx; install it (Debian: apt-get install nodejs npm) and run this again")
        return 1
    try:
        asyncio.run(gate_of(spec)(spec.resolve()))
    except (Refusal, RemitError) as refusal:
        tell(f"the gate is shut: {refusal}")
        return 1
    tell("the gate is open: every request and every answer is as the vendor's document says")
    return 0


def gate_of(spec: Path) -> Callable[[Path], Coroutine[Any, Any, None]]:
    """The gate of the vendor whose document it is."""
    text = spec.read_text(encoding="utf-8")
    if "title: Intercom API" in text:
        return intercom_gate
    return github_gate if "GitHub's official OpenAPI" in text else jira_gate


async def jira_gate(spec: Path) -> None:
    site = Site(app_tokens={APP_TOKEN})
    site.scoped_token = site.token  # what is asked goes by the gateway, where apps are let in as well
    site.load(records(default_data()))
    site.load(records(RECORDED))
    async with jira_server(site) as standin, prism(spec, f"{standin.url}/ex/jira/{site.cloud_id}") as proxy:
        await it_sees(site, proxy.url)
        before = len(proxy.complaints())
        if not before:
            raise Refusal("prism complained of nothing that was wrong: its words are not what they were")
        await the_client_passes(site, proxy.url)
        await the_rest_passes(site, proxy.url)
        if complaints := proxy.complaints()[before:]:
            raise Refusal("\n".join(complaints))


async def the_client_passes(site: Site, url: str) -> None:
    """A whole synchronisation, the one after it, and a narrower one, with all in between that changes what is asked."""
    desk = await a_desk(model=None, synchronised=False)
    settings = JiraSettings(url=url, email=site.email, token=SecretStr(site.token), team_field="customfield_10001")
    source = jira(settings, Patience(attempts=1))
    site.calls.clear()
    whole = await synchronise(desk, source)
    if whole.seen != len(site.issues) or whole.parked:
        raise Refusal(f"{whole.seen} of {len(site.issues)} issues came through, {whole.parked} could not be read")
    first, second, third = list(site.issues)[:3]
    site.edit(first, summary="Changed")
    site.move(second, "EE-7001", site.issues[list(site.issues)[-1]].record["fields"]["project"])
    after = await synchronise(desk, source)
    if after.seen != 2:
        raise Refusal(f"2 issues changed, {after.seen} came through")
    site.delete(third)
    narrowed = settings.model_copy(update={"jql": "project = ALOY"})
    left = await synchronise(desk, jira(narrowed, Patience(attempts=1)))
    if left.gone != len(list(records(RECORDED))) + 2:
        raise Refusal(
            f"a deleted issue, a moved one and those of other projects are gone, but {left.gone} were noticed"
        )
    missing = NEEDED - set(site.calls)
    if missing or site.calls.count(SEARCH) < 10 or not any("/component" in call for call in site.calls):
        raise Refusal(f"the client never asked {', '.join(sorted(missing)) or 'page after page'}")
    tell(f"{len(site.calls)} requests passed: {whole.seen} issues, {after.seen} changed ones, {left.gone} gone ones")


async def the_rest_passes(site: Site, url: str) -> None:
    """What the stand-in answers beside what the client asks today."""
    ids = list(site.issues)[-5:]
    bulk = {"issueIdsOrKeys": ids, "fields": ["summary", "comment"], "expand": ["changelog"]}
    reconciled = {"jql": "project = EE", "fields": ["*all"], "expand": "names", "reconcileIssues": [int(ids[0])]}
    async with httpx.AsyncClient(base_url=url, auth=(site.email, site.token), trust_env=False, timeout=60) as client:
        for answer in (
            await client.post("/rest/api/3/issue/bulkfetch", json=bulk),
            await client.post("/rest/api/3/search/jql", json=reconciled),
            await client.get("/rest/api/3/search/jql", params={"jql": "project = EE", "fields": "summary,description"}),
            await client.get("/rest/api/3/issue/EE-7001"),
            await client.get("/rest/api/3/issue/EE-7001/changelog"),
            await client.get("/rest/api/3/field"),
            *await an_apps_webhook_passes(client),
        ):
            if answer.status_code not in (200, 202):
                raise Refusal(f"{answer.request.method} {answer.request.url.path}: {answer.text[:1000]}")


async def an_apps_webhook_passes(client: httpx.AsyncClient) -> list[httpx.Response]:
    """Registered, listed, refreshed and removed."""
    path, hook = "/rest/api/3/webhook", {"events": ["jira:issue_updated"], "jqlFilter": "project = EE"}
    registered = {"url": "https://remit.example/webhooks/jira", "webhooks": [hook]}
    app = {"Authorization": f"Bearer {APP_TOKEN}"}
    async with httpx.AsyncClient(base_url=client.base_url, headers=app, trust_env=False, timeout=60) as by_app:
        return [
            await by_app.post(path, json=registered),
            await by_app.get(path),
            await by_app.put(f"{path}/refresh", json={"webhookIds": [1]}),
            await by_app.request("DELETE", path, json={"webhookIds": [1]}),
        ]


async def it_sees(site: Site, url: str) -> None:
    """Three mistakes that the gate must refuse; one it lets pass would make it worthless."""
    async with httpx.AsyncClient(base_url=url, auth=(site.email, site.token), trust_env=False, timeout=60) as client:
        old = {"jql": "project = ALOY", "startAt": 0}
        refused(await client.post("/rest/api/3/search/jql", json=old), "startAt in the body of the search")
        refused(await client.get("/rest/api/3/projects"), "a path that the vendor does not have")
        site.faults.next(SEARCH, Fault(body=orjson.dumps({"issues": "none"})))
        right = {"jql": "project = ALOY", "fields": ["summary"]}
        refused(await client.post("/rest/api/3/search/jql", json=right), "an answer whose issues are a text")
        good = await client.post("/rest/api/3/search/jql", json=right)
        if good.status_code != 200:
            raise Refusal(f"it refuses a right request: {good.text[:500]}")
    tell("the gate sees: startAt, a wrong path and a wrong answer were refused, a right request was not")


if __name__ == "__main__":
    sys.exit(main())
