"""The declared model at one instant: frozen, indexed for resolution, named by a digest."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from remit.domain.areas import Area, Criterion, FeedbackSelector, Selector, Stage
from remit.domain.catalogue import Driver, Function, Lens, Minutes, ProfileRow, Responsibility
from remit.domain.facts import AnyBody, Body, Fact, Facts
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.intervals import instant_text
from remit.domain.people import OwnerKind, OwnerRef, Person, Team, folded
from remit.domain.policy import Agreement, Assignment, Delegation, Rule
from remit.domain.workload import Absence, Limits, Preference, Scale

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Model:
    """What holds at one instant, by the keys resolution asks for. Mappings are never changed after building.

    `version` is the digest of all facts believed (R49); `segment` names the stretch of time between two
    boundaries of those facts: two instants of one segment have the same model.
    """

    version: str
    segment: str
    areas: Mapping[AreaKey, Area]
    functions: Mapping[FunctionKey, Function]
    responsibilities: Mapping[ResponsibilityKey, Responsibility]
    lenses: Mapping[str, Lens]
    minutes: Mapping[tuple[ResponsibilityKey, Driver], Minutes | Fact[Minutes]]
    """What is assumed of each pair, or the fact that says otherwise."""
    scales: Mapping[str, Scale]
    """How each signal is judged where no limits are told."""
    limits: Mapping[tuple[str, AreaKey | None, OwnerKey | None], Fact[Limits]]
    absences: Mapping[OwnerKey, tuple[Fact[Absence], ...]]
    """Of any time, not only of this instant: capacity is asked of a window."""
    preferences: Mapping[tuple[OwnerKey, ResponsibilityKey], Fact[Preference]]
    people: Mapping[OwnerKey, Person]
    teams: Mapping[OwnerKey, Team]
    rules: Mapping[tuple[AreaKey, ResponsibilityKey], Fact[Rule]]
    issue_rules: Mapping[tuple[AreaKey, ResponsibilityKey], tuple[Fact[Rule], ...]]
    stage_rules: Mapping[tuple[Stage, ResponsibilityKey], Fact[Rule]]
    profiles: Mapping[tuple[Stage, ResponsibilityKey], ProfileRow]
    agreements: Mapping[tuple[AreaKey, ResponsibilityKey], Fact[Agreement]]
    assignments: Mapping[tuple[AreaKey, FunctionKey], tuple[Fact[Assignment], ...]]
    delegations: Mapping[OwnerKey, tuple[Fact[Delegation], ...]]
    paths: Mapping[AreaKey, tuple[AreaKey, ...]]
    """Of each area: itself, its parent, and so on to the root."""

    @cached_property
    def root(self) -> AreaKey | None:
        """The organisation, or None in an empty model."""
        return next((key for key, area in self.areas.items() if area.parent is None), None)

    @cached_property
    def children(self) -> Mapping[AreaKey, tuple[AreaKey, ...]]:
        """Of each area: the areas right below it, by key."""
        return grouped((area.parent, key) for key, area in sorted(self.areas.items()) if area.parent is not None)

    @cached_property
    def selectors(self) -> Mapping[tuple[Criterion, str], tuple[tuple[AreaKey, Selector], ...]]:
        """Jira selectors by one value of their strongest criterion, so that an issue meets only likely ones."""
        return grouped(
            ((selector.criteria[0][0], value), (key, selector))
            for key, area in sorted(self.areas.items())
            for selector in area.jira
            for value in selector.criteria[0][1]
        )

    @cached_property
    def feedback_selectors(self) -> Mapping[str, tuple[tuple[AreaKey, FeedbackSelector], ...]]:
        """Feedback selectors by the source they name."""
        return grouped(
            (selector.source, (key, selector)) for key, area in sorted(self.areas.items()) for selector in area.feedback
        )

    @cached_property
    def matching(self) -> str:
        """A digest of all that decides which area a record belongs to: the selectors, and how deep areas are."""
        told = [(key, len(self.paths[key]), area.jira, area.feedback) for key, area in sorted(self.areas.items())]
        return sha256(repr(told).encode()).hexdigest()[:16]

    @cached_property
    def tree(self) -> str:
        """A digest of which areas there are, and which is below which."""
        told = [(key, area.parent) for key, area in sorted(self.areas.items())]
        return sha256(repr(told).encode()).hexdigest()[:16]

    @cached_property
    def issue_rule_areas(self) -> Mapping[AreaKey, tuple[Fact[Rule], ...]]:
        """Of each area that has some: its rules on issues, all responsibilities."""
        return grouped((area, fact) for (area, _), facts in self.issue_rules.items() for fact in facts)

    @cached_property
    def emails(self) -> Mapping[str, Person]:
        """People by e-mail address, case-folded; one that two people have names neither."""
        by_email = grouped((folded(person.email), person) for person in self.people.values() if person.email)
        return {email: people[0] for email, people in by_email.items() if len(people) == 1}

    @cached_property
    def identities(self) -> Mapping[tuple[str, str], Person]:
        """People by their (source, id) in the sources."""
        return {identity: person for person in self.people.values() for identity in person.identities}

    def person_of(self, source: str, account: str, email: str | None) -> Person | None:
        """Whose account of a source it is: by the source's own id, else by its e-mail address; never by a name."""
        by_id = self.identities.get((source, account))
        return by_id if by_id is not None or email is None else self.emails.get(folded(email))

    def stage_of(self, area: AreaKey) -> tuple[Stage, AreaKey] | None:
        """The stage in force in an area, and the nearest area that sets it."""
        for key in self.paths[area]:
            if (stage := self.areas[key].stage) is not None:
                return stage, key
        return None

    def owner(self, key: OwnerKey) -> OwnerRef | None:
        """The person or team behind a key, or None when neither exists at this instant."""
        if key in self.people:
            return OwnerRef(OwnerKind.PERSON, key)
        return OwnerRef(OwnerKind.TEAM, key) if key in self.teams else None

    def name_of(self, owner: OwnerRef) -> str:
        """What an owner is called; the key where there is no such owner at this instant."""
        found = (self.teams if owner.kind is OwnerKind.TEAM else self.people).get(owner.key)
        return found.name if found is not None else owner.key

    def is_active(self, key: OwnerKey) -> bool:
        """Whether a person is active, or a team has an active member (R41). An owner that does not exist is not."""
        if (person := self.people.get(key)) is not None:
            return person.active
        team = self.teams.get(key)
        return team is not None and any(self.people[m].active for m in team.members if m in self.people)

    def under(self, area: AreaKey | None) -> tuple[AreaKey, ...]:
        """An area and everything below it, parents first, siblings by key; the whole tree for None."""
        start = area if area is not None else self.root
        if start is None or start not in self.areas:
            return ()
        found: list[AreaKey] = []
        waiting = [start]
        while waiting:
            key = waiting.pop()
            found.append(key)
            waiting.extend(reversed(self.children.get(key, ())))
        return tuple(found)


