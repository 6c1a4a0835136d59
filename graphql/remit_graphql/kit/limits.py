"""How much one request may ask for: its cost is known, and refused, before anything is executed."""

from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, ValidationContext, ValidationRule
from strawberry import Info

from remit.domain.errors import Invalid, NotFound
from remit.usecases import pages
from remit_graphql.kit.cost import Costs

MOST_COST = 500_000
"""About a second of one core at the measured two microseconds a field; 200 issues with everything asked of them."""
DEEPEST = 25
MOST_TOKENS = 4_000
MOST_BODY_BYTES = 1_000_000
MOST_ISSUES = 200
MOST_RESPONSIBILITIES = 100
MOST_MOMENTS = 40
"""Each moment is read and indexed on its own."""
MOST_WINDOWS = 6
"""In each of them all records are counted anew."""
MOST_POINTS = 100_000
"""Values of days told at once: about a second."""
MOST_TRACES = 100
"""For each all records of its areas are put in order."""
MOST_FEEDBACK_LISTS, MOST_OF_ALL_FEEDBACK = 1_000, 20
"""Lists of areas, and those from everywhere: each of these counts all there is, in 50 ms of 100,000 items."""
MOST_GAP_QUESTIONS = 20
"""Each looks at every gap of the organisation: 50 ms where it has 10,000 areas."""
MOST_SIMULATIONS = 3
"""Each makes a whole model and looks at every cell of it: some seconds where the organisation has 10,000 areas."""
DEFAULT_PAGE, LARGEST_PAGE = pages.USUAL, pages.MOST


def require(holds: bool, message: str) -> None:
    """Raises Invalid with what to do instead, unless the request keeps within its limit."""
    if not holds:
        raise Invalid(message)


def require_found(holds: bool, message: str) -> None:
    """Raises NotFound for something a list was to be taken from; an empty list would claim that it is there."""
    if not holds:
        raise NotFound(message)


class CostRule(ValidationRule):
    """Refuses operations that may cost more than `MOST_COST` or nest deeper than `DEEPEST`."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._costs = Costs(context.get_fragment, DEFAULT_PAGE, LARGEST_PAGE)

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        cost, depth = self._costs.of(node.selection_set)
        if depth > DEEPEST:
            self.report_error(GraphQLError(f"the operation nests {depth} levels deep, more than {DEEPEST}", node))
        elif cost > MOST_COST:
            message = f"the operation may cost {cost}, more than {MOST_COST}; ask for shorter lists or fewer fields"
            self.report_error(GraphQLError(message, node))


def cost_of_each(info: Info[Any, None], name: str) -> int:
    """What each element of the list field `name` costs, as selected right below the field being resolved."""
    asked = info._raw_info  # strawberry's own view of the selection copies every fragment wherever it is spread
    costs = Costs(asked.fragments.get, DEFAULT_PAGE, LARGEST_PAGE)
    return sum(costs.of_each(node.selection_set, name) for node in asked.field_nodes)
