"""Whose work is looked at: a person's, a team's, or that of everybody of a function."""

from dataclasses import dataclass
from enum import StrEnum

from remit.domain.ids import FunctionKey, OwnerKey
from remit.domain.model import Model


class PartyKind(StrEnum):
    """What a party is."""

    PERSON = "Person"
    TEAM = "Team"
    FUNCTION = "Function"


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """One person, a team, or a function."""

    kind: PartyKind
    key: str


def is_there(model: Model, party: Party) -> bool:
    """Whether the model has it."""
    match party.kind:
        case PartyKind.PERSON:
            return party.key in model.people
        case PartyKind.TEAM:
            return party.key in model.teams
        case PartyKind.FUNCTION:
            return party.key in model.functions


def active_people(model: Model, party: Party) -> tuple[OwnerKey, ...]:
    """Who of it is active, by key; nobody of one that the model does not have."""
    return tuple(sorted(key for key in _people(model, party) if key in model.people and model.people[key].active))


def _people(model: Model, party: Party) -> tuple[OwnerKey, ...]:
    match party.kind:
        case PartyKind.PERSON:
            return (OwnerKey(party.key),)
        case PartyKind.TEAM:
            team = model.teams.get(OwnerKey(party.key))
            return team.members if team is not None else ()
        case PartyKind.FUNCTION:
            function = FunctionKey(party.key)
            return tuple(key for key, person in model.people.items() if person.function == function)