def segment_of(facts: Facts, instant: datetime) -> str:
    """Names the stretch between two boundaries of the facts that holds `instant`."""
    index = bisect_right(facts.boundaries, instant)
    return instant_text(facts.boundaries[index - 1]) if index else "-"


def model_at(facts: Facts, instant: datetime) -> Model:
    """The model that holds at `instant` according to `facts`. Independent of the order of the facts."""
    valid = sorted((f for f in facts.declared if f.valid.contains(instant)), key=lambda f: (f.kind, f.key))
    areas = {f.body.key: f.body for f in of_type(valid, Area)}
    responsibilities = {r.key: r for r in facts.catalogue.responsibilities}
    responsibilities |= {f.body.key: f.body for f in of_type(valid, Responsibility)}
    rules = of_type(valid, Rule)
    return Model(
        version=facts.digest,
        segment=segment_of(facts, instant),
        areas=areas,
        functions={f.key: f for f in facts.catalogue.functions}
        | {f.body.key: f.body for f in of_type(valid, Function)},
        responsibilities=responsibilities,
        lenses={lens.key: lens for lens in facts.catalogue.lenses} | {f.body.key: f.body for f in of_type(valid, Lens)},
        minutes={(row.responsibility, row.driver): row for row in facts.catalogue.minutes}
        | {(f.body.responsibility, f.body.driver): f for f in of_type(valid, Minutes)},
        scales={scale.signal: scale for scale in facts.catalogue.scales},
        limits={(f.body.signal, f.body.area, f.body.person): f for f in of_type(valid, Limits)},
        absences=grouped((f.body.person, f) for f in sorted(of_type(facts.declared, Absence), key=_row)),
        preferences={(f.body.person, f.body.responsibility): f for f in of_type(valid, Preference)},
        people={f.body.key: f.body for f in of_type(valid, Person)},
        teams={f.body.key: f.body for f in of_type(valid, Team)},
        rules={
            (f.body.area, f.body.responsibility): f
            for f in rules
            if f.body.area is not None and f.body.predicate is None
        },
        issue_rules=grouped(
            ((f.body.area, f.body.responsibility), f)
            for f in rules
            if f.body.area is not None and f.body.predicate is not None
        ),
        stage_rules={(f.body.stage, f.body.responsibility): f for f in rules if f.body.stage is not None},
        profiles={(row.stage, row.responsibility): row for row in facts.catalogue.profiles},
        agreements={(f.body.area, f.body.responsibility): f for f in of_type(valid, Agreement)},
        assignments=grouped(((f.body.area, f.body.function), f) for f in of_type(valid, Assignment)),
        delegations=grouped((f.body.from_person, f) for f in of_type(valid, Delegation)),
        paths=paths_of(areas),
    )


def _row(fact: Fact[Absence]) -> tuple[str, str]:
    return fact.key, str(fact.valid)


def paths_of(areas: Mapping[AreaKey, Area]) -> dict[AreaKey, tuple[AreaKey, ...]]:
    """Of each area: itself and its ancestors. Stops at a parent that does not exist at this instant, and at a loop."""
    paths: dict[AreaKey, tuple[AreaKey, ...]] = {}
    for start in areas:
        climbed: dict[AreaKey, None] = {}
        key: AreaKey | None = start
        while key is not None and key in areas and key not in paths and key not in climbed:
            climbed[key] = None
            key = areas[key].parent
        rest = paths.get(key, ()) if key is not None else ()
        for found in reversed(climbed):
            paths[found] = rest = (found, *rest)
    return paths


def of_type(facts: Iterable[Fact[Body]], body: type[AnyBody]) -> list[Fact[AnyBody]]:
    """Those of the facts that state this kind of thing."""
    return [fact for fact in facts if isinstance(fact.body, body)]  # type: ignore[misc]  # isinstance on an attribute


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    """Values by key, in the order they came."""
    lists: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        lists[key].append(value)
    return {key: tuple(values) for key, values in lists.items()}
