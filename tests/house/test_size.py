"""Nothing grows until nobody reads it."""

import ast

import pytest

from support.repository import Module, modules

LONGEST_FILE = 300
LONGEST_FUNCTION = 60


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)
def test_a_file_has_at_most_300_lines(module: Module) -> None:
    assert len(module.text.splitlines()) <= LONGEST_FILE


def test_a_function_has_at_most_60_lines() -> None:
    lengths = {
        f"{module.at(node)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
