"""What a webhook tells of a happening, in the shape that was recorded: the issue as the API's second version has it."""

from typing import Any

import orjson

from remit_integrations.standins.jira.changes import items, on_premises
from remit_integrations.standins.jira.happenings import Happening
from remit_integrations.standins.jira.shapes import ACTOR, SERVER, TOLD, Style, comment, issue
from remit_integrations.standins.jira.site import Flavour, Site

Json = dict[str, Any]
OF_A_COMMENT = frozenset({"summary", "issuetype", "project", "assignee", "priority", "status"})
"""A comment's delivery on Cloud brings six fields of the issue and nobody who did it (recorded 2019)."""
WHOLE = frozenset({"*all"})


def body(site: Site, happening: Happening, url: str, *, matched: tuple[int, ...] = ()) -> bytes:
    """The body, to be signed as it is. `matched` are the ids of an app's webhooks that it is sent for."""
    told: Json = {"timestamp": round(happening.at.timestamp() * 1000), "webhookEvent": happening.event}
    style = TOLD if site.flavour is Flavour.CLOUD else SERVER
    if happening.comment is not None:
        told |= _of_comment(site, happening, happening.comment, url, style)
    else:
        told |= _of_issue(site, happening, url, style)
    return orjson.dumps(told | ({"matchedWebhookIds": list(matched)} if matched else {}))


def _of_issue(site: Site, happening: Happening, url: str, style: Style) -> Json:
    told: Json = {} if happening.type is None else {"issue_event_type_name": happening.type}
    told |= {"user": style.person(ACTOR, url), "issue": issue(happening.issue, url, WHOLE, site.zone, style)}
    change = happening.change
    if happening.type == "issue_created":
        change = {"id": "1", "items": items({}, happening.issue["fields"])}
    if change is None:
        return told
    shown = change["items"] if site.flavour is Flavour.CLOUD else on_premises(change["items"])
    return told | {"changelog": {"id": change["id"], "items": shown}}


def _of_comment(site: Site, happening: Happening, said: Json, url: str, style: Style) -> Json:
    """A Data Center tells who commented, and of what only the comment's address."""
    self_ = f"{url}/rest/api/2/issue/{happening.issue['id']}/comment/{said['id']}"
    told: Json = {"comment": {"self": self_} | comment(said, site.zone, style)}
    if site.flavour is Flavour.DATACENTER:
        return told | {"user": style.person(ACTOR, url)}
    return told | {"issue": issue(happening.issue, url, OF_A_COMMENT, site.zone, style)}
