"""Reads a Backstage catalog: domains, systems and components as areas, groups as teams, users as people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from remit.domain.areas import Area
from remit.domain.catalogue import Letter
from remit.domain.errors import Problem
from remit.domain.facts import Body, natural_key
from remit.domain.ids import ALL, AreaKey, FunctionKey, OwnerKey
from remit.domain.model import Model
from remit.domain.people import Person, Team
from remit.exchange.entities import AREAS, Catalog, Entity, Told, catalog
from remit.exchange.reading import Cell, Reading, Said, refuse
from remit.modelfile.read import Declaration


def read_backstage(text: str, model: Model, function: FunctionKey) -> Reading:
    """What the catalog says; raises Invalid with every mistake, its document and its line.

    An owner is accountable for all of an area for `function`. What an entity does not say stays as the model has it.
    """
    reading = _Reading(catalog(text), model)
    told = reading.catalog
    nouns = tuple(reading.nouns())
    cells = dict(reading.cells(function))
    if not told.entities and not told.problems:
        reading.wrong("EMPTY_FILE", "no document is a Domain, System, Component, Group or User", None, None)
    refuse([*told.problems, *reading.problems])
    return Reading(cells, nouns, told.warnings)


class _Reading:
    """The entities by what references call them: kind and name, without case, whatever their namespace."""

    def __init__(self, told: Catalog, model: Model) -> None:
        self.catalog = told
        self.model = model
        self.problems: list[Problem] = []
        self._named: dict[tuple[str, str], Entity] = {}
        self._keys: dict[tuple[bool, str], Entity] = {}
        for entity in told.entities:
            self._enter(entity)

    def wrong(self, code: str, message: str, entity: Entity | None, line: int | None) -> None:
        self.problems.append(Problem(code, message, str(entity) if entity is not None else "", line))

    def nouns(self) -> Iterator[Declaration]:
        joined = self._joined()
        for entity in self.catalog.entities:
            body: Body
            if entity.kind in AREAS:
                body = self._area(entity)
            elif entity.kind == "User":
                body = self._person(entity)
            else:
                body = self._team(entity, joined.pop(OwnerKey(entity.key), {}))
            yield Declaration(natural_key(body), body, None, None, entity.line)
        for key, members in joined.items():  # teams that only the model knows
            team = self.model.teams[key]
            body = replace(team, members=tuple(sorted({*team.members, *members})))
            yield Declaration(key, body, None, None, min(members.values()))

    def cells(self, function: FunctionKey) -> Iterator[tuple[Cell, Said]]:
        for entity in self.catalog.entities:
            if entity.owner is not None:
                owner = self._owner(entity, entity.owner, ("Group", "User"))
                if owner is not None:
                    cell = Cell(AreaKey(entity.key), ALL, function)
                    yield cell, Said({owner: Letter.ACCOUNTABLE}, entity.owner.line, whole=False)

    def _enter(self, entity: Entity) -> None:
        """Areas share one set of keys, and so do people and teams (R2)."""
        self._named.setdefault((entity.kind, entity.name.casefold()), entity)
        first = self._keys.setdefault((entity.kind in AREAS, entity.key), entity)
        if first is not entity:
            message = f"{first} has this key too; rename one, or give it another with the annotation `remit/key`"
            self.wrong("DUPLICATE_ROW", message, entity, entity.line)
        if entity.kind in AREAS and entity.key == self.model.root:
            message = "this is the organisation's key; rename it, or give it another with the annotation `remit/key`"
            self.wrong("NAME_TAKEN", message, entity, entity.line)

    def _area(self, entity: Entity) -> Area:
        key = AreaKey(entity.key)
        kind = entity.area_kind if entity.area_kind is not None else entity.kind.lower()
        parent = self._parent(entity)
        before = self.model.areas.get(key)
        if before is not None:
            return replace(before, name=entity.title or before.name, kind=kind, parent=parent or before.parent)
        return Area(key, entity.title or entity.name, kind, parent or self.model.root)

    def _parent(self, entity: Entity) -> AreaKey | None:
        for kind, told in entity.above:
            found = self._found(told.text, (kind,))
            name = _parsed(told.text)[1]
            if found is not None:
                return AreaKey(found.key)
            if name in self.model.areas:
                return AreaKey(name)
            message = f"there is no {kind} {told.text!r}, neither in this file nor in the model; add it"
            self.wrong("UNKNOWN_AREA", message, entity, told.line)
        return None

    def _person(self, entity: Entity) -> Person:
        before = self.model.people.get(OwnerKey(entity.key))
        if before is None:
            return Person(OwnerKey(entity.key), entity.title or entity.name, entity.email)
        return replace(before, name=entity.title or before.name, email=entity.email or before.email)

    def _team(self, entity: Entity, joined: Iterable[OwnerKey]) -> Team:
        """Members are those the group lists, or else those it has, and whoever says to belong to it."""
        before = self.model.teams.get(OwnerKey(entity.key)) or Team(OwnerKey(entity.key), entity.name)
        listed: Iterable[OwnerKey] = before.members
        if entity.members is not None:
            found = (self._owner(entity, told, ("User",)) for told in entity.members)
            listed = [key for key in found if key is not None]
        return replace(before, name=entity.title or before.name, members=tuple(sorted({*listed, *joined})))

    def _joined(self) -> dict[OwnerKey, dict[OwnerKey, int]]:
        """Of each group: the users that say to belong to it, and where."""
        joined: dict[OwnerKey, dict[OwnerKey, int]] = defaultdict(dict)
        for entity in self.catalog.entities:
            for told in entity.member_of:
                team = self._owner(entity, told, ("Group",))
                if team is not None:
                    joined[team][OwnerKey(entity.key)] = told.line
        return joined

    def _owner(self, entity: Entity, told: Told, kinds: tuple[str, ...]) -> OwnerKey | None:
        """Who is meant: of this file, or else of the model; None is told."""
        kind, name = _parsed(told.text)
        asked = tuple(one for one in kinds if kind in (None, one.casefold()))
        if (found := self._found(told.text, asked)) is not None:
            return OwnerKey(found.key)
        known = {"Group": self.model.teams, "User": self.model.people}
        if any(name in known[one] for one in asked):
            return OwnerKey(name)
        message = f"there is no {' or '.join(kinds)} {told.text!r}, neither in this file nor in the model; add it"
        self.wrong("UNKNOWN_OWNER", message, entity, told.line)
        return None

    def _found(self, reference: str, kinds: tuple[str, ...]) -> Entity | None:
        kind, name = _parsed(reference)
        asked = (one for one in kinds if kind in (None, one.casefold()))
        return next((found for one in asked if (found := self._named.get((one, name.casefold())))), None)


def _parsed(reference: str) -> tuple[str | None, str]:
    """The kind, if it is said, and the name of `[kind:][namespace/]name`."""
    kind, colon, rest = reference.rpartition(":")
    return (kind.casefold() if colon else None), rest.rpartition("/")[2]
