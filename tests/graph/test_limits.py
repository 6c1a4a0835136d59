"""What an operation may cost is known before it is executed; no document makes the service hang."""

import httpx
import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from remit_graphql.kit.cost import Costs
from support.asking_http import ask, asking, refusal
from support.desks import a_desk


def cost(document: str) -> int:
    definitions = parse(document).definitions
    fragments = {one.name.value: one for one in definitions if not isinstance(one, OperationDefinitionNode)}  # type: ignore[attr-defined]
    operation = next(one for one in definitions if isinstance(one, OperationDefinitionNode))
    return Costs(fragments.get, default_page=50, largest_page=200).of(operation.selection_set)[0]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{ a: __typename }", 1),
        ("{ area { key name } }", 3),
        ("{ areas { totalCount } }", 1 + 50),
        ("{ areas(first: 3) { edges { node { key } } } }", 1 + 3 * 3),
        ("{ areas(first: 0) { edges { cursor } } }", 1),
        ("{ areas(first: -9) { edges { cursor } } }", 1),
        ("{ areas(first: 100000) { totalCount } }", 1 + 200),
        ("{ areas(first: 99999999999) { totalCount } }", 1 + 200),
        ("query($n: Int) { areas(first: $n) { totalCount } }", 1 + 200),
        ("{ areas(first: 10) { edges { node { children(first: 20) { totalCount } } } } }", 1 + 10 * (2 + 1 + 20)),
        ("{ area { ownership { outcome } } }", 1 + 1 + 17),
        ('{ area { ownership(responsibilities: ["a", "b"]) { outcome } } }', 1 + 1 + 2),
        ("{ ownership(responsibility: \"a\") { outcome } }", 2),
        ('{ issueOwnership(issueKey: "A", responsibilities: ["a"]) { ownership { outcome } } }', 3),
        ('{ issueOwnerships(issueKeys: ["A", "B"]) { ownership { outcome } } }', 1 + 2 * (1 + 17)),
        ("query($k: [String!]!) { issueOwnerships(issueKeys: $k) { issueKey } }", 1 + 200),
        ("{ area { signals { records { totalCount } } } }", 1 + 1 + 18 * (1 + 50)),
        ("{ area { signals { records(first: 3) { edges { node { area { key } } } } } } }", 2 + 18 * (1 + 3 * 4)),
        ("{ areas(first: 2) { edges { node { feedback { totalCount } } } } }", 1 + 2 * (2 + 1 + 50)),
        ("{ area @skip(if: true) { key } ... @include(if: false) { area { key } } }", 4),
        ("{ ...A ...A b: area { ...B } } fragment A on Query { a: area { ...B } } fragment B on Area { key }", 6),
    ],
)  # fmt: skip
def test_a_selection_costs_its_fields_times_the_lists_around_them(document: str, expected: int) -> None:
    assert cost(document) == expected


def test_fragments_that_double_thirty_times_are_weighed_at_once() -> None:
    links = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    assert cost(f"{{ ...F0 }} {links} fragment F30 on Query {{ __typename }}") == 2**30


