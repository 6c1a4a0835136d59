"""The parts of what clients say when they change the model: selectors, supporting functions, identities."""

import strawberry
from strawberry import UNSET

from remit.domain.areas import Criterion
from remit.domain.catalogue import Letter
from remit.domain.changes import Criteria
from remit_graphql import ownership

NAMING = (ownership,)
"""Imported first: it gives letters their name in the graph."""


@strawberry.input(description="Asks something of an issue: every criterion given must hold, any of its values will do.")
class SelectorInput:
    epic: list[str] | None = UNSET
    component: list[str] | None = UNSET
    team: list[str] | None = UNSET
    label: list[str] | None = UNSET
    type: list[str] | None = UNSET
    project: list[str] | None = UNSET

    def plain(self) -> Criteria:
        told = ((name.value, getattr(self, name)) for name in Criterion)
        return tuple((name, tuple(values)) for name, values in told if values is not UNSET and values is not None)


@strawberry.input
class CriterionInput:
    name: str
    values: list[str]

    def plain(self) -> tuple[str, tuple[str, ...]]:
        return self.name, tuple(self.values)


@strawberry.input(description="Ties feedback of a source to an area.")
class FeedbackSelectorInput:
    source: str
    criteria: list[CriterionInput]

    def plain(self) -> tuple[str, Criteria]:
        return self.source, tuple(one.plain() for one in self.criteria)


@strawberry.input(description="A supporting function and its letter, which is never ACCOUNTABLE.")
class SupportInput:
    function: str
    letter: Letter

    def plain(self) -> tuple[str, str]:
        return self.function, self.letter.value


@strawberry.input(description="Who somebody is in a source.")
class IdentityInput:
    source: str
    id: str

    def plain(self) -> tuple[str, str]:
        return self.source, self.id


@strawberry.input(description="How skilled somebody is in a responsibility, from 0 to 3.")
class SkillInput:
    responsibility: str
    level: int

    def plain(self) -> tuple[str, int]:
        return self.responsibility, self.level


@strawberry.input
class LensInput:
    lens: str
    value: str

    def plain(self) -> tuple[str, str]:
        return self.lens, self.value
