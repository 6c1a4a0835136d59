"""The state of a stand-in site: its issues, what its search index has seen of them, its people, its clock."""

import copy
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from remit_integrations.standins.jira import changes
from remit_integrations.standins.jira.custom_fields import STORY_POINTS, beginning
from remit_integrations.standins.jira.faults import Faults
from remit_integrations.standins.jira.happenings import Happening
from remit_integrations.standins.jira.kept import Kept, Paging, Quirks
from remit_integrations.standins.jira.registered import Registered
from remit_integrations.standins.jira.shapes import ACTOR, PEOPLE

Json = dict[str, Any]
Derived = TypeVar("Derived")
TOKENS_LAST = timedelta(days=7)


class Flavour(StrEnum):
    """Which Jira is played: the vendor's own, or one that runs at a company's."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


@dataclass(slots=True)
class Site:
    """A Jira site with one account. Change it through its methods, as users would.

    A method that changes an issue writes its history, and tells `listeners` what happened.
    """

    flavour: Flavour = Flavour.CLOUD

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
    quirks: Quirks = field(default_factory=Quirks)
    shut_out: bool = False
    """Whether the account may browse no project: it is let in, and the site is empty."""
    cloud_id: str = "5f6c0000-stand-in"
    scoped_token: str | None = None
    """An API token with scopes, good at the gateway only, `/ex/jira/{cloud_id}`. Cloud only."""
    app_tokens: set[str] = field(default_factory=set)
    """Access tokens of an OAuth app, good at the gateway only. Cloud only."""
    registrations: dict[int, Registered] = field(default_factory=dict)
    registered: int = 0
    custom_fields: list[Json] = field(default_factory=beginning)
    own_boards: list[Json] | None = None
    """Boards as {id, name, type, project, estimation}; None for one a project, which estimates in story points."""
    listeners: list[Callable[[Happening], None]] = field(default_factory=list)
    unindexed: dict[str, Kept] = field(default_factory=dict)
    """Deleted issues that the index may still show."""
    changed: int = 0
    """How many entries were written to histories."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The last one given away by project, and under "" the last id: none is given twice."""
    _derived: dict[str, tuple[int, Any]] = field(default_factory=dict)

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
        self._tell("jira:issue_created", record, "issue_created")

    def edit(self, id: str, **fields: Any) -> None:
        """Change fields; `updated` follows the clock unless it is given."""
        told = changes.items(self.issues[id].record["fields"], fields)
        self._change(id, fields={"updated": self.clock().isoformat(), **fields})
        self._updated(id, told, changes.kind(told))

    def move(self, id: str, key: str, project: Json) -> None:
        """Move to another project: the key changes, the id stays, and the history says so."""
        before = self.issues[id].record
        self._taken(before)
        self.former_keys[before["key"]] = id
        self._change(id, key=key, fields={"project": project, "updated": self.clock().isoformat()})
        told = changes.moved(before, self.issues[id].record)
        self._updated(id, told, changes.kind(told))

    def comment(self, id: str, text: str) -> None:
        """Comment on an issue, which is news of it and no change of its fields."""
        told, now = self.issues[id].record["fields"].get("comment") or {}, self.clock().isoformat()
        comments = told.get("comments", [])
        added = {"id": str(self._next_change()), "author": ACTOR, "body": text, "created": now, "updated": now}
        self._change(id, fields={"updated": now, "comment": {**told, "comments": [*comments, added]}})
        self._tell("comment_created", self.issues[id].record, comment=added)

    def delete(self, id: str) -> None:
        """For good. The index may show it a while longer, as it was; nothing else does."""
        kept = self.issues[id]
        self._taken(kept.record)
        del self.issues[id]
        if self.index_lag:
            before, version = kept.seen(self.clock(), reconciled=False) or (None, 0)
            gone_at = self.clock() + self.index_lag
            self.unindexed[id] = Kept(kept.record, gone_at, before, version_before=version, hidden=kept.hidden,
                                      deleted=True)  # fmt: skip
        self.version += 1
        self._tell("jira:issue_deleted", kept.record)

    def hide(self, id: str, hidden: bool = True) -> None:
        """Take away, or give back, the account's permission to see an issue. It does not change with that."""
        self.issues[id].hidden = hidden
        self.version += 1

    def found(self, id_or_key: str) -> Json | None:
        """The issue by id, key or former key, as it is now; None when the account may not see it."""
        kept = self.issues.get(id_or_key) or self.issues.get(self.keys().get(id_or_key, ""))
        return kept.record if kept is not None and not kept.hidden else None

    def keys(self) -> dict[str, str]:
        """Ids by present and former key."""
        return self.derived(
            "keys", lambda: self.former_keys | {kept.record["key"]: id_ for id_, kept in self.issues.items()}
        )

    def new_id(self) -> str:
        """The next issue's id."""
        return str(self._next("", 10_000))

    def new_key(self, project: str) -> str:
        """The key of the project's next issue."""
        return f"{project}-{self._next(project, 0)}"

    def _next(self, of: str, beginning: int) -> int:
        for kept in self.issues.values():
            self._taken(kept.record)
        self.numbers[of] = self.numbers.get(of, beginning) + 1
        return self.numbers[of]

    def _taken(self, record: Json) -> None:
        project, _, number = record["key"].rpartition("-")
        for name, told in (("", record["id"]), (project, number)):
            if told.isdecimal():
                self.numbers[name] = max(self.numbers.get(name, 0), int(told))

    def derived(self, name: str, make: Callable[[], Derived]) -> Derived:
        """What `make` says, made again only when the site has changed."""
        version, value = self._derived.get(name, (-1, None))
        if version != self.version:
            value = make()
            self._derived[name] = (self.version, value)
        made: Derived = value
        return made

    def indexed(self, also: frozenset[str] = frozenset()) -> list[tuple[Json, int]]:
        """What the search sees: (issue, version). Those of `also` are reconciled: as they are now."""
        now = self.clock()
        every = (*self.issues.items(), *self.unindexed.items())
        seen = (kept.seen(now, id_ in also) for id_, kept in every)
        return [one for one in seen if one is not None]

    def indexed_one(self, id_: str, also: frozenset[str] = frozenset()) -> tuple[Json, int] | None:
        """What the search sees of one issue."""
        kept = self.issues.get(id_) or self.unindexed.get(id_)
        return kept.seen(self.clock(), id_ in also) if kept is not None else None

    def people(self) -> list[Json]:
        """Everybody the issues name, by account id, or by key where people have no account."""
        found = [
            person
            for kept in self.issues.values()
            for role in PEOPLE
            if isinstance(person := kept.record["fields"].get(role), dict)
        ]
        by = {one.get("accountId") or one.get("key"): one for one in found}
        return [by[account] for account in sorted(filter(None, by))]

    @property
    def boards(self) -> list[Json]:
        if self.own_boards is not None:
            return self.own_boards
        return [
            {"id": number, "name": f"{project['key']} board", "project": project, "estimation": STORY_POINTS["id"]}
            for number, project in enumerate(self.distinct("project"), start=1)
        ]

    def distinct(self, field_name: str) -> list[Json]:
        """Each project, status or component that issues name, by id."""
        return self.derived(f"distinct {field_name}", lambda: self._distinct(field_name))

    def _distinct(self, field_name: str) -> list[Json]:
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
        self.pagings[token] = replace(paging, since=self.clock(), first=paging.first or token)
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

    def _updated(self, id_: str, told: list[Json], type_: str) -> None:
        """Write what changed to the history and tell of it; of nothing but times there is nothing to write."""
        record, entry = self.issues[id_].record, None
        if told:
            head = {"id": str(self._next_change()), "author": ACTOR, "created": self.clock().isoformat()}
            entry = {**head, "items": told}
            self.histories.setdefault(id_, []).append(entry)
        self._tell("jira:issue_updated", record, type_, entry)

    def _next_change(self) -> int:
        self.changed += 1
        return 5_000_000 + self.changed

    def _tell(
        self,
        event: str,
        record: Json,
        type_: str | None = None,
        change: Json | None = None,
        comment: Json | None = None,
    ) -> None:
        happening = Happening(event, self.clock(), record, type_, change, comment)
        for listener in self.listeners:
            listener(happening)
