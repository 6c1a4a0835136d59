"""Webhooks as apps register, list, refresh and remove them; an account with an API token may not."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request

from remit_integrations.standins.jira.asked import checked
from remit_integrations.standins.jira.jql import Unacceptable, parse
from remit_integrations.standins.jira.paging import paged
from remit_integrations.standins.jira.refusals import Denied
from remit_integrations.standins.jira.registered import LASTS, MOST, Registered
from remit_integrations.standins.jira.searching import Searching
from remit_integrations.standins.jira.site import Site

Json = dict[str, Any]
EVENTS = frozenset(
    {
        *(f"jira:issue_{what}" for what in ("created", "updated", "deleted")),
        *(f"comment_{what}" for what in ("created", "updated", "deleted")),
        *(f"issue_property_{what}" for what in ("set", "deleted")),
        *(f"sprint_{what}" for what in ("created", "updated", "closed", "deleted", "started")),
        *(f"jira:version_{what}" for what in ("created", "updated", "released", "unreleased", "moved", "merged")),
        "jira:version_deleted",
    }
)  # fmt: skip
FILTERED_BY = frozenset({"project", "key", "issuetype", "status", "assignee", "reporter"})


async def listed(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    _of_an_app(request)
    now = site.clock()
    return paged(request, [_shown(one) for one in site.registrations.values() if one.expires > now])


async def register(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """Each is registered or told why not, in the order asked."""
    _of_an_app(request)
    checked(body, {"url": str, "webhooks": list})
    hooks = body.get("webhooks") or []
    if not body.get("url") or not hooks or not all(isinstance(hook, dict) for hook in hooks):
        raise Unacceptable("url and webhooks must be given.")
    return {"webhookRegistrationResult": [_registered(site, body["url"], hook) for hook in hooks]}


async def refresh(site: Site, searching: Searching, request: Request, body: Json) -> Json:
    """Thirty days more, for those that have not run out."""
    now = site.clock()
    until = now + LASTS
    for id_ in _named(request, body):
        if id_ in site.registrations and site.registrations[id_].expires > now:
            site.registrations[id_] = replace(site.registrations[id_], expires=until)
    return {"expirationDate": round(until.timestamp() * 1000)}


async def remove(site: Site, searching: Searching, request: Request, body: Json) -> None:
    for id_ in _named(request, body):
        site.registrations.pop(id_, None)


def _registered(site: Site, url: str, hook: Json) -> Json:
    try:
        checked(hook, {"events": list, "jqlFilter": str, "fieldIdsFilter": list, "issuePropertyKeysFilter": list})
        _check(site, url, hook)
    except Unacceptable as wrong:
        return {"errors": [str(wrong)]}
    site.registered += 1
    fields = tuple(hook.get("fieldIdsFilter") or ())
    made = Registered(
        site.registered, url, tuple(hook["events"]), hook["jqlFilter"], site.clock() + LASTS, field_ids=fields
    )
    site.registrations[made.id] = made
    return {"createdWebhookId": made.id}


def _check(site: Site, url: str, hook: Json) -> None:
    alive = [one for one in site.registrations.values() if one.expires > site.clock()]
    if len(alive) >= MOST:
        raise Unacceptable(f"An app may register at most {MOST} webhooks for a user.")
    if any(one.url != url for one in alive):
        raise Unacceptable("An app may register a single URL only.")
    if not hook.get("events") or not EVENTS.issuperset(hook["events"]):
        raise Unacceptable("events must name at least one event, and known ones only.")
    search = parse(hook.get("jqlFilter") or "", site.zone, site.clock())
    wrong = {f for f, operator in search.used if f not in FILTERED_BY or operator not in ("=", "!=", "in")}
    if wrong or search.order:
        raise Unacceptable(f"The JQL filter may not use {', '.join(sorted(wrong)) or 'ORDER BY'} like this.")


def _named(request: Request, body: Json) -> list[int]:
    _of_an_app(request)
    checked(body, {"webhookIds": list})
    ids = body.get("webhookIds") or []
    if not ids or not all(type(one) is int for one in ids):
        raise Unacceptable("webhookIds must be a list of numbers.")
    return ids


def _of_an_app(request: Request) -> None:
    if not request.headers.get("authorization", "").lower().startswith("bearer "):
        raise Denied(403, "Only apps may do this: Connect apps and those with OAuth 2.0.")


def _shown(one: Registered) -> Json:
    told: Json = {"id": one.id, "url": one.url, "jqlFilter": one.jql, "events": list(one.events)}
    if one.field_ids:
        told["fieldIdsFilter"] = list(one.field_ids)
    return told | {"expirationDate": round(one.expires.timestamp() * 1000)}


HOOKS = (
    ("GET", "/webhook", listed),
    ("POST", "/webhook", register),
    ("PUT", "/webhook/refresh", refresh),
    ("DELETE", "/webhook", remove),
)
