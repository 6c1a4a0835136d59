"""Outcomes, steps, layers, reasons and verdicts are closed, documented lists (R38, R50)."""

import ast
import re
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import pytest

import remit
from remit.domain import answers
from remit.domain.answers import Layer, Outcome, Reason, Standing, Step

SOURCE = Path(answers.__file__)
LISTS = [Outcome, Step, Layer, Reason, Standing]


def documented(name: str) -> set[str]:
    """The members of an enumeration that have a sentence right below them."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    return {
        before.targets[0].id
        for before, after in pairwise(body)
        if isinstance(before, ast.Assign)
        and isinstance(before.targets[0], ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.__name__)
def test_every_value_has_a_sentence(listed: type[StrEnum]) -> None:
    assert documented(listed.__name__) == set(listed.__members__)


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.__name__)
def test_no_value_is_on_the_list_that_nothing_says(listed: type[StrEnum]) -> None:
    sources = [path for path in Path(remit.__path__[0]).rglob("*.py") if path != SOURCE]
    said = {
        word for path in sources for word in re.findall(rf"\b{listed.__name__}\.([A-Z_]+)", path.read_text("utf-8"))
    }
    assert set(listed.__members__) - said == set()


def test_r38_the_outcomes_stand_in_order_of_precedence() -> None:
    assert [outcome.value for outcome in Outcome] == [
        "UNKNOWN", "UNMATCHED", "CONFLICT", "DELIBERATELY_UNOWNED", "BLURRY", "UNOWNED", "OWNER_INACTIVE",
        "DELEGATED", "FALLBACK", "INHERITED", "OWNED",
    ]  # fmt: skip
