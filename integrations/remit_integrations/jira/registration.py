"""Keeps an app's webhooks at a site of the Cloud: registered once, prolonged long before their thirty days are over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from remit.domain.errors import Rejected, Unavailable, Unreadable
from remit_integrations.decoding import instant
from remit_integrations.http import Caller
from remit_integrations.jira.calls import API, PAGE
from remit_integrations.jira.decoding import decoded
from remit_integrations.jira.settings import NAME

log = structlog.get_logger()

HOOKS, REFRESH, PROJECTS = f"{API}/webhook", f"{API}/webhook/refresh", f"{API}/project/search"
EVENTS = (
    "comment_created",
    "comment_deleted",
    "comment_updated",
    "jira:issue_created",
    "jira:issue_deleted",
    "jira:issue_updated",
)
PROLONGED_BEFORE = timedelta(days=15)
"""Half of a webhook's life: a worker may be away for two weeks without its end."""


class Hook(Struct, rename="camel"):
    """A webhook that the app has; `url` is documented and not always told."""

    id: int
    events: list[str] = []
    jql_filter: str = ""
    url: str | None = None
    expiration_date: str | int | None = None


class Hooks(Struct, rename="camel"):
    values: list[Hook] | None = None
    is_last: bool | None = None


class Result(Struct, rename="camel"):
    created_webhook_id: int | None = None
    errors: list[str] | None = None


class Results(Struct, rename="camel"):
    webhook_registration_result: list[Result] | None = None


class Project(Struct):
    id: str


class Projects(Struct, rename="camel"):
    values: list[Project] | None = None
    is_last: bool | None = None


async def keep_registered(call: Caller, url: str, now: datetime) -> int:
    """Exactly one webhook of ours, at this address, alive for at least two weeks from now; returns its id.

    The app is ours alone: what else it has registered is removed, since an app may have one address only and few
    webhooks. Safe to repeat and to kill: it begins with what there is. Raises Rejected when the site does not want it.
    """
    wanted = await _everything(call)
    found = await _registered(call)
    await _remove(call, [one for one in found if one.url not in (None, url)])
    ours = [one for one in found if one.url in (None, url)]
    good = [one for one in ours if one.jql_filter == wanted and sorted(one.events) == sorted(EVENTS)]
    kept = max(good, key=lambda one: _end(one, now), default=None)
    if kept is None:
        kept_id = await _register(call, url, wanted)
        log.info("jira.webhook_registered", source=NAME, id=kept_id)
    else:
        kept_id = kept.id
        if _end(kept, now) - now < PROLONGED_BEFORE:
            await call.put(REFRESH, {"webhookIds": [kept_id]})
            log.info("jira.webhook_prolonged", source=NAME, id=kept_id)
    await _remove(call, [one for one in ours if one.id != kept_id])
    return kept_id


async def _everything(call: Caller) -> str:
    """A filter for all issues the app may see. One is needed, and may compare a few fields with values that exist."""
    ids: list[str] = []
    while True:
        asked = {"startAt": len(ids), "maxResults": PAGE}
        page: Projects = decoded(await call.get(PROJECTS, asked), Projects, "projects")
        ids += [project.id for project in page.values or ()]
        if page.is_last or not page.values:
            break
    if not ids:
        raise Rejected(f"{call.what} shows no project to this app; let an account authorise it that may browse them")
    return f"project in ({', '.join(sorted(set(ids)))})"


async def _registered(call: Caller) -> Sequence[Hook]:
    found: list[Hook] = []
    while True:
        page: Hooks = decoded(await call.get(HOOKS, {"startAt": len(found), "maxResults": PAGE}), Hooks, "webhooks")
        found += page.values or ()
        if page.is_last or not page.values:
            return found


async def _register(call: Caller, url: str, jql: str) -> int:
    body = {"url": url, "webhooks": [{"events": list(EVENTS), "jqlFilter": jql}]}
    told: Results = decoded(await call.post(HOOKS, body), Results, "a webhook's registration")
    (result, *_) = told.webhook_registration_result or [Result()]
    if result.created_webhook_id is None:
        reasons = "; ".join(result.errors or ["no reason given"])
        raise Rejected(f"{call.what} registers no webhook ({reasons}); check REMIT_JIRA_WEBHOOK_URL")
    return result.created_webhook_id


async def _remove(call: Caller, hooks: Sequence[Hook]) -> None:
    if hooks:
        await call.delete(HOOKS, {"webhookIds": [one.id for one in hooks]})
        log.info("jira.webhooks_removed", source=NAME, ids=[one.id for one in hooks])


def _end(hook: Hook, now: datetime) -> datetime:
    """When it runs out; now when that is not told, or told in an unknown way: then it is prolonged each time."""
    try:
        return instant(hook.expiration_date) if hook.expiration_date is not None else now
    except (Unreadable, Unavailable):
        return now
