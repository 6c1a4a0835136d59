"""The rulings once more, word for word and as slowly as can be: what the product's answers are compared with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from remit.domain.areas import Area, Criterion, Selector
from remit.domain.catalogue import Letter, Split
from remit.domain.facts import Facts
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Delegation, Inheritance, Rule

Issue = Mapping[Criterion, frozenset[str]]
Answer = tuple[str, str | None, str | None, frozenset[tuple[str, str, str, str | None]]]
"""Outcome, lead, accountable, and the holders as (owner, function, letter, delegated from)."""
CRITERIA = ("epic", "component", "team", "label", "type", "project")


@dataclass
class Oracle:
    """Everything declared, by kind, without an index; every fact is taken to hold now."""

    facts: Facts
    areas: dict[str, Area] = field(init=False)

    def __post_init__(self) -> None:
        self.areas = {body.key: body for body in self.all(Area)}

    def all(self, kind: type) -> list[Any]:
        return [fact.body for fact in self.facts.declared if isinstance(fact.body, kind)]

    def path(self, area: str) -> list[str]:
        parent = self.areas[area].parent
        return [area, *(self.path(parent) if parent is not None else [])]

    # From an issue to an area: R28 to R33

    def places(self, issue: Issue) -> list[str]:
        """The areas an issue belongs to: none, one, or those that tie."""
        best = {
            key: max(self.rank(s) for s in area.jira if self.matches(s, issue))
            for key, area in self.areas.items()
            if any(self.matches(s, issue) for s in area.jira)
        }
        ranked = {key: (*rank, len(self.path(key))) for key, rank in best.items()}
        return sorted(key for key, rank in ranked.items() if rank == max(ranked.values()))

    def matches(self, selector: Selector, issue: Issue) -> bool:
        return all(set(values) & issue.get(name, frozenset()) for name, values in selector.criteria)

    def rank(self, selector: Selector) -> tuple[int, list[int]]:
        names = [name.value for name, _ in selector.criteria]
        return len(names), [int(name in names) for name in CRITERIA]

    # Step 1: R8 to R20

    def split(self, area: str, responsibility: str, issue: Issue | None) -> Split | str | None:
        """A split, None for nobody on purpose, or "conflict"."""
        path = self.path(area)
        rules: list[Rule] = [r for r in self.all(Rule) if r.responsibility == responsibility]
        agreements = {a.area: a for a in self.all(Agreement) if a.responsibility == responsibility}
        if issue is not None:
            mine = [(r, r.predicate) for r in rules if r.predicate is not None and r.area in path]
            matching = [(r, p) for r, p in mine if self.matches(p, issue)]
            if matching:
                nearest = min(path.index(str(r.area)) for r, _ in matching)
                near = [(r, p) for r, p in matching if path.index(str(r.area)) == nearest]
                strongest = max(self.rank(p) for _, p in near)
                winners = [r for r, p in near if self.rank(p) == strongest]
                if len(winners) > 1:
                    return "conflict"
                if winners[0].split is None or winners[0].split.lead is not None:
                    return winners[0].split
                settling = [agreements[level] for level in path[: nearest + 1] if level in agreements]
                return self.agreed(settling[0]) if settling else winners[0].split
        for level in path:
            here = [r for r in rules if r.area == level and r.predicate is None]
            if here and (here[0].split is None or here[0].split.lead is not None):
                return here[0].split
            if level in agreements:
                return self.agreed(agreements[level])
            if here:
                return here[0].split
        return self.default(area, responsibility, rules)

    def agreed(self, agreement: Agreement) -> Split:
        return Split(agreement.lead, tuple((function, Letter.CONSULTED) for function in agreement.consulted))

    def default(self, area: str, responsibility: str, rules: Sequence[Rule]) -> Split | None:
        stage = next((self.areas[level].stage for level in self.path(area) if self.areas[level].stage), None)
        for rule in rules:
            if rule.stage is not None and rule.stage == stage:
                return rule.split
        for row in self.facts.catalogue.profiles:
            if row.stage == stage and row.responsibility == responsibility:
                if row.unstaffed is not None and not self.climb(area, responsibility, row.split.lead or "", None)[3]:
                    return row.unstaffed
                return row.split
        return next(r.split for r in self.facts.catalogue.responsibilities if r.key == responsibility)

    # Step 2: R21 to R27

    def climb(
        self, area: str, responsibility: str, function: str, support: Letter | None
    ) -> tuple[list[tuple[str, Letter, str]], bool, bool, bool]:
        """Holders as (owner, letter, area), whether they conflict, whether by fallback, whether staffed."""
        path = self.path(area)
        rows = [
            row
            for row in self.all(Assignment)
            if row.area in path and row.function == function and row.responsibility in (responsibility, "all")
        ]
        blocks = [path.index(row.area) for row in rows if row.inherit is Inheritance.BLOCK]
        rows = [row for row in rows if path.index(row.area) <= min(blocks, default=len(path))]
        claims: list[Assignment] = []
        others: list[Assignment] = []
        nobody: int | None = None

        def order(row: Assignment) -> tuple[int, int, bool]:
            turn = {Inheritance.INHERIT: 0, Inheritance.BLOCK: 0, Inheritance.APPEND: 1, Inheritance.FALLBACK: 2}
            return path.index(row.area), turn[row.inherit], row.responsibility == "all"

        def is_lesser(row: Assignment) -> bool:
            return support is None and row.letter not in (None, Letter.ACCOUNTABLE)

        usual = [row for row in rows if row.inherit is not Inheritance.FALLBACK]
        for (level, turn, _), group in groupby(sorted(usual, key=order), order):
            told = list(group)
            if nobody is not None:
                continue
            if claims:
                others += told if turn == 1 else []
                continue
            named = [row for row in told if row.owner is not None]
            others += [row for row in named if is_lesser(row)]
            claims += [row for row in named if not is_lesser(row)]
            if len(named) < len(told) and not claims:
                nobody = level
        staffed = bool(claims or others)
        by_fallback = False
        last = [row for row in rows if row.inherit is Inheritance.FALLBACK and path.index(row.area) != nobody]
        for _, group in groupby(sorted(last, key=order), order):
            if not claims:
                told = list(group)
                others += [row for row in told if is_lesser(row)]
                claims += [row for row in told if not is_lesser(row)]
                by_fallback = bool(claims)
        return (*self.letters(claims, others, support), by_fallback, staffed)

    def letters(
        self, claims: Sequence[Assignment], others: Sequence[Assignment], support: Letter | None
    ) -> tuple[list[tuple[str, Letter, str]], bool]:
        explicit = {row.owner for row in claims if row.letter is Letter.ACCOUNTABLE}
        candidates = (explicit or {row.owner for row in claims}) if support is None else set()
        held = []
        for row in (*claims, *others):
            letter = support or Letter.RESPONSIBLE
            if row.letter not in (None, Letter.ACCOUNTABLE):
                letter = row.letter
            if len(candidates) == 1 and row.owner in candidates and row in claims:
                letter = Letter.ACCOUNTABLE
            held.append((str(row.owner), letter, str(row.area)))
        return held, len(candidates) > 1

    # Who acts, and who is active: R40 to R44

    def is_active(self, owner: str) -> bool:
        people = {person.key: person.active for person in self.all(Person)}
        if owner in people:
            return bool(people[owner])
        return any(people.get(m, False) for team in self.all(Team) if team.key == owner for m in team.members)

    def acting(self, area: str, responsibility: str, person: str) -> str:
        path, seen, last, current = self.path(area), {person}, person, person
        while True:
            told = [
                (path.index(d.area or path[-1]), not d.responsibilities, d.to_person)
                for d in self.all(Delegation)
                if d.from_person == current
                and (d.area or path[-1]) in path
                and (not d.responsibilities or responsibility in d.responsibilities)
            ]
            if not told or min(told)[2] in seen:
                return last
            current = min(told)[2]
            seen.add(current)
            last = current if self.is_active(current) else last

    # The outcome: R37 to R39

    def answer(self, area: str, responsibility: str, issue: Issue | None = None) -> Answer:
        split = self.split(area, responsibility, issue)
        if split == "conflict":
            return "CONFLICT", None, None, frozenset()
        if split is None or isinstance(split, str):
            return "DELIBERATELY_UNOWNED", None, None, frozenset()
        lead: tuple[list[tuple[str, Letter, str]], bool, bool, bool] = ([], False, False, False)
        lead = self.climb(area, responsibility, split.lead, None) if split.lead is not None else lead
        parts = [(split.lead or "", *part) for part in lead[0]]
        for function, letter in split.support:
            parts += [(function, *part) for part in self.climb(area, responsibility, function, letter)[0]]
        teams = {team.key for team in self.all(Team)}
        acting = {
            owner: owner if owner in teams else self.acting(area, responsibility, owner) for _, owner, *_ in parts
        }
        top = next(((owner, at) for _, owner, letter, at in parts if letter is Letter.ACCOUNTABLE), None)
        outcome = self.outcome(area, split, lead[1], lead[2], top, acting)
        named = acting[top[0]] if top and outcome in ("DELEGATED", "FALLBACK", "INHERITED", "OWNED") else None
        return outcome, split.lead, named, self.holders(parts, acting)

    def outcome(
        self, area: str, split: Split, conflict: bool, fallback: bool, top: tuple[str, str] | None,
        acting: Mapping[str, str],
    ) -> str:  # fmt: skip
        if conflict:
            return "CONFLICT"
        if split.lead is None:
            return "BLURRY"
        if top is None:
            return "UNOWNED"
        owner, at = top
        if not self.is_active(acting[owner]):
            return "OWNER_INACTIVE"
        if acting[owner] != owner:
            return "DELEGATED"
        if fallback:
            return "FALLBACK"
        return "OWNED" if at == area else "INHERITED"

    def holders(
        self, parts: Iterable[tuple[str, str, Letter, str]], acting: Mapping[str, str]
    ) -> frozenset[tuple[str, str, str, str | None]]:
        """One entry for each active owner and function, with the strongest letter, held directly before delegated."""
        best: dict[tuple[str, str], tuple[int, bool, str, str | None]] = {}
        for function, owner, letter, _ in parts:
            actor = acting[owner]
            if self.is_active(actor):
                entry = (list(Letter).index(letter), actor != owner, letter.value, owner if actor != owner else None)
                best[actor, function] = min(
                    best.get((actor, function), entry), entry, key=lambda e: (e[0], e[1], e[3] or "")
                )
        return frozenset((actor, function, letter, whose) for (actor, function), (_, _, letter, whose) in best.items())
