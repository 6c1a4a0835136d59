"""The settings that say which path of a record leads to what; sources whose records are of any shape share them."""

from typing import Self

from pydantic import BaseModel, model_validator

from remit_integrations.feedback.declared import Shape, offers_of, path_of, states_of


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

    @model_validator(mode="after")
    def _can_be_followed(self) -> Self:
        for name in ("id", "created"):
            if not getattr(self, name):
                raise ValueError(f"say which path leads to {name}; no record is without")
        self.shape()
        return self

    def shape(self) -> Shape:
        """The same, taken apart; raises ValueError."""
        return Shape(
            id=path_of(self.id),
            created=path_of(self.created),
            updated=path_of(self.updated),
            state=path_of(self.state),
            states=states_of(self.states),
            text=tuple(path_of(one.strip()) for one in self.text.split(",") if one.strip()),
            offers=offers_of(self.offers),
            segment=path_of(self.segment),
            triaged=path_of(self.triaged),
            answered=path_of(self.answered),
            closed=path_of(self.closed),
        )
