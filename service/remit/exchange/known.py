"""What the model knows, by the names that files of other tools use; what it does not know, with a hint."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from remit.domain.errors import Problem
from remit.domain.ids import ALL, FunctionKey, OwnerKey
from remit.domain.model import Model


class Known:
    """Looks names up in one model. Every method that finds nothing returns None; `unknown` then says what to do."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def find(self, what: str, told: str) -> str | None:
        """The key of the `area`, `responsibility` (or `all`), `function` or `owner` that is told of."""
        if what == "owner":
            return self.owner(told)
        return told if told in self._keys[what] else None

    def owner(self, told: str) -> OwnerKey | None:
        """A person or team by key, or a person by e-mail address."""
        if self.model.owner(OwnerKey(told)) is not None:
            return OwnerKey(told)
        person = self.model.emails.get(told.casefold())
        return person.key if person is not None else None

    def function_of(self, owner: OwnerKey) -> FunctionKey | None:
        """The owner's own function, if the model says one."""
        found = self.model.people.get(owner) or self.model.teams.get(owner)
        return found.function if found is not None else None

    def unknown(self, what: str, told: str, where: str = "", line: int | None = None) -> Problem:
        """That there is no such `area`, `responsibility`, `function` or `owner`, and what may have been meant."""
        near = self._near[what].get(_folded(told))
        advice = f"did you mean {near!r}?" if near is not None else _ADVICE[what]
        return Problem(f"UNKNOWN_{what.upper()}", f"there is no {what} {told!r}; {advice}", where, line)

    @cached_property
    def _keys(self) -> Mapping[str, Collection[str]]:
        model = self.model
        return {
            "area": model.areas.keys(),
            "responsibility": {*model.responsibilities, ALL},
            "function": model.functions.keys(),
        }

    @cached_property
    def _near(self) -> Mapping[str, Mapping[str, str]]:
        model = self.model
        names = {key: one.name for key, one in model.responsibilities.items()}
        owners = {key: one.name for key, one in model.people.items()}
        owners |= {key: one.name for key, one in model.teams.items()}
        return {
            "area": _by_fold((key, area.name) for key, area in model.areas.items()),
            "responsibility": _by_fold(names.items()),
            "function": _by_fold((key, function.name) for key, function in model.functions.items()),
            "owner": _by_fold(owners.items()),
        }


_ADVICE = {
    "area": "add it to the model first, or correct the spelling",
    "responsibility": "add it under `responsibilities` in the model first, or correct the spelling",
    "function": "add it under `functions` in the model first, or correct the spelling",
    "owner": "add the person or team to the model first, or correct the spelling",
}


def _by_fold(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keys by their own and by their name's folded spelling; a key's own wins."""
    told = list(named)
    return {_folded(name): key for key, name in told} | {_folded(key): key for key, _ in told}


def _folded(told: str) -> str:
    """The letters and digits alone, without case: `Backlog management` and `backlog_management` are alike."""
    return "".join(one for one in told.casefold() if one.isalnum())
