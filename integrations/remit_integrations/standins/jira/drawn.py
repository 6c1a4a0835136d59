"""Scenarios drawn by chance: issues come, change, move, vanish and come back, and their webhooks go astray."""

from collections.abc import Iterable
from random import Random

from remit_integrations.standins.jira.scenario import Scenario

PROJECTS = ("SHOP", "PAY", "WEB")
STATUSES = ("Open", "In Progress", "Done")
PEOPLE = ("Ana", "Bo", "Cy", None)
COMPONENTS = ("Cart", "Search", "Login")
VERBS = {
    "edit": 8, "create": 3, "comment": 1, "move": 2, "delete": 2, "hide": 2, "restore": 2, "wait": 3, "deliver": 4,
}  # fmt: skip


def drawn(chance: Random, steps: int, keys: Iterable[str] = ()) -> Scenario:
    """So many steps on a site whose issues have these keys. The same chance draws the same scenario."""
    plot = _Plot(chance, list(keys))
    for verb in chance.choices(list(VERBS), list(VERBS.values()), k=steps):
        getattr(plot, verb)()
    return plot.scenario


class _Plot:
    """A scenario being drawn, with the keys that there are by now."""

    def __init__(self, chance: Random, keys: list[str]) -> None:
        self.scenario = Scenario()
        self._chance, self._seen, self._hidden = chance, keys, list[str]()
        self._last = dict.fromkeys(PROJECTS, 0)
        for key in keys:
            self._number(key)

    def create(self) -> None:
        project, count = self._chance.choice(PROJECTS), self._chance.randint(1, 3)
        self._seen += [self._next(project) for _ in range(count)]
        self.scenario = self.scenario.create(count, project, **self._said())

    def edit(self) -> None:
        if self._seen:
            self.scenario = self.scenario.edit(self._chance.choice(self._seen), **self._said())

    def comment(self) -> None:
        if self._seen:
            self.scenario = self.scenario.comment(self._chance.choice(self._seen), "As discussed")

    def move(self) -> None:
        if self._seen:
            key = self._chance.choice(self._seen)
            to = self._chance.choice([project for project in PROJECTS if not key.startswith(f"{project}-")])
            self._seen[self._seen.index(key)] = self._next(to)
            self.scenario = self.scenario.move(key, to)

    def delete(self) -> None:
        if self._seen:
            self.scenario = self.scenario.delete(self._taken(self._seen))

    def hide(self) -> None:
        if self._seen:
            key = self._taken(self._seen)
            self._hidden.append(key)
            self.scenario = self.scenario.hide(key)

    def restore(self) -> None:
        if self._hidden:
            key = self._taken(self._hidden)
            self._seen.append(key)
            self.scenario = self.scenario.restore(key)

    def wait(self) -> None:
        seconds = self._chance.choice((1, 30, 90, 600, 4000))
        self.scenario = self.scenario.wait(seconds=seconds)

    def deliver(self) -> None:
        likely = (0.0, 0.0, 0.3)
        self.scenario = self.scenario.deliver(
            shuffled=self._chance.random() < 0.5,
            drops=self._chance.choice(likely),
            twice=self._chance.choice(likely),
            late=self._chance.choice(likely),
        )

    def _said(self) -> dict[str, object]:
        every: dict[str, object] = {
            "summary": f"Summary {self._chance.randrange(1000)}",
            "status": self._chance.choice(STATUSES),
            "assignee": self._chance.choice(PEOPLE),
            "components": self._chance.sample(COMPONENTS, self._chance.randrange(3)),
            "labels": self._chance.sample(("urgent", "later"), self._chance.randrange(3)),
            "points": self._chance.choice((None, 1.0, 5.0)),
        }
        return {name: every[name] for name in sorted(self._chance.sample(list(every), self._chance.randint(1, 3)))}

    def _taken(self, keys: list[str]) -> str:
        return keys.pop(self._chance.randrange(len(keys)))

    def _next(self, project: str) -> str:
        self._last[project] += 1
        return f"{project}-{self._last[project]}"

    def _number(self, key: str) -> None:
        project, _, number = key.rpartition("-")
        if project in self._last:
            self._last[project] = max(self._last[project], int(number))
