"""The settings that say which path of a record leads to what; sources whose records are of any shape share them."""

from pydantic import BaseModel, ValidationInfo, field_validator

from remit_integrations.feedback.declared import Path, Shape, offers_of, path_of, states_of


class ShapeSettings(BaseModel):
    """Paths are names joined by full stops; in a list they go through every member."""

    id: str = "id"
    created: str = "created"
    updated: str = "updated"
    state: str = "state"
    states: str = ""
    """`word=state, ...`, for words that are not ours."""
    text: str = "text"
    """One or several, separated by commas."""
    offers: str = "tags=tags"
    """`field=path, ...`: what selectors of areas may ask for."""
    segment: str = ""
    triaged: str = ""
    answered: str = ""
    closed: str = ""

    @field_validator("id", "created")
    @classmethod
    def _is_there(cls, told: str, which: ValidationInfo) -> str:
        if not told:
            raise ValueError(f"say which path leads to {which.field_name}; no record is without")
        return told

    @field_validator("id", "created", "updated", "state", "segment", "triaged", "answered", "closed")
    @classmethod
    def _can_be_followed(cls, told: str) -> str:
        path_of(told)
        return told

    @field_validator("text")
    @classmethod
    def _can_all_be_followed(cls, told: str) -> str:
        _paths(told)
        return told

    @field_validator("states")
    @classmethod
    def _are_states(cls, told: str) -> str:
        states_of(told)
        return told

    @field_validator("offers")
    @classmethod
    def _can_be_offered(cls, told: str) -> str:
        offers_of(told)
        return told

    def shape(self) -> Shape:
        """The same, taken apart."""
        return Shape(
            id=path_of(self.id),
            created=path_of(self.created),
            updated=path_of(self.updated),
            state=path_of(self.state),
            states=states_of(self.states),
            text=_paths(self.text),
            offers=offers_of(self.offers),
            segment=path_of(self.segment),
            triaged=path_of(self.triaged),
            answered=path_of(self.answered),
            closed=path_of(self.closed),
        )


def _paths(told: str) -> tuple[Path, ...]:
    return tuple(path_of(one.strip()) for one in told.split(",") if one.strip())
