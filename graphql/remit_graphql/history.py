"""Histories in the graph: what each change did to the rows about a node, in both times, by whom and why."""

from datetime import datetime
from typing import cast

import strawberry

from remit.domain import facts, history
from remit.domain.errors import Invalid, NotFound
from remit.domain.ids import parse_node_id
from remit.usecases import ask_history
from remit_graphql.kit.context import Asking
from remit_graphql.kit.nodes import Node, PageInfo

OF_THIS = "What happened to it, and to the rows about it, newest first."

strawberry.enum(facts.FactKind, name="FactKind", description="What kind of row of the model it is.")
strawberry.enum(history.Action, name="ChangeAction", description="What a change did to a row.")


@strawberry.type(description="When something holds: `from` is included, `to` is not; null is since ever, or open.")
class ValidTime:
    """Read straight off the domain's intervals, like the types below off what the use case answers."""

    start: datetime | None = strawberry.field(name="from")
    end: datetime | None = strawberry.field(name="to")


@strawberry.type(description="A field over a stretch of valid time, in the words of the model file.")
class Difference:
    field: str
    before: str | None = strawberry.field(description="As believed until the change; null where it was not said.")
    after: str | None = strawberry.field(description="As believed since the change; null where it is not said.")
    valid: ValidTime


@strawberry.type(description="What one change of the model did to one row.")
class Change:
    kind: facts.FactKind
    key: str
    action: history.Action
    recorded_at: datetime
    actor: str
    reason: str
    before: list[ValidTime] = strawberry.field(description="When the row held, as believed until then.")
    after: list[ValidTime] = strawberry.field(description="When it holds instead, as believed since.")
    differences: list[Difference]
    message: str


@strawberry.type
class ChangeEdge:
    node: Change
    cursor: str


@strawberry.type
class ChangeConnection:
    edges: list[ChangeEdge]
    page_info: PageInfo
    total_count: int


async def history_of(info: Asking, identifier: str, first: int | None, after: str | None) -> ChangeConnection:
    """A page of a node's history; the pages of many nodes are read together.

    Raises NotFound for a node that never was, whatever its id looks like: no changes would claim that it is there.
    """
    try:
        node = ask_history.node_of(*parse_node_id(identifier))
    except Invalid:
        raise NotFound("no node has this id; use the `id` of an answer") from None
    found = await info.context.histories.load(ask_history.excerpt(node, first, after))
    return _connection(ask_history.there(node, found), after)


async def own_history(
    info: Asking, node: strawberry.Parent[Node], first: int | None = None, after: str | None = None
) -> ChangeConnection:
    return await history_of(info, node.id, first, after)


def _connection(found: ask_history.History, after: str | None) -> ChangeConnection:
    edges = [ChangeEdge(node=cast("Change", change), cursor=change.cursor) for change in found.changes]
    info = PageInfo(
        has_next_page=found.more,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return ChangeConnection(edges=edges, page_info=info, total_count=found.total)
