"""Writes areas, teams, people and owners as a Backstage catalog that, imported, changes nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml

from remit.domain.catalogue import Letter
from remit.domain.errors import Problem
from remit.domain.facts import Body, Fact, FactKind
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey
from remit.domain.model import Model
from remit.domain.people import Person
from remit.exchange.entities import INHERITED, KEY, KIND
from remit.exchange.left_out import kinds_left_out, left_out, shortened
from remit.exchange.letters import understood
from remit.exchange.reading import Cell
from remit.exchange.settling import held

FORM = "backstage"
HELD = [FactKind.AREA, FactKind.TEAM, FactKind.PERSON, FactKind.ASSIGNMENT]
Document = dict[str, Any]


def write_backstage(
    model: Model, facts: Sequence[Fact[Body]], now: datetime, function: FunctionKey
) -> tuple[str, tuple[Problem, ...]]:
    """A document for every area below the organisation, team and person; and what a catalog cannot hold.

    An area's owner is who is accountable for all of it for `function` by an assignment of its own, or else of the
    nearest area above: a catalog expects an owner of each.
    """
    areas = [key for key in model.under(None) if key != model.root]
    owners = {key: owner for key in model.areas if (owner := _owner(model, key, function)) is not None}
    catalog = _Catalog(model, areas, owners)
    text = "".join(f"---\n{yaml.dump(one, Dumper=_Readable, sort_keys=False, allow_unicode=True, width=120)}"
                   for one in catalog.documents())  # fmt: skip
    return text, (*kinds_left_out(FORM, facts, HELD, now), *_lost(model, owners, function))


def _owner(model: Model, area: AreaKey, function: FunctionKey) -> OwnerKey | None:
    cell = Cell(area, ALL, function)
    parts = understood(held(model, cell), cell, None)
    return next((owner for owner, letter in parts.items() if letter is Letter.ACCOUNTABLE), None)


class _Catalog:
    """The documents of one model; keys that no catalog accepts as a name get another, and stand in an annotation."""

    def __init__(self, model: Model, areas: Sequence[AreaKey], owners: Mapping[AreaKey, OwnerKey]) -> None:
        self._model, self._areas, self._owners = model, areas, owners
        self._area_names = _names(areas)
        self._owner_names = _names([*model.teams, *model.people])
        self._kinds: dict[AreaKey, str] = {}

    def documents(self) -> Iterator[Document]:
        """Areas first, parents before what is below them."""
        yield from (self._area(key) for key in self._areas)
        yield from (self._team(key) for key in self._model.teams)
        yield from (self._person(person) for person in self._model.people.values())

    def _area(self, key: AreaKey) -> Document:
        area = self._model.areas[key]
        above = self._kinds.get(area.parent) if area.parent is not None else None
        kind = self._kinds[key] = _kind(area.kind, above, bool(self._model.children.get(key)))
        spec: Document = {"type": area.kind.strip() or kind.lower()}
        if kind == "Component":
            spec["lifecycle"] = "production"
        annotations = {KIND: area.kind} if area.kind != kind.lower() else {}
        owner = next((self._owners[one] for one in self._model.paths[key] if one in self._owners), None)
        if owner is not None:
            spec["owner"] = f"{'group' if owner in self._model.teams else 'user'}:default/{self._owner_names[owner]}"
            if key not in self._owners:
                annotations[INHERITED] = spec["owner"]
        if above is not None and area.parent is not None:
            spec[_FIELDS[kind, above]] = self._area_names[area.parent]
        return _document(kind, self._area_names[key], key, area.name, spec, annotations)

    def _team(self, key: OwnerKey) -> Document:
        team = self._model.teams[key]
        members = [self._owner_names[member] for member in team.members if member in self._model.people]
        spec = {"type": "team", "profile": {"displayName": team.name}, "children": [], "members": members}
        return _document("Group", self._owner_names[key], key, "", spec)

    def _person(self, person: Person) -> Document:
        profile = {"displayName": person.name} | ({"email": person.email} if person.email else {})
        teams = [self._owner_names[key] for key, team in self._model.teams.items() if person.key in team.members]
        return _document("User", self._owner_names[person.key], person.key, "", {"profile": profile, "memberOf": teams})


_FIELDS = {
    ("Domain", "Domain"): "subdomainOf",
    ("System", "Domain"): "domain",
    ("Component", "System"): "system",
    ("Component", "Component"): "subcomponentOf",
}
"""Where an entity says what it belongs to. A catalog knows no other ways down, and all of them lead to areas."""


def _kind(kind: str, above: str | None, has_below: bool) -> str:
    """The area's own kind where the entity above allows it, or else the one that does."""
    if above in ("System", "Component"):
        return "Component"
    if above is None and kind == "component":
        return "Component"
    if kind == "domain" or (has_below and kind != "system"):
        return "Domain"
    return "System"


def _document(
    kind: str, name: str, key: str, title: str, spec: Document, annotations: Mapping[str, str] | None = None
) -> Document:
    metadata: Document = {"name": name}
    if title.strip():
        metadata["title"] = title
    told = ({KEY: key} if name != key else {}) | dict(annotations or {})
    if told:
        metadata["annotations"] = told
    return {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec}


_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*")
_LONGEST_NAME = 63
"""What a catalog accepts as a name; it does not tell capitals from small letters."""


def _names(keys: Iterable[str]) -> dict[str, str]:
    """A name of its own for each key: the key itself where a catalog accepts it."""
    told = sorted(keys)
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted(told, key=lambda one: not _accepted(one)):
        base = key if _accepted(key) else "-".join(_NAME.findall(key))[: _LONGEST_NAME - 8].rstrip("-_.") or "unnamed"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base[: _LONGEST_NAME - 8].rstrip('-_.')}-{number}"
        taken.add(name.casefold())
        names[key] = name
    return names


def _accepted(key: str) -> bool:
    return len(key) <= _LONGEST_NAME and _NAME.fullmatch(key) is not None


def _lost(model: Model, owners: Mapping[AreaKey, OwnerKey], function: FunctionKey) -> Iterator[Problem]:
    areas, people = model.areas.values(), model.people.values()
    told = (
        row.key
        for rows in model.assignments.values()
        for row in rows
        if (row.body.responsibility, row.body.function) != (ALL, function)
        or owners.get(row.body.area) != row.body.owner
        or row.body.area == model.root
    )
    yield from left_out(FORM, "assignments that make nobody the owner of an area", told)
    yield from left_out(FORM, "stages", (area.key for area in areas if area.stage is not None))
    yield from left_out(FORM, "selectors", (area.key for area in areas if area.jira or area.feedback))
    more = (one.key for one in people if one.function or one.identities or one.skills or one.capacity_hours is not None)
    yield from left_out(FORM, "functions, hours, identities and skills of people", more)
    yield from left_out(FORM, "that somebody is not active", (one.key for one in people if not one.active))
    yield from left_out(FORM, "functions of teams", (one.key for one in model.teams.values() if one.function))
    without = sorted(key for key in model.areas if key != model.root and not owners.keys() & {*model.paths[key]})
    if without:
        message = f"a catalog expects an owner of each, and these have none for {function}"
        yield Problem("NO_OWNER", f"{message}: {shortened(without)}")


class _Readable(yaml.SafeDumper):
    """Plain words as they are, any other text in quotes, so that no reader takes `NO` or `1e3` for something else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9.]*(?:[-_/:][A-Za-z0-9.]+)*")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def _scalar(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) is not None and text.casefold() not in _WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Readable.add_representer(str, _scalar)
