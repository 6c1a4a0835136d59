"""How much one request may ask for: its cost is known, and refused, before anything is executed.

A field costs one, times the length of every list around it: as asked by `first` or a literal list, else as usual for
that field. Fragments are costed once each and remembered, so the rule itself is linear in the document.
"""

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    VariableNode,
)

from remit.domain.errors import Invalid

MOST_COST = 100_000
"""About two seconds of one core at the measured 20 microseconds a field."""
DEEPEST = 25
MOST_TOKENS = 4_000
MOST_BODY_BYTES = 1_000_000
MOST_ISSUES = 200
MOST_CELLS = 50_000
DEFAULT_PAGE = 50
LARGEST_PAGE = 200

USUAL_LENGTH = {
    "cells": 500, "ownership": 17, "responsibilities": 17, "trace": 8, "holders": 3, "lenses": 4, "sources": 5,
    "issueOwnerships": 100, "nodes": 100, "degraded": 2,
    "types": 40, "fields": 8, "args": 3, "inputFields": 3, "enumValues": 8, "possibleTypes": 6, "interfaces": 2,
    "directives": 6,
}  # fmt: skip
"""Lists whose length no argument tells; the last ones are introspection's."""
PAGED = frozenset({"areas", "people", "children", "members"})


def require(holds: bool, message: str) -> None:
    """Raises Invalid with what to do instead, unless the request keeps within its limit."""
    if not holds:
        raise Invalid(message)


class CostRule(ValidationRule):
    """Refuses operations that cost more than `MOST_COST` or nest deeper than `DEEPEST`."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments: dict[str, tuple[int, int]] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        cost, depth = self._of(node.selection_set, frozenset())
        if depth > DEEPEST:
            self.report_error(GraphQLError(f"the operation nests {depth} levels deep, more than {DEEPEST}", node))
        elif cost > MOST_COST:
            message = f"the operation may cost {cost}, more than {MOST_COST}; ask for shorter lists or fewer fields"
            self.report_error(GraphQLError(message, node))

    def _of(self, selections: SelectionSetNode | None, within: frozenset[str]) -> tuple[int, int]:
        """Cost and depth of a selection set."""
        total, deepest = 0, 0
        for selection in selections.selections if selections is not None else ():
            if isinstance(selection, FieldNode):
                cost, depth = self._of(selection.selection_set, within)
                cost, depth = 1 + _length(selection) * cost, depth + 1
            elif isinstance(selection, InlineFragmentNode):
                cost, depth = self._of(selection.selection_set, within)
            else:
                cost, depth = self._spread(selection, within)
            total, deepest = min(total + cost, 10**12), max(deepest, depth)
        return total, deepest

    def _spread(self, spread: object, within: frozenset[str]) -> tuple[int, int]:
        if not isinstance(spread, FragmentSpreadNode) or spread.name.value in within:
            return 0, 0  # a fragment inside itself is refused by another rule
        name = spread.name.value
        if name not in self._fragments:
            fragment: FragmentDefinitionNode | None = self.context.get_fragment(name)
            inside = within | {name}
            self._fragments[name] = self._of(fragment.selection_set, inside) if fragment is not None else (0, 0)
        return self._fragments[name]


def _length(field: FieldNode) -> int:
    """How many times what is below a field is computed."""
    name = field.name.value
    length = USUAL_LENGTH.get(name, DEFAULT_PAGE if name in PAGED else 1)
    for argument in field.arguments or ():
        value = argument.value
        if argument.name.value == "first" and isinstance(value, IntValueNode) and len(value.value) < 10:
            length = max(0, int(value.value))
        elif argument.name.value == "first" and isinstance(value, VariableNode):
            length = 2 * DEFAULT_PAGE
        elif argument.name.value in ("issueKeys", "ids") and isinstance(value, ListValueNode):
            length = len(value.values)
    return length
