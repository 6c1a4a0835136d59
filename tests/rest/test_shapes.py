"""A JSON answer has every scalar field of the GraphQL type of the same answer, so that none can be forgotten."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from remit.domain.answers import Candidate, Freshness, Holder, Layer, Reason, Standing, Step
from remit.domain.catalogue import Letter
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey, SourceName
from remit.domain.people import OwnerKind, OwnerRef
from remit.rest import shapes
from remit.usecases.ask_ownership import cell, issue_ownership
from remit.usecases.ask_sources import SourceAge, SourceReport
from remit.usecases.snapshot import Moment, Snapshot, model_freshness, snapshot
from remit_graphql.schema import schema
from support.desks import a_desk

ANA = OwnerRef(OwnerKind.PERSON, OwnerKey("ana"))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def scalars(type_: str) -> set[str]:
    """The fields of a type in the schema that hold a scalar, an enum or a list of them."""
    found = schema()._schema.type_map[type_]
    assert isinstance(found, GraphQLObjectType)
    return {name for name, field in found.fields.items() if is_leaf_type(get_named_type(field.type))}


async def shaped() -> Mapping[str, Any]:
    """One of each shape, by the name of its GraphQL type."""
    desk = await a_desk()
    snap = await snapshot(desk, Moment())
    issue = (await issue_ownership(desk, snap, ["NO-1"]))["NO-1"]
    function = FunctionKey("product_management")
    said = Candidate(Step.MATCH, Layer.SELECTOR, "shop", Standing.CHOSEN, Reason.MOST_SPECIFIC, "Because.")
    return {
        "IssueOwnership": shapes.issue_ownership(snap.model, issue),
        "Ownership": shapes.ownership(snap.model, an_answer(snap), model_freshness(snap)),
        "Area": shapes.area(snap.model, AreaKey("shop")),
        "Responsibility": shapes.responsibility(snap.model, ResponsibilityKey("innovation")),
        "Function": shapes.function(snap.model, function),
        "Holder": shapes.holder(snap.model, Holder(ANA, function, Letter.RESPONSIBLE)),
        "Candidate": shapes.candidate(said),
        "Freshness": shapes.freshness(Freshness(NOW, 1, (), "version")),
        "Source": shapes.source(SourceReport(SourceAge(SourceName("jira"), "jira", True, NOW, 1, None), 2, 3)),
    }


def an_answer(snap: Snapshot) -> Any:
    return cell(snap, {}, AreaKey("shop"), ResponsibilityKey("innovation"))


@pytest.mark.parametrize(
    "type_",
    ["IssueOwnership", "Ownership", "Area", "Responsibility", "Function", "Holder", "Candidate", "Freshness", "Source"],
)
async def test_a_shape_has_every_scalar_field_of_its_type(type_: str) -> None:
    shape = (await shaped())[type_]
    assert scalars(type_) - set(shape) == set()


async def test_owners_are_told_by_kind_key_and_name() -> None:
    snap = await snapshot(await a_desk(), Moment())
    told = shapes.owner(snap.model, ANA)
    assert told == {"__typename": "Person", "key": "ana", "name": "Ana"}
