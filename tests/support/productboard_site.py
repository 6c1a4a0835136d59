"""A stand-in Productboard with the notes a test names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import SecretStr
from starlette.requests import Request

from remit_integrations.source import Source
from remit_integrations.sources.productboard import ProductboardSettings, productboard
from support.jira_site import IMPATIENT
from support.vendor_sites import TOKEN, Json, Reply, VendorSite, bad, good

NOTES = "GET /v2/notes"


@dataclass(slots=True)
class Board:
    """Notes by id, told newest creation first, `most` at a time."""

    notes: dict[str, Json] = field(default_factory=dict)
    most: int = 100

    def load(self, records: Sequence[Json]) -> None:
        self.notes = {one["id"]: one for one in records}

    def site(self) -> VendorSite:
        return VendorSite({NOTES: self._list, f"{NOTES}/{{id}}": self._one})

    def _list(self, request: Request, body: Json) -> Reply:
        asked = request.query_params
        archived = asked.get("archived", "false") == "true"
        since = datetime.fromisoformat(asked.get("updatedFrom", "1970-01-01T00:00:00Z"))
        found = [
            one
            for one in self.notes.values()
            if bool((one.get("fields") or {}).get("archived")) is archived
            and datetime.fromisoformat(one["updatedAt"]) >= since
        ]
        found.sort(key=lambda one: one["createdAt"], reverse=True)
        start = int(asked.get("pageCursor", "0"))
        following = str(request.url.include_query_params(pageCursor=start + self.most))
        links = {"next": following} if start + self.most < len(found) else {}
        return good({"data": found[start : start + self.most], "links": links})

    def _one(self, request: Request, body: Json) -> Reply:
        found = self.notes.get(request.path_params["id"])
        return good({"data": found}) if found is not None else bad(404, {"errors": [{"code": "resource.notFound"}]})


def a_source(url: str, **told: object) -> Source:
    settings = ProductboardSettings.model_validate({"url": url, "token": SecretStr(TOKEN), **told})
    return productboard(settings, IMPATIENT)
