"""What happens on a site, in a few readable lines: `Scenario().create(3).edit("SHOP-1", status="Done").storm(5)`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from remit_integrations.standins.jira import words
from remit_integrations.standins.jira.faults import ANY, Fault, limited, meanwhile
from remit_integrations.standins.jira.sender import Sender
from remit_integrations.standins.jira.site import Site

NOBODY_KNOWS = "a token that was never given out"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a scenario is played. `pass_time` sets the site's clock on by a time; a site on real time has none."""

    site: Site
    sender: Sender | None = None
    pass_time: Callable[[timedelta], object] | None = None

    def id_of(self, key: str) -> str:
        """The issue that bears, or once bore, the key."""
        return self.site.keys()[key]


@dataclass(frozen=True, slots=True)
class Step:
    """One line: what it does, and how it is written. Only `deliver` takes a while and has its own field."""

    line: str
    do: Callable[[Stage], object] = lambda stage: None
    deliver: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps to be played in order. Each method returns a longer scenario; printed, it can be pasted into a test.

    Issues are named by the key they have, or had, when it is played.
    """

    steps: tuple[Step, ...] = ()

    def create(self, count: int = 1, project: str = "SHOP", **said: Any) -> "Scenario":
        """New issues, numbered on from the project's last."""

        def do(stage: Stage) -> None:
            site = stage.site
            known = {one["key"]: one for one in site.distinct("project")}
            for _ in range(count):
                names = (site.new_id(), site.new_key(project))
                site.create(words.new_issue(*names, known.get(project) or words.project(project), said, site.clock()))

        return self._and(_line("create", count, project, **said), do)

    def edit(self, key: str, **said: Any) -> "Scenario":
        """Change fields: a status, a person or a component by its name, `points` and `sprints`, any other as it is."""

        def do(stage: Stage) -> None:
            stage.site.edit(stage.id_of(key), **words.fields(said, stage.site.clock()))

        return self._and(_line("edit", key, **said), do)

    def comment(self, key: str, text: str) -> "Scenario":
        return self._and(_line("comment", key, text), lambda stage: stage.site.comment(stage.id_of(key), text))

    def move(self, key: str, to: str) -> "Scenario":
        """To another project, where it gets the next number."""

        def do(stage: Stage) -> None:
            site = stage.site
            known = {one["key"]: one for one in site.distinct("project")}
            site.move(stage.id_of(key), site.new_key(to), known.get(to) or words.project(to))

        return self._and(_line("move", key, to=to), do)

    def delete(self, key: str) -> "Scenario":
        return self._and(_line("delete", key), lambda stage: stage.site.delete(stage.id_of(key)))

    def hide(self, *keys: str) -> "Scenario":
        """The account may see these no more; all issues where none is named."""
        return self._and(_line("hide", *keys), lambda stage: _permit(stage, keys, hidden=True))

    def restore(self, *keys: str) -> "Scenario":
        """The account may see these again; all issues where none is named."""
        return self._and(_line("restore", *keys), lambda stage: _permit(stage, keys, hidden=False))

    def shut_out(self) -> "Scenario":
        """The account may browse no project any more: it is let in, and the site is empty."""
        return self._and(_line("shut_out"), lambda stage: setattr(stage.site, "shut_out", True))

    def let_in(self) -> "Scenario":
        """The account may browse its projects again."""
        return self._and(_line("let_in"), lambda stage: setattr(stage.site, "shut_out", False))

    def revoke(self) -> "Scenario":
        """The account's token is good no more: searches show an empty site."""
        return self._and(_line("revoke"), lambda stage: _token(stage, NOBODY_KNOWS))

    def renew(self, token: str) -> "Scenario":
        """The account's token is this one from now on."""
        return self._and(".renew(...)", lambda stage: _token(stage, token))

    def lag(self, **by: float) -> "Scenario":
        """From now on the index sees changes so much later, as in `lag(minutes=2)`; `lag()` ends it."""

        def do(stage: Stage) -> None:
            stage.site.index_lag = timedelta(**by)

        return self._and(_line("lag", **by), do)

    def wait(self, **by: float) -> "Scenario":
        """Time passes, as in `wait(hours=1)`."""
        return self._and(_line("wait", **by), lambda stage: _pass(stage, timedelta(**by)))

    def storm(self, times: int, retry_after_s: float | datetime | str | None = None, **how: Any) -> "Scenario":
        """So many requests, whatever they ask, are refused for having been too many."""
        fault = limited(retry_after_s, **how)
        line = _line("storm", times, retry_after_s, **how)
        return self._and(line, lambda stage: stage.site.faults.next(ANY, fault, times=times))

    def meet(self, fault: Fault, on: str = ANY, times: int = 1, after: int = 0) -> "Scenario":
        """The next requests, or those of one call such as `GET /rest/api/3/myself`, meet a trouble."""
        line = _line("meet", fault, on, times=times, after=after)
        return self._and(line, lambda stage: stage.site.faults.next(on, fault, times=times, after=after))

    def during(self, call: str, happens: "Scenario", after: int = 0) -> "Scenario":
        """Something happens just before a call is answered, once it has been answered `after` times."""

        def do(stage: Stage) -> None:
            stage.site.faults.next(call, meanwhile(lambda: happens.play_at_once(stage)), after=after)

        return self._and(f".during({call!r}, {happens}, after={after})", do)

    def quirk(self, **how: Any) -> "Scenario":
        """The search strays from its documents from now on (`Quirks`)."""

        def do(stage: Stage) -> None:
            for name, value in how.items():
                setattr(stage.site.quirks, name, value)

        return self._and(_line("quirk", **how), do)

    def calm(self) -> "Scenario":
        """No trouble waits any more."""
        return self._and(_line("calm"), lambda stage: stage.site.faults.clear())

    def deliver(
        self, *, shuffled: bool = False, drops: float = 0.0, twice: float | bool = 0.0, late: float = 0.0
    ) -> "Scenario":
        """A round of what the webhooks have to tell (`Sender.deliver`)."""
        how = {"shuffled": shuffled, "drops": drops, "twice": float(twice), "late": late}
        line = _line("deliver", **{name: value for name, value in how.items() if value})
        return Scenario((*self.steps, Step(line, deliver=how)))

    def then(self, other: "Scenario") -> "Scenario":
        return Scenario((*self.steps, *other.steps))

    async def play(self, stage: Stage) -> None:
        """All steps, in order."""
        for step in self.steps:
            step.do(stage)
            if step.deliver is not None:
                if stage.sender is None:
                    raise ValueError("there is nobody to deliver: give the stage a sender")
                await stage.sender.deliver(**step.deliver)

    def play_at_once(self, stage: Stage) -> None:
        """All steps, in the midst of something; a delivery cannot be among them."""
        for step in self.steps:
            if step.deliver is not None:
                raise ValueError("deliveries take a while; play them, not at once")
            step.do(stage)

    def __str__(self) -> str:
        return "Scenario()" + "".join(step.line for step in self.steps)

    def _and(self, line: str, do: Callable[[Stage], object]) -> "Scenario":
        return Scenario((*self.steps, Step(line, do)))


def _line(verb: str, *said: object, **named: object) -> str:
    told = [*(repr(one) for one in said if one is not None), *(f"{name}={value!r}" for name, value in named.items())]
    return f".{verb}({', '.join(told)})"


def _permit(stage: Stage, keys: tuple[str, ...], *, hidden: bool) -> None:
    for id_ in [stage.id_of(key) for key in keys] or list(stage.site.issues):
        stage.site.hide(id_, hidden)


def _token(stage: Stage, token: str) -> None:
    stage.site.token = token


def _pass(stage: Stage, by: timedelta) -> None:
    if stage.pass_time is None:
        raise ValueError("this stage's time passes by itself; leave out wait()")
    stage.pass_time(by)
