"""The state of a stand-in site: its issues, what its search index has seen of them, its people, its clock."""

import copy
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from remit_integrations.standins.jira.faults import Faults
from remit_integrations.standins.jira.jql import Row
from remit_integrations.standins.jira.shapes import PEOPLE

Json = dict[str, Any]


@dataclass(slots=True)
class Kept:
    """An issue as it is, and as the search index has it until `indexed_at` (None: not at all)."""

    record: Json
    indexed_at: datetime
    before: Json | None = None
    version: int = 0
    version_before: int = 0
    hidden: bool = False

    def seen(self, now: datetime, reconciled: bool) -> tuple[Json, int] | None:
        """What the search sees of it at a moment, with its version; a reconciled one is seen as it is."""
        if self.hidden:
            return None
        if reconciled or self.indexed_at <= now:
            return self.record, self.version
        return (self.before, self.version_before) if self.before is not None else None


TOKENS_LAST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Paging:
    """One search under way: what it was asked, which ids it hands out, how far it is, since when it waits."""

    asked: str
    ids: Sequence[str]
    start: int = 0
    pages: int = 0
    since: datetime | None = None


@dataclass(slots=True)
class Site:
    """A Jira Cloud site with one account. Change it through its methods, as users would."""

    email: str = "sync@example.com"
    token: str = "stand-in-token"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    index_lag: timedelta = timedelta(0)
    faults: Faults = field(default_factory=Faults)
    issues: dict[str, Kept] = field(default_factory=dict)
    former_keys: dict[str, str] = field(default_factory=dict)
    histories: dict[str, list[Json]] = field(default_factory=dict)
    pagings: dict[str, Paging] = field(default_factory=dict)
    calls: deque[str] = field(default_factory=lambda: deque(maxlen=10_000))
    """What was asked lately, such as `GET /rest/api/3/myself`."""
    version: int = 0
    """Rises with every change; what is derived from the issues is kept under it."""

    def load(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Take in recorded issues; a `changelog` they carry becomes their history."""
        for told in records:
            record = dict(told)
            changelog = record.pop("changelog", None) or {}
            self.issues[record["id"]] = Kept(record, datetime.min.replace(tzinfo=UTC))
            self.histories.setdefault(record["id"], []).extend(changelog.get("histories", ()))
        self.version += 1

    def create(self, record: Json) -> None:
        """A new issue; searchable once the index has seen it."""
        self.issues[record["id"]] = Kept(record, self.clock() + self.index_lag)
        self.version += 1

    def edit(self, id: str, **fields: Any) -> None:
        """Change fields; `updated` follows the clock unless it is given."""
        self._change(id, fields={"updated": self.clock().isoformat(), **fields})

    def move(self, id: str, key: str, project: Json) -> None:
        """Move to another project: the key changes, the id stays, and the history says so."""
        kept = self.issues[id]
        former = kept.record["key"]
        self.former_keys[former] = id
        entry = {"field": "Key", "fieldtype": "jira", "from": None, "fromString": former, "to": None, "toString": key}
        at = self.clock().isoformat()
        self.histories.setdefault(id, []).append({"id": f"{id}-{kept.version}", "created": at, "items": [entry]})
        self._change(id, key=key, fields={"project": project, "updated": at})

    def delete(self, id: str) -> None:
        del self.issues[id]
        self.version += 1

    def hide(self, id: str, hidden: bool = True) -> None:
        """Take away, or give back, the account's permission to see an issue."""
        self.issues[id].hidden = hidden
        self.version += 1

    def found(self, id_or_key: str) -> Json | None:
        """The issue by id, key or former key, as it is now."""
        kept = self.issues.get(id_or_key) or self.issues.get(self.keys().get(id_or_key, ""))
        return kept.record if kept is not None and not kept.hidden else None

    def keys(self) -> dict[str, str]:
        """Ids by present and former key."""
        return self.former_keys | {kept.record["key"]: id_ for id_, kept in self.issues.items()}

    def indexed(self, also: frozenset[str] = frozenset()) -> list[tuple[Json, int]]:
        """What the search sees: (issue, version). Those of `also` are reconciled: as they are now."""
        now = self.clock()
        seen = (kept.seen(now, id_ in also) for id_, kept in self.issues.items())
        return [one for one in seen if one is not None]

    def indexed_one(self, id_: str, also: frozenset[str] = frozenset()) -> tuple[Json, int] | None:
        """What the search sees of one issue."""
        kept = self.issues.get(id_)
        return kept.seen(self.clock(), id_ in also) if kept is not None else None

    def people(self) -> list[Json]:
        """Everybody the issues name, by account id."""
        found: dict[str, Json] = {}
        for kept in self.issues.values():
            for role in PEOPLE:
                person = kept.record["fields"].get(role)
                if person and person.get("accountId"):
                    found[person["accountId"]] = person
        return [found[account] for account in sorted(found)]

    def distinct(self, field_name: str) -> list[Json]:
        """Each project, status or component that issues name, by id."""
        found: dict[str, Json] = {}
        for kept in self.issues.values():
            value = kept.record["fields"].get(field_name)
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and one.get("id"):
                    found[one["id"]] = one
        return [found[id_] for id_ in sorted(found)]

    def token_for(self, paging: Paging) -> str:
        """A token that stands for the rest of a search; the oldest are forgotten."""
        token = secrets.token_urlsafe(24)
        self.pagings[token] = replace(paging, since=self.clock())
        while len(self.pagings) > 10_000:
            del self.pagings[next(iter(self.pagings))]
        return token

    def paging_of(self, token: str) -> Paging | None:
        """The search a token stands for; None after a week and for any other text."""
        paging = self.pagings.get(token)
        if paging is None or paging.since is None or self.clock() - paging.since >= TOKENS_LAST:
            return None
        return paging

    def _change(self, id_: str, *, fields: Json, key: str | None = None) -> None:
        kept = self.issues[id_]
        now = self.clock()
        if kept.indexed_at <= now:
            kept.before, kept.version_before = kept.record, kept.version
        record = copy.copy(kept.record)
        record["fields"] = {**record["fields"], **fields}
        record["key"] = key or record["key"]
        kept.record, kept.version, kept.indexed_at = record, kept.version + 1, now + self.index_lag
        self.version += 1


def row(record: Json) -> Row:
    """An issue's searchable values."""
    fields = record["fields"]
    return {
        "id": record["id"],
        "key": record["key"],
        "project": [fields["project"].get(name, "") for name in ("key", "id", "name")],
        "issuetype": _names(fields.get("issuetype")),
        "status": _names(fields.get("status")),
        "component": [one["name"] for one in fields.get("components") or ()],
        "labels": fields.get("labels") or [],
        "updated": datetime.fromisoformat(fields["updated"]).astimezone(UTC),
        "created": datetime.fromisoformat(fields["created"]).astimezone(UTC),
    }


def _names(value: Json | None) -> list[str]:
    return [value[name] for name in ("id", "name") if value.get(name)] if value else []
