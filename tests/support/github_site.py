"""A stand-in GitHub with the issues and discussions a test names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from starlette.requests import Request

from remit_integrations.source import Source
from remit_integrations.sources.github import GithubSettings, github
from support.jira_site import IMPATIENT
from support.vendor_sites import TOKEN, Json, Reply, VendorSite, bad, good

REPOSITORY = "Codertocat/Hello-World"
ISSUES = f"GET /repos/{REPOSITORY}/issues"
LARGEST_PAGE = 100


@dataclass(slots=True)
class Repository:
    """What one repository holds: issues by number, each with its comments, and discussions."""

    name: str = REPOSITORY
    issues: dict[int, Json] = field(default_factory=dict)
    comments: dict[int, list[Json]] = field(default_factory=dict)
    discussions: dict[int, Json] = field(default_factory=dict)
    between: Callable[[], None] = lambda: None
    """Happens after each page of issues."""

    def load(self, records: Sequence[Json]) -> None:
        """Records as the payloads have them."""
        self.issues = {one["issue"]["number"]: one["issue"] for one in records if "issue" in one}
        self.comments = {one["issue"]["number"]: one.get("comments") or [] for one in records if "issue" in one}
        self.discussions = {one["discussion"]["number"]: one["discussion"] for one in records if "discussion" in one}

    def site(self) -> VendorSite:
        path = f"/repos/{self.name}"
        return VendorSite(
            {
                f"GET {path}": lambda request, body: good({"id": 1, "full_name": self.name}),
                f"GET {path}/issues": self._list,
                f"GET {path}/issues/comments": self._all_comments,
                f"GET {path}/issues/{{number:int}}": self._one,
                f"GET {path}/issues/{{number:int}}/comments": self._comments,
                "POST /graphql": self._graphql,
            }
        )

    def _list(self, request: Request, body: Json) -> Reply:
        asked = request.query_params
        assert (asked["state"], asked["sort"], asked["direction"]) == ("all", "updated", "asc")
        since = datetime.fromisoformat(asked.get("since", "1970-01-01T00:00:00Z"))
        held = [one for one in self.issues.values() if datetime.fromisoformat(one["updated_at"]) >= since]
        reply = _paged(request, sorted(held, key=lambda one: (one["updated_at"], one["number"])))
        self.between()
        return reply

    def _one(self, request: Request, body: Json) -> Reply:
        issue = self.issues.get(request.path_params["number"])
        return good(issue) if issue is not None else bad(404, {"message": "Not Found"})

    def _comments(self, request: Request, body: Json) -> Reply:
        return _paged(request, self.comments.get(request.path_params["number"], []))

    def _all_comments(self, request: Request, body: Json) -> Reply:
        asked = request.query_params
        assert (asked["sort"], asked["direction"]) == ("created", "asc")
        at = f"https://api.github.com/repos/{self.name}/issues"
        told = [one | {"issue_url": f"{at}/{number}"} for number, found in self.comments.items() for one in found]
        return _paged(request, sorted(told, key=lambda one: (one["created_at"], one["id"])))

    def _graphql(self, request: Request, body: Json) -> Reply:
        asked: dict[str, Any] = body["variables"]
        if f"{asked['owner']}/{asked['name']}" != self.name:
            return good({"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "Not here"}]})
        if "number" in asked:
            found = self.discussions.get(asked["number"])
            missing = [{"type": "NOT_FOUND", "message": "Not here"}] if found is None else []
            return good({"data": {"repository": {"discussion": found}}, **({"errors": missing} if missing else {})})
        order = sorted(self.discussions.values(), key=lambda one: one["updatedAt"], reverse=True)
        start = int(asked["after"] or 0)
        info = {"endCursor": str(start + 50), "hasNextPage": start + 50 < len(order)}
        return good({"data": {"repository": {"discussions": {"nodes": order[start : start + 50], "pageInfo": info}}}})


def _paged(request: Request, found: Sequence[Json]) -> Reply:
    asked = request.query_params
    page, most = int(asked.get("page", "1")), min(int(asked.get("per_page", "30")), LARGEST_PAGE)
    shown = found[(page - 1) * most : page * most]
    if page * most >= len(found):
        return good(shown)
    following = request.url.include_query_params(page=page + 1)
    return good(shown, Link=f'<{following}>; rel="next", <{following}>; rel="last"')


def a_source(url: str, **told: object) -> Source:
    settings = {"url": url, "token": SecretStr(TOKEN), "repositories": REPOSITORY, **told}
    return github(GithubSettings.model_validate(settings), IMPATIENT)
