"""A stand-in Intercom with the conversations a test names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import SecretStr
from starlette.requests import Request

from remit_integrations.source import Source
from remit_integrations.sources.intercom import IntercomSettings, intercom
from support.jira_site import IMPATIENT
from support.vendor_sites import TOKEN, Json, Reply, VendorSite, bad, good

SEARCH = "POST /conversations/search"
TEAM = {"type": "team", "id": "5017691", "name": "Billing", "admin_ids": []}
ME = {
    "type": "admin",
    "id": "991267459",
    "name": "Remit",
    "email": "sync@example.com",
    "email_verified": True,
    "app": {
        "type": "app",
        "id_code": "stand_in",
        "name": "Acme",
        "created_at": 1734537243,
        "secure": False,
        "identity_verification": False,
        "timezone": "America/Los_Angeles",
        "region": "US",
    },
    "avatar": {"type": "avatar", "image_url": "https://static.example.com/128.png"},
    "has_inbox_seat": True,
}


@dataclass(slots=True)
class Workspace:
    """Conversations by id, told newest change first, `most` at a time."""

    conversations: dict[str, Json] = field(default_factory=dict)
    most: int = 150

    def load(self, records: Sequence[Json]) -> None:
        self.conversations = {str(one["id"]): one for one in records}

    def site(self) -> VendorSite:
        return VendorSite(
            {
                "GET /me": lambda request, body: good(ME),
                "GET /teams": lambda request, body: good({"type": "team.list", "teams": [TEAM]}),
                SEARCH: self._search,
                "GET /conversations/{id}": self._one,
            }
        )

    def _search(self, request: Request, body: Json) -> Reply:
        assert request.headers["intercom-version"] == "2.15"
        query, asked = body["query"], body["pagination"]
        assert (query["field"], query["operator"]) == ("updated_at", ">")
        found = [one for one in self.conversations.values() if one["updated_at"] >= query["value"]]
        found.sort(key=lambda one: (-one["updated_at"], one["id"]))
        start, most = int(asked.get("starting_after") or 0), min(asked["per_page"], self.most)
        pages: Json = {
            "type": "pages",
            "page": start // most + 1,
            "per_page": most,
            "total_pages": -(-len(found) // most),
        }
        if start + most < len(found):
            pages["next"] = {"per_page": most, "starting_after": str(start + most)}
        shown = found[start : start + most]
        return good({"type": "conversation.list", "pages": pages, "total_count": len(found), "conversations": shown})

    def _one(self, request: Request, body: Json) -> Reply:
        found = self.conversations.get(request.path_params["id"])
        if found is None:
            errors = [{"code": "not_found", "message": "Resource Not Found"}]
            return bad(404, {"type": "error.list", "request_id": "b1", "errors": errors})
        return good(found)


def a_source(url: str, **told: object) -> Source:
    return intercom(IntercomSettings.model_validate({"url": url, "token": SecretStr(TOKEN), **told}), IMPATIENT)
