"""What people, teams and functions tell alike: what all of it is measured as, and how loaded several are together."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from remit.domain.ids import parse_node_id
from remit.domain.parties import Party, PartyKind
from remit_graphql.kit.context import Asking
from remit_graphql.kit.nodes import Node

if TYPE_CHECKING:
    from remit_graphql.load import Signal
    from remit_graphql.totals import GroupLoad


OwnGroupLoad = Annotated["GroupLoad", strawberry.lazy("remit_graphql.totals")]
OwnSignals = list[Annotated["Signal", strawberry.lazy("remit_graphql.load")]]


async def own_group_load(
    info: Asking, node: strawberry.Parent[Node], window_days: int | None = None, as_of: datetime | None = None
) -> OwnGroupLoad:
    from remit_graphql.totals import group_load_of  # the aspect stands above the noun it is hung on

    return await group_load_of(info, _party(node), window_days, as_of)


async def own_signals(
    info: Asking,
    node: strawberry.Parent[Node],
    names: list[str] | None = None,
    window_days: int | None = None,
    as_of: datetime | None = None,
) -> OwnSignals:
    from remit_graphql.totals import party_signals_of  # as above

    return await party_signals_of(info, _party(node), names, window_days, as_of)


def _party(node: Node) -> Party:
    kind, key = parse_node_id(node.id)
    return Party(PartyKind(kind), key)
