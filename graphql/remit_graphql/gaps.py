"""Gaps in the graph: where the model does not hold, how much of it does, and which selectors are wrong."""

from collections.abc import Mapping, Sequence

import strawberry

from remit.domain import findings as domain_findings
from remit.domain import gaps as domain
from remit.domain.ids import AreaKey
from remit.usecases.ask_gaps import GapQuestion, Gaps
from remit.usecases.snapshot import Moment
from remit_graphql.areas import Area, area
from remit_graphql.catalogue import Function, Responsibility, function, responsibility
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import require_found
from remit_graphql.kit.nodes import PageInfo, page
from remit_graphql.kit.world import World
from remit_graphql.people import Owner, owner

NOW = Moment()

strawberry.enum(domain.GapKind, name="GapKind", description="What is wrong, in the order in which gaps are listed.")
strawberry.enum(domain_findings.SelectorFault, name="SelectorFault", description="What is wrong with a selector.")


@strawberry.type(description="One place to act: what is wrong, where it is caused, and what to do about it.")
class Gap:
    kind: domain.GapKind
    area: Area | None = strawberry.field(description="The topmost area that suffers from it.")
    responsibility: Responsibility | None
    owner: Owner | None
    count: int = strawberry.field(
        description="How many cells suffer, or how many issues or pieces of feedback are meant."
    )
    message: str


@strawberry.type
class GapEdge:
    node: Gap
    cursor: str


@strawberry.type
class GapConnection:
    edges: list[GapEdge]
    page_info: PageInfo
    total_count: int
    not_told: list[domain.GapKind] = strawberry.field(
        description="Kinds asked for that rest on records and accounts, which are not counted at a past moment."
    )
    doubt: str | None = strawberry.field(
        description="Why there may be others: a source in trouble or one that names nobody, or histories that are not "
        "worked out yet. Null where nothing is in doubt."
    )


@strawberry.type(description="How many of the cells that want an owner and are led by a function have one accountable.")
class FunctionCoverage:
    function: Function
    cells: int
    covered: int
    percent: float | None


@strawberry.type(description="The same of an area and everything below it; blurry cells want an owner and have none.")
class Coverage:
    area: Area
    cells: int
    covered: int
    percent: float | None = strawberry.field(description="Cut to one decimal; null where no cell wants an owner.")
    functions: list[FunctionCoverage]


@strawberry.type(description="One fault of one selector of an area, or of an issue rule there.")
class SelectorFinding:
    fault: domain_findings.SelectorFault
    area: Area
    selector: str
    message: str
    other: Area | None = strawberry.field(description="The area that takes the issues instead.")


@strawberry.type
class SelectorFindingEdge:
    node: SelectorFinding
    cursor: str


@strawberry.type
class SelectorFindingConnection:
    edges: list[SelectorFindingEdge]
    page_info: PageInfo
    total_count: int


async def gaps_of(
    info: Asking,
    moment: Moment,
    kinds: Sequence[domain.GapKind] | None,
    under: str | None,
    first: int | None,
    after: str | None,
) -> GapConnection:
    """A page of the gaps of these kinds (None: all) in an area and below it (None: everywhere)."""
    world = await info.context.world(moment)
    wanted = frozenset(domain.GapKind if kinds is None else kinds)
    found = await info.context.gaps.load((moment, GapQuestion(wanted, _start(world, under))))
    return gaps_page(world, found, first, after)


async def coverage_of(info: Asking, moment: Moment, under: str | None) -> list[Coverage]:
    """Of an area and of each right below it."""
    world = await info.context.world(moment)
    return [coverage(world, told) for told in await info.context.coverage.load((moment, _start(world, under)))]


async def lint_of(info: Asking, first: int | None, after: str | None) -> SelectorFindingConnection:
    """A page of the faults of selectors."""
    world = await info.context.world(NOW)
    found = {one.key: one for one in await info.context.selector_lint()}
    elements, page_info, total = page(list(found), first, after, lambda key: _finding(world, found[key]))
    edges = [SelectorFindingEdge(node=node, cursor=at) for node, at in elements]
    return SelectorFindingConnection(edges=edges, page_info=page_info, total_count=total)


def gaps_page(
    world: World,
    told: Gaps,
    first: int | None,
    after: str | None,
) -> GapConnection:
    found: Mapping[str, domain.Gap] = {gap.key: gap for gap in told.found}
    elements, page_info, total = page(list(found), first, after, lambda key: _gap(world, found[key]))
    edges = [GapEdge(node=node, cursor=at) for node, at in elements]
    return GapConnection(
        edges=edges, page_info=page_info, total_count=total, not_told=list(told.not_told), doubt=told.doubt
    )


def coverage(world: World, told: domain.Coverage) -> Coverage:
    return Coverage(
        area=area(world, told.area),
        cells=told.share.cells,
        covered=told.share.covered,
        percent=told.share.percent,
        functions=[
            FunctionCoverage(
                function=function(world, key), cells=share.cells, covered=share.covered, percent=share.percent
            )
            for key, share in told.functions
        ],
    )


def _start(world: World, under: str | None) -> AreaKey | None:
    """Refuses an area that is not there by itself, so that what is asked beside it is answered."""
    require_found(under is None or under in world.model.areas, f"there is no area {under!r} at this instant")
    return AreaKey(under) if under is not None else None


def _gap(world: World, told: domain.Gap) -> Gap:
    return Gap(
        kind=told.kind,
        area=area(world, told.area) if told.area is not None else None,
        responsibility=responsibility(world, told.responsibility) if told.responsibility is not None else None,
        owner=owner(world, told.owner) if told.owner is not None else None,
        count=told.count,
        message=told.message,
    )


def _finding(world: World, told: domain_findings.SelectorFinding) -> SelectorFinding:
    return SelectorFinding(
        fault=told.fault,
        area=area(world, told.area),
        selector=told.selector,
        message=told.message,
        other=area(world, told.other) if told.other is not None else None,
    )
