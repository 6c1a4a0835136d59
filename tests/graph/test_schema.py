"""The schema is the committed one, and keeps every promise made to clients."""

from collections.abc import Iterator
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_required_argument,
)

from remit_graphql.print_schema import printed

CONTRACT = Path(__file__).with_name("contract.graphql").read_text(encoding="utf-8")
COMMITTED = Path(__file__).parents[2] / "graphql" / "schema.graphql"


def test_the_committed_schema_is_what_the_code_serves() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == printed(), "run ./dev schema"


def test_the_schema_keeps_every_promise_to_clients() -> None:
    assert broken_promises(build_schema(CONTRACT), build_schema(printed())) == []


def test_the_check_sees_what_a_schema_lacks() -> None:
    promised = build_schema(
        "interface Node { id: ID! } enum E { A B } union U = T | W type W { x: Int }"
        " type T implements Node { id: ID! name(first: Int): String! } type Query { t: T e: E u: U }"
    )
    served = build_schema(
        "interface Node { id: ID! } enum E { A } union U = W type W { x: Int }"
        " type T { id: ID name(last: Int!): String! } type Query { t: T e: E u: U }"
    )
    assert broken_promises(promised, served) == [
        "E.B",
        "T implements Node",
        "T.id: ID!",
        "T.name without a required last",
        "T.name(first: Int)",
        "U = T",
    ]


def broken_promises(promised: GraphQLSchema, served: GraphQLSchema) -> list[str]:
    """Every promise that the served schema breaks, sorted."""
    found: list[str] = []
    for name, wanted in promised.type_map.items():
        if not name.startswith("__"):
            there = served.type_map.get(name)
            found.extend([name] if type(there) is not type(wanted) else _broken(wanted, there))
    return sorted(found)


def _broken(wanted: GraphQLNamedType, there: GraphQLNamedType | None) -> Iterator[str]:
    if isinstance(wanted, GraphQLEnumType) and isinstance(there, GraphQLEnumType):
        yield from (f"{wanted.name}.{value}" for value in wanted.values if value not in there.values)
    if isinstance(wanted, GraphQLUnionType) and isinstance(there, GraphQLUnionType):
        members = {member.name for member in there.types}
        yield from (f"{wanted.name} = {member.name}" for member in wanted.types if member.name not in members)
    if isinstance(wanted, GraphQLObjectType | GraphQLInterfaceType) and isinstance(
        there, GraphQLObjectType | GraphQLInterfaceType
    ):
        interfaces = {interface.name for interface in there.interfaces}
        yield from (f"{wanted.name} implements {i.name}" for i in wanted.interfaces if i.name not in interfaces)
        yield from _broken_fields(wanted, there)


def _broken_fields(
    wanted: GraphQLObjectType | GraphQLInterfaceType, there: GraphQLObjectType | GraphQLInterfaceType
) -> Iterator[str]:
    for name, field in wanted.fields.items():
        served = there.fields.get(name)
        if served is None or str(served.type) != str(field.type):
            yield f"{wanted.name}.{name}: {field.type}"
        if served is None:
            continue
        for argument, told in field.args.items():
            if argument not in served.args or str(served.args[argument].type) != str(told.type):
                yield f"{wanted.name}.{name}({argument}: {told.type})"
        more = (argument for argument in served.args if argument not in field.args)
        yield from (
            f"{wanted.name}.{name} without a required {argument}"
            for argument in more
            if is_required_argument(served.args[argument])
        )
