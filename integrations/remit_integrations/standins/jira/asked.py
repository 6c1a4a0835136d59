"""What a search asks for, checked as the vendor checks it."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

from remit_integrations.standins.jira.jql import Unacceptable

Json = dict[str, Any]
DEFAULT_PAGE, LARGEST_PAGE = 50, 5000
TYPES: dict[str, type] = {
    "jql": str, "nextPageToken": str, "maxResults": int, "fields": list, "expand": str, "properties": list,
    "fieldsByKeys": bool, "failFast": bool, "reconcileIssues": list,
}  # fmt: skip
LISTS = frozenset(name for name, type_ in TYPES.items() if type_ is list)
NOT_TEXTS = ("reconcileIssues", "webhooks", "webhookIds")
MOST = {"properties": 5, "reconcileIssues": 50}


@dataclass(frozen=True, slots=True)
class Asked:
    """`digest` is what a token is bound to: the query and everything that shapes its pages but their size."""

    jql: str
    token: str | None
    most: int
    fields: frozenset[str]
    also: frozenset[str]
    digest: str

    @staticmethod
    def of(told: Json) -> "Asked":
        """Raises Unacceptable for an unknown property, one of another type, and too many or too few of something."""
        checked(told, TYPES)
        for name, most in MOST.items():
            if len(told.get(name) or ()) > most:
                raise Unacceptable(f"{name} must hold at most {most} entries.")
        size = told.get("maxResults")
        if size is not None and size < 1:
            raise Unacceptable("maxResults must be a positive number.")
        also = [str(one) for one in told.get("reconcileIssues") or ()]
        if not all(one.isdecimal() for one in also):
            raise Unacceptable("reconcileIssues must hold numeric ids.")
        fields = frozenset(name for part in told.get("fields") or () for name in part.split(",") if name)
        bound = {name: told.get(name) for name in sorted(TYPES) if name not in ("nextPageToken", "maxResults")}
        digest = hashlib.sha256(orjson.dumps(bound)).hexdigest()
        most = min(size or DEFAULT_PAGE, LARGEST_PAGE)
        return Asked(told.get("jql") or "", told.get("nextPageToken"), most, fields or frozenset({"id"}),
                     frozenset(also), digest)  # fmt: skip


def checked(told: Json, types: dict[str, type]) -> None:
    """Raises Unacceptable for a property that is not known or of another type; null is as good as absent."""
    for name, value in told.items():
        if name not in types:
            raise Unacceptable(f"Invalid request payload: unknown property {name!r}.")
        right = value is None or type(value) is types[name]
        texts = name in NOT_TEXTS or not isinstance(value, list) or all(isinstance(one, str) for one in value)
        if not right or not texts:
            raise Unacceptable(f"Invalid request payload: {name} has the wrong type.")


def of_query(pairs: list[tuple[str, str]]) -> Json:
    """The same properties from a GET: lists are repeated or comma-separated, numbers and truths are texts."""
    told: Json = {}
    for name, value in pairs:
        if name in LISTS:
            told.setdefault(name, []).extend(part for part in value.split(",") if part)
        elif TYPES.get(name) is int and value.lstrip("-").isdecimal():
            told[name] = int(value)
        elif TYPES.get(name) is bool and value in ("true", "false"):
            told[name] = value == "true"
        else:
            told[name] = value
    return told
