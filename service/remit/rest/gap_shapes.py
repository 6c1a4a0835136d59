"""Gaps, coverage and findings about selectors as JSON, shaped like the GraphQL types with all their scalar fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from remit.domain.advice import Dismissal, Proposal
from remit.domain.drift import Drift
from remit.domain.findings import SelectorFinding
from remit.domain.gaps import Coverage, Gap, Share
from remit.domain.model import Model
from remit.domain.totals import GroupContribution
from remit.rest import shapes
from remit.usecases.pages import page_of

Json = dict[str, Any]
Told = TypeVar("Told", Gap, SelectorFinding, Drift, Proposal, Dismissal, GroupContribution)


def connection(told: Sequence[Told], shape: Callable[[Told], Json], first: int | None, after: str | None) -> Json:
    """A page as the GraphQL types `GapConnection` and those of drift, advice and the lint."""
    found: Mapping[str, Told] = {one.key: one for one in told}
    page = page_of(list(found), first, after)
    edges = [{"cursor": at, "node": shape(found[key])} for key, at in zip(page.keys, page.cursors, strict=True)]
    return {
        "edges": edges,
        "pageInfo": {
            "hasNextPage": page.has_next,
            "hasPreviousPage": page.has_previous,
            "startCursor": page.cursors[0] if page.cursors else None,
            "endCursor": page.cursors[-1] if page.cursors else None,
        },
        "totalCount": page.total,
    }


def gap(model: Model, told: Gap) -> Json:
    """`Gap`."""
    return {
        "kind": told.kind.value,
        "area": shapes.area(model, told.area),
        "responsibility": shapes.responsibility(model, told.responsibility) if told.responsibility else None,
        "owner": shapes.owner(model, told.owner),
        "count": told.count,
        "message": told.message,
    }


def coverage(model: Model, told: Coverage) -> Json:
    """`Coverage`."""
    functions = [{"function": shapes.function(model, key), **_share(share)} for key, share in told.functions]
    return {"area": shapes.area(model, told.area), **_share(told.share), "functions": functions}


def finding(model: Model, told: SelectorFinding) -> Json:
    """`SelectorFinding`."""
    return {
        "fault": told.fault.value,
        "area": shapes.area(model, told.area),
        "selector": told.selector,
        "message": told.message,
        "other": shapes.area(model, told.other),
    }


def _share(share: Share) -> Json:
    return {"cells": share.cells, "covered": share.covered, "percent": share.percent}
