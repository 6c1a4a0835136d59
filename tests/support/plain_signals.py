"""The signals of a backlog once more, from raw payloads in plain loops: shares no code with the product.

Written from docs/signals.md. Slow, and simple on purpose.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

DAY = timedelta(days=1)
TOUCHING = {
    "status", "priority", "assignee", "rank", "labels", "comment", "story points", "story point estimate",
    "timeestimate", "timeoriginalestimate",
}  # fmt: skip


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)


@dataclass
class PlainIssue:
    """An issue with its changes of status as (when, category), the category it was created in first."""

    created: datetime
    updated: datetime
    told: list[tuple[datetime, str]]
    touched: datetime | None
    has_history: bool
    last_is_a_guess: bool

    def category(self, when: datetime) -> str:
        now = "new"
        for at, category in self.told:
            if at < when:
                now = category
        return now

    def since(self, when: datetime) -> datetime:
        """Since when it is in the category that it is in."""
        present, begun, before = self.category(when), self.created, "new"
        for at, category in self.told:
            if at < when and category == present and before != present:
                begun = at
            before = category if at < when else before
        return begun

    def is_guessed(self, when: datetime) -> bool:
        return self.last_is_a_guess and bool(self.told) and self.told[-1][0] < when

    def begun(self) -> datetime | None:
        return next((at for at, category in self.told if category == "indeterminate"), None)


def plain_issue(raw: Mapping[str, Any], statuses: Sequence[Mapping[str, Any]] = ()) -> PlainIssue:
    """From an issue as the vendor tells it, with `changelog.histories` where there is one."""
    fields = raw["fields"]
    created, updated = instant(fields["created"]), instant(fields["updated"])
    entries = sorted(
        (raw.get("changelog") or {}).get("histories") or [], key=lambda one: (instant(one["created"]), int(one["id"]))
    )
    reporter = (fields.get("reporter") or {}).get("accountId")
    told: list[tuple[datetime, str]] = []
    touched = None
    for entry in entries:
        at, author = max(instant(entry["created"]), created), (entry.get("author") or {}).get("accountId")
        for item in entry["items"]:
            if item["field"].lower() in TOUCHING and (author is None or author != reporter) and touched is None:
                touched = at
            if item["field"] == "status":
                if not told:
                    told.append((created, _category(fields, statuses, item["from"], item["fromString"]) or "new"))
                category = _category(fields, statuses, item["to"], item["toString"])
                if category is not None:
                    told.append((at, category))
    own = fields["status"]["statusCategory"]["key"]
    resolved = instant(fields["resolutiondate"]) if fields.get("resolutiondate") else None
    guess = False
    if (told[-1][1] if told else "new") != own:
        if own == "done" and resolved is not None:
            told.append((resolved, own))
        elif not told and (entries or updated == created):
            told.append((created, own))
        else:
            told.append((updated, own))
            guess = True
    return PlainIssue(created, updated, told, touched, bool(entries), guess)


def _category(
    fields: Mapping[str, Any], statuses: Sequence[Mapping[str, Any]], id_: str | None, name: str | None
) -> str | None:
    for status in statuses:
        if status["id"] == id_:
            return str(status["statusCategory"]["key"])
    if name == fields["status"]["name"]:
        return str(fields["status"]["statusCategory"]["key"])
    named = {status["statusCategory"]["key"] for status in statuses if status["name"] == name}
    return named.pop() if len(named) == 1 else None


def plain_percentile(values: Sequence[timedelta], percent: int) -> float | None:
    """Nearest rank, in days."""
    if not values:
        return None
    rank = max(1, math.ceil(percent / 100 * len(values) - 1e-9))
    return sorted(values)[rank - 1] / DAY


def plain_signals(issues: Sequence[PlainIssue], start: datetime, end: datetime) -> dict[str, tuple[float | None, int]]:
    """Value and sample of each signal of a backlog over a window after which nothing happened but what is told."""
    there = [one for one in issues if one.created < end]
    open_ = [one for one in there if one.category(end) != "done"]
    doing = [one for one in open_ if one.category(end) == "indeterminate"]
    finished = [one for one in there if one.category(end) == "done" and not one.is_guessed(end)]
    came = [one for one in there if one.created >= start]
    went = [one for one in finished if one.since(end) >= start]
    cycles = _cycles(went, end)
    limit = plain_percentile(_cycles([one for one in finished if one.since(end) >= end - 90 * DAY], end), 85)
    ages = [end - begun for one in doing if not one.is_guessed(end) and (begun := one.begun()) is not None]
    waiting = [one for one in open_ if (one.touched is None or one.touched >= end) and one.created < end - 7 * DAY]
    silent = not any(one.has_history for one in there)
    untold = silent and any(one.updated > one.created and not one.has_history for one in waiting)
    breaches = sum(age / DAY > limit for age in ages) if limit is not None else None if ages else 0
    oldest = max((end - one.created for one in waiting), default=timedelta(0)) / DAY
    return {
        "open_items": (len(open_), len(there)),
        "wip": (len(doing), len(there)),
        "arrivals": (len(came), len(came)),
        "completions": (len(went), len(went)),
        "net_growth": (len(came) - len(went), len(came) + len(went)),
        "service_ratio": (len(went) / len(came) if came else None, len(came)),
        "throughput": (len(went) * 7 / ((end - start) / DAY), len(went)),
        "cycle_time_p50": (plain_percentile(cycles, 50), len(cycles)),
        "cycle_time_p85": (plain_percentile(cycles, 85), len(cycles)),
        "item_age_p85": (plain_percentile(ages, 85), len(ages)),
        "age_breaches": (breaches, len(ages)),
        "untriaged": (None if untold else len(waiting), len(open_)),
        "oldest_untriaged": (None if untold else oldest, len(waiting)),
        "stale_items": (sum(one.updated < end - 30 * DAY for one in open_), len(open_)),
    }


def plain_records(
    issues: Mapping[str, PlainIssue], start: datetime, end: datetime
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Of some signals which issues count as what, by their names in order."""
    there = {name: one for name, one in issues.items() if one.created < end}
    open_ = {name: one for name, one in there.items() if one.category(end) != "done"}
    finished = {n: one for n, one in there.items() if one.category(end) == "done" and not one.is_guessed(end)}
    came = {name for name, one in there.items() if one.created >= start}
    went = {name for name, one in finished.items() if one.since(end) >= start}
    lasted = {n for n in went if (begun := finished[n].begun()) is not None and begun <= finished[n].since(end)}
    aged = {
        name: end - begun
        for name, one in open_.items()
        if one.category(end) == "indeterminate" and not one.is_guessed(end) and (begun := one.begun()) is not None
    }
    limit = plain_percentile(_cycles([one for one in finished.values() if one.since(end) >= end - 90 * DAY], end), 85)
    late = {name for name, age in aged.items() if limit is not None and age / DAY > limit}
    waiting = {
        name
        for name, one in open_.items()
        if (one.touched is None or one.touched >= end) and one.created < end - 7 * DAY
    }
    stale = {name for name, one in open_.items() if one.updated < end - 30 * DAY}
    told: dict[str, dict[str, Iterable[str]]] = {
        "open_items": {"OPEN": open_, "SAMPLE": there.keys() - open_.keys()},
        "arrivals": {"ARRIVAL": came},
        "completions": {"COMPLETION": went},
        "net_growth": {"ARRIVAL": came, "COMPLETION": went},
        "service_ratio": {"ARRIVAL": came, "COMPLETION": went},
        "cycle_time_p85": {"COMPLETION": lasted},
        "item_age_p85": {"IN_PROGRESS": aged},
        "age_breaches": {"BREACH": late, ("WITHIN_LIMIT" if limit is not None else "SAMPLE"): aged.keys() - late},
        "untriaged": {"UNTRIAGED": waiting, "SAMPLE": open_.keys() - waiting},
        "oldest_untriaged": {"UNTRIAGED": waiting},
        "stale_items": {"STALE": stale, "SAMPLE": open_.keys() - stale},
    }
    return {
        signal: {role: tuple(sorted(names)) for role, names in roles.items() if names} for signal, roles in told.items()
    }


def _cycles(issues: Sequence[PlainIssue], end: datetime) -> list[timedelta]:
    found = []
    for one in issues:
        begun = one.begun()
        if begun is not None and begun <= one.since(end):
            found.append(one.since(end) - begun)
    return found
