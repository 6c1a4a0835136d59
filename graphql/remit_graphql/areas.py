"""Areas in the graph, with their place in the tree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from remit.domain import areas as domain
from remit.domain.errors import NotFound
from remit.domain.feedback import FeedbackState
from remit.domain.ids import AreaKey, SourceName, node_id
from remit.usecases.ask_feedback import FeedbackWanted
from remit_graphql.history import OF_THIS, ChangeConnection, own_history
from remit_graphql.kit.context import Asking
from remit_graphql.kit.nodes import Node, PageInfo, page
from remit_graphql.kit.world import World, made_once

if TYPE_CHECKING:
    from remit_graphql.days import SignalHistory
    from remit_graphql.feedback import FeedbackConnection
    from remit_graphql.load import Signal
    from remit_graphql.ownership import Ownership

strawberry.enum(domain.Stage, name="Stage", description="How far a company or product has grown.")
strawberry.enum(FeedbackState, name="FeedbackState", description="How far a piece of feedback has come.")


@strawberry.type(description="A node of the tree of what can be owned.")
class Area(Node):
    key: str
    name: str
    kind: str
    world: strawberry.Private[World]
    history: ChangeConnection = strawberry.field(resolver=own_history, description=OF_THIS)

    @strawberry.field
    def parent(self) -> "Area | None":
        above = self.world.model.paths[AreaKey(self.key)][1:2]
        return area(self.world, above[0]) if above else None

    @strawberry.field(description="Its own or the nearest ancestor's.")
    def stage(self) -> domain.Stage:
        nearest = self.world.model.stage_of(AreaKey(self.key))
        if nearest is None:
            raise NotFound(f"no area at or above {self.key} has a stage at this instant")
        return nearest[0]

    @strawberry.field
    def children(self, first: int | None = None, after: str | None = None) -> "AreaConnection":
        below = self.world.model.children.get(AreaKey(self.key), ())
        return areas_page(self.world, below, first, after)

    @strawberry.field(description="Who is responsible here, for the responsibilities asked or all, and why.")
    async def ownership(
        self,
        info: Asking,
        responsibilities: list[str] | None = None,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> list[Annotated["Ownership", strawberry.lazy("remit_graphql.ownership")]]:
        from remit_graphql.ownership import of_area  # the aspect stands above the noun it is hung on

        return await of_area(info.context, AreaKey(self.key), responsibilities, as_of, known_at)

    @strawberry.field(description="What is measured here, of its own records or with all below; 28 days are usual.")
    async def signals(
        self,
        info: Asking,
        names: list[str] | None = None,
        window_days: int | None = None,
        below: bool = False,
        as_of: datetime | None = None,
    ) -> list[Annotated["Signal", strawberry.lazy("remit_graphql.load")]]:
        from remit_graphql.load import signals_of  # as above

        return await signals_of(info, AreaKey(self.key), names, window_days, below, as_of)

    @strawberry.field(
        description="What users say that belongs here, or here and below; the newest first, as it is now."
    )
    async def feedback(
        self,
        info: Asking,
        below: bool = False,
        source: str | None = None,
        state: FeedbackState | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Annotated["FeedbackConnection", strawberry.lazy("remit_graphql.feedback")]:
        from remit_graphql.feedback import feedback_of  # as above

        key, of = AreaKey(self.key), SourceName(source) if source is not None else None
        here = FeedbackWanted(under=key) if below else FeedbackWanted(area=key)
        return await feedback_of(
            info,
            replace(
                here,
                source=of,
                state=state,
                created_after=created_after,
                created_before=created_before,
                first=first,
                after=after,
            ),
        )

    @strawberry.field(
        description="What was measured here of each day that has ended, from one to another; the last 90 are usual. A "
        "day that was never measured has no value."
    )
    async def signal_history(
        self,
        info: Asking,
        names: list[str] | None = None,
        below: bool = False,
        first: Annotated[date | None, strawberry.argument(name="from")] = None,
        last: Annotated[date | None, strawberry.argument(name="to")] = None,
    ) -> list[Annotated["SignalHistory", strawberry.lazy("remit_graphql.days")]]:
        from remit_graphql.days import signal_history_of  # as above

        return await signal_history_of(info, AreaKey(self.key), names, below, first, last)


@strawberry.type
class AreaEdge:
    node: Area
    cursor: str


@strawberry.type
class AreaConnection:
    edges: list[AreaEdge]
    page_info: PageInfo
    total_count: int


@made_once
def area(world: World, key: AreaKey) -> Area:
    found = world.model.areas[key]
    return Area(
        id=strawberry.ID(node_id("Area", key)),
        key=key,
        name=found.name,
        kind=found.kind,
        world=world,
    )


def areas_page(world: World, keys: Sequence[AreaKey], first: int | None, after: str | None) -> AreaConnection:
    elements, info, total = page(keys, first, after, lambda key: area(world, AreaKey(key)))
    edges = [AreaEdge(node=node, cursor=at) for node, at in elements]
    return AreaConnection(edges=edges, page_info=info, total_count=total)