CHILDREN = "children { edges { node { " * 7 + "key" + " } } }" * 7
HEAVY = {
    "a circle of areas and children": f"{{ areas {{ edges {{ node {{ {CHILDREN} }} }} }} }}",
    "the same hidden by directives": f"{{ areas @include(if: true) {{ edges {{ node {{ ... @skip(if: false) {{ {CHILDREN} }} }} }} }} }}",  # noqa: E501
    "the same with short names": f"{{ areas {{ edges {{ node {{ {CHILDREN.replace('children', 'a: children')} }} }} }} }}",  # noqa: E501
    "pages as long as a variable says": "query($n: Int) { areas(first: $n) { edges { node { children(first: $n) { edges { node { children(first: $n) { totalCount } } } } } } } }",  # noqa: E501
    "fragments that double": "{ ...F0 }" + "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30)) + "fragment F30 on Query { __typename }",  # noqa: E501
    "everything of every area and its children": "{ areas(first: 200) { edges { node { children(first: 9) { edges { node { ownership { trace { id step layer scope verdict reason message recordedBy recordedAt } holders { owner { __typename } function { id key name } letter } } } } } } } } }",  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("document", HEAVY.values(), ids=HEAVY.keys())
async def test_a_costly_operation_is_refused_before_execution(graph: httpx.AsyncClient, document: str) -> None:
    code, message = await refusal(graph, document)
    assert code == "BAD_REQUEST"
    assert message.startswith("the operation may cost ")
    assert message.endswith("more than 500000; ask for shorter lists or fewer fields")


async def test_a_deep_operation_is_refused(graph: httpx.AsyncClient) -> None:
    document = '{ area(key: "shop") { ' + "parent { " * 24 + "key" + " }" * 24 + " } }"
    assert await refusal(graph, document) == ("BAD_REQUEST", "the operation nests 26 levels deep, more than 25")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{ a" * 1900 + " }" * 1900, "Syntax Error: Document is nested too deeply. Parsing aborted."),
        (f"{{ nodes(ids: {'[' * 1900}{']' * 1900}) {{ id }} }}", "Syntax Error: Document is nested too deeply. Parsing aborted."),  # noqa: E501
        (f"{{ nodes(ids: [{'1 ' * 5000}]) {{ id }} }}", "Syntax Error: Document contains more than 4000 tokens. Parsing aborted."),  # noqa: E501
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "Cannot spread fragment 'A' within itself via 'B'."),  # noqa: E501
    ],
    ids=["deep selections", "deep literal", "long literal", "circle of fragments"],
)  # fmt: skip
async def test_a_monstrous_document_is_refused(graph: httpx.AsyncClient, document: str, message: str) -> None:
    assert await refusal(graph, document) == ("BAD_REQUEST", message)


async def test_what_clients_really_ask_passes(graph: httpx.AsyncClient) -> None:
    aliases = " ".join(f"a{number}: __typename" for number in range(1000))
    assert len(await ask(graph, f"{{ {aliases} }}")) == 1000
    introspection = get_introspection_query(
        specified_by_url=True, schema_description=True, input_value_deprecation=True
    )
    assert "Query" in {type_["name"] for type_ in (await ask(graph, introspection))["__schema"]["types"]}


async def test_two_hundred_issues_with_all_their_reasons_pass(graph: httpx.AsyncClient) -> None:
    asked = "query($keys: [String!]!) { issueOwnerships(issueKeys: $keys) { issueKey known currentKey area { key } ownership { outcome responsibility { key name } lead { key } accountable { __typename ... on Person { key name } ... on Team { key name } } holders { owner { ... on Person { key } } letter } trace { id step layer scope verdict reason message recordedBy recordedAt } freshness { dataAsOf } } } }"  # noqa: E501
    told = await ask(graph, asked, keys=[f"SHOP-{number}" for number in range(200)])
    assert len(told["issueOwnerships"]) == 200


def a_wide_model(areas: int) -> str:
    rows = [f"  - {{key: a{number}, name: A{number}, kind: team, parent: acme}}" for number in range(areas)]
    return "\n".join(["version: 1", "organisation: {key: acme, name: Acme, stage: scale_up}", "areas:", *rows, ""])


async def test_a_matrix_is_weighed_by_the_cells_it_really_has() -> None:
    light = "{ matrix { cells { outcome } } }"
    heavy = "{ matrix { ...Cells ... { again: cells { ...Trace } } } } fragment Cells on Matrix { cells { ...Trace } } fragment Trace on Ownership { trace { id step layer scope verdict reason message } }"  # noqa: E501
    async with asking(await a_desk(model=a_wide_model(299))) as client:
        assert len((await ask(client, light))["matrix"]["cells"]) == 300 * 17
        assert await refusal(client, heavy) == (
            "INVALID",
            "what is asked of 5100 cells is too much; narrow `under`, name responsibilities or ask fewer fields",
        )
        narrowed = heavy.replace("matrix {", 'matrix(under: "a1") {', 1)
        assert len((await ask(client, narrowed))["matrix"]["cells"]) == 17
