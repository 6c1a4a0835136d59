"""What a selection costs: each field one, times the length of every list around it.

A list is as long as its `first` or its literal keys say, as long as allowed where a variable says it, and else as long
as usual for that field. Directives do not lower a cost, and a fragment is weighed once however often it is spread, so
that weighing is linear in the document.
"""

from collections.abc import Callable

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

USUAL_LENGTH = {
    "cells": 750, "ownership": 17, "responsibilities": 17, "trace": 8, "holders": 3, "lenses": 4, "sources": 5,
    "coverage": 20, "shifts": 200, "functions": 3, "minutes": 20,
    "issueOwnerships": 200, "nodes": 200, "differences": 6, "before": 2, "after": 2,
    "informed": 3, "signals": 18, "contributions": 20, "drivers": 2, "effects": 4,
    "signalHistory": 18, "points": 90, "loadHistory": 90,
    "types": 40, "fields": 8, "args": 3, "inputFields": 3, "enumValues": 8, "possibleTypes": 6, "interfaces": 2,
    "directives": 6,
}  # fmt: skip
"""Lists whose length no argument tells; the last ones are introspection's."""
PAGED = frozenset(
    {"areas", "people", "children", "members", "history", "gaps", "selectorLint", "rows", "opened", "closed", "loads",
     "drift", "advice", "dismissedAdvice", "thresholds", "absences", "preferences", "records", "feedback"}
)  # fmt: skip
KEYS = frozenset({"issueKeys", "ids"})
NARROWED = frozenset({"issueOwnership", "issueOwnerships"})
"""Fields whose `responsibilities` say how long `ownership` below them is."""
NAMING = (("responsibilities", "ownership"), ("names", "signalHistory"))
"""Arguments with a key for each element of their field."""
ENDLESS = 10**12

Weight = tuple[int, int]
"""Cost and depth."""


class Costs:
    """Weighs selections of one document; `default_page` and `largest_page` are those of connections."""

    def __init__(
        self, fragment: Callable[[str], FragmentDefinitionNode | None], default_page: int, largest_page: int
    ) -> None:
        self._fragment, self._default_page, self._largest_page = fragment, default_page, largest_page
        self._weighed: dict[tuple[str, int | None], Weight] = {}

    def of(self, selections: SelectionSetNode | None, rows: int | None = None) -> Weight:
        """Cost and depth; `rows` is how many responsibilities the field around was asked for, when it tells."""
        total, deepest = 0, 0
        for selection in selections.selections if selections is not None else ():
            cost, depth = self._of_one(selection, rows)
            total, deepest = min(total + cost, ENDLESS), max(deepest, depth)
        return total, deepest

    def of_each(self, selections: SelectionSetNode | None, name: str) -> int:
        """What one element costs of every list `name` selected here, aliases and fragments included."""
        total = 0
        for selection in selections.selections if selections is not None else ():
            if isinstance(selection, FieldNode):
                total += self.of(selection.selection_set)[0] if selection.name.value == name else 0
            elif isinstance(selection, InlineFragmentNode):
                total += self.of_each(selection.selection_set, name)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragment(selection.name.value)
                total += self.of_each(fragment.selection_set, name) if fragment is not None else 0
        return total

    def _of_one(self, selection: SelectionNode, rows: int | None) -> Weight:
        if isinstance(selection, FieldNode):
            cost, depth = self.of(selection.selection_set, _rows(selection))
            return 1 + self._length(selection, rows) * cost, depth + 1
        if isinstance(selection, InlineFragmentNode):
            return self.of(selection.selection_set, rows)
        if isinstance(selection, FragmentSpreadNode):
            return self._spread(selection.name.value, rows)
        return 0, 0

    def _spread(self, name: str, rows: int | None) -> Weight:
        if (name, rows) not in self._weighed:
            self._weighed[name, rows] = 0, 0  # while it is weighed: one inside itself is refused by another rule
            fragment = self._fragment(name)
            self._weighed[name, rows] = self.of(fragment.selection_set, rows) if fragment is not None else (0, 0)
        return self._weighed[name, rows]

    def _length(self, field: FieldNode, rows: int | None) -> int:
        """How many times what is below a field is computed."""
        name = field.name.value
        length = USUAL_LENGTH.get(name, self._default_page if name in PAGED else 1)
        if name == "ownership" and rows is not None:
            length = rows
        for argument in field.arguments or ():
            value, told = argument.value, argument.name.value
            if told == "first" and isinstance(value, IntValueNode):
                length = _page(value.value, self._largest_page)
            elif told == "first" and isinstance(value, VariableNode):
                length = self._largest_page
            elif (told in KEYS or (told, name) in NAMING) and isinstance(value, ListValueNode):
                length = len(value.values)
            elif (told, name) == ("days", "loadHistory") and isinstance(value, IntValueNode):
                length = _page(value.value, ENDLESS)
            elif told == "responsibility":  # the question of one, which bears the name of the list
                length = 1
        return length


def _page(digits: str, largest: int) -> int:
    """A longer page than the largest is refused when it is asked for, so it costs no more than that."""
    return min(max(0, int(digits)), largest) if len(digits) < 10 else largest


def _rows(field: FieldNode) -> int | None:
    for argument in field.arguments or () if field.name.value in NARROWED else ():
        if argument.name.value == "responsibilities" and isinstance(argument.value, ListValueNode):
            return len(argument.value.values)
    return None
