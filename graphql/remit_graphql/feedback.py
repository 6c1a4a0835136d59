"""Feedback in the graph: what users say, what became of it, and where it belongs."""

from datetime import datetime

import strawberry

from remit.domain import feedback as domain
from remit.usecases.ask_feedback import FeedbackWanted, Heard, Placement
from remit.usecases.snapshot import Moment
from remit_graphql.areas import Area, area
from remit_graphql.kit.context import Asking
from remit_graphql.kit.nodes import PageInfo
from remit_graphql.kit.world import World
from remit_graphql.ownership import Freshness, freshness

strawberry.enum(
    Placement,
    name="FeedbackPlacement",
    description="Whether an item belongs to an area. UNMATCHED: none asks for it. TIED: several of equal standing do, "
    "and it counts in none of them.",
)


@strawberry.type(description="One piece of feedback as its source last told it; never who it is from.")
class FeedbackItem:
    id: str = strawberry.field(description="The source's own.")
    source: str
    segment: str | None = strawberry.field(description="The kind of customer, where the source is set to tell it.")
    created: datetime
    updated: datetime
    state: domain.FeedbackState
    triaged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    hours_to_triage: float | None = strawberry.field(description="From `created` to `triagedAt`.")
    hours_to_first_response: float | None = strawberry.field(description="From `created` to `answeredAt`.")
    linked_issues: list[str] = strawberry.field(description="Keys of issues that it names.")
    placement: Placement
    areas: list[Area] = strawberry.field(description="The one it belongs to, or those that are tied.")
    excerpt: str | None = strawberry.field(description="As much of its text as is kept, without addresses.")
    freshness: Freshness


@strawberry.type
class FeedbackEdge:
    node: FeedbackItem
    cursor: str


@strawberry.type
class FeedbackConnection:
    edges: list[FeedbackEdge]
    page_info: PageInfo
    total_count: int


async def feedback_of(info: Asking, wanted: FeedbackWanted) -> FeedbackConnection:
    """A page of a list; those of many areas are read together."""
    found = await info.context.feedback.pages.load(wanted)
    world = await info.context.world(Moment())
    edges = [FeedbackEdge(node=_item(world, one), cursor=one.cursor) for one in found.items]
    page_info = PageInfo(
        has_next_page=found.more,
        has_previous_page=wanted.after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return FeedbackConnection(edges=edges, page_info=page_info, total_count=found.total)


def _item(world: World, told: Heard) -> FeedbackItem:
    item = told.item
    return FeedbackItem(
        id=item.id,
        source=item.source,
        segment=item.segment,
        created=item.created,
        updated=item.updated,
        state=item.state,
        triaged_at=item.triaged_at,
        answered_at=item.answered_at,
        closed_at=item.closed_at,
        hours_to_triage=told.hours_to_triage,
        hours_to_first_response=told.hours_to_answer,
        linked_issues=list(item.linked),
        placement=told.placement,
        areas=[area(world, key) for key in told.areas],
        excerpt=item.excerpt or None,
        freshness=freshness(told.fresh),
    )
