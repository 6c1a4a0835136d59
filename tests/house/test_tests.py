"""Rules the tests themselves live under."""

import ast
import re
import socket

import pytest

from support.repository import calls, dotted, imported, modules

FORBIDDEN_IMPORTS = ("unittest", "mock", "pytest_mock", "asynctest")
PATCHES = ("setattr", "delattr", "setitem", "delitem", "syspath_prepend")
CHECKS = ("pytest.raises", "require_", "asyncio.wait_for", "suppress")
"""Calls that fail a test by themselves; the last two promise not to hang, and that nothing else is raised."""
TESTS = modules("tests")


def test_nothing_is_patched_or_mocked() -> None:
    patching = [
        module.at(node)
        for module in TESTS
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr in PATCHES and "monkeypatch" in dotted(node.value))
        or (isinstance(node, ast.arg) and node.arg == "mocker")
    ]
    importing = [module.path for module in TESTS if {*_tops(module.tree)} & {*FORBIDDEN_IMPORTS}]
    assert (patching, importing) == ([], [])


def test_every_skip_gives_a_reason() -> None:
    silent = []
    for module in TESTS:
        for call in calls(module.tree):
            name = dotted(call.func)
            named = {keyword.arg for keyword in call.keywords}
            if name in ("pytest.skip", "pytest.xfail") and not (call.args or "reason" in named):
                silent.append(module.at(call))
            if name in ("pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail") and "reason" not in named:
                silent.append(module.at(call))
        marks = re.findall(r"^@pytest\.mark\.(?:skip|xfail)$", module.text, re.MULTILINE)
        silent += [f"{module.path}: {mark}" for mark in marks]
    assert silent == []


def test_a_package_below_the_tests_hides_nothing() -> None:
    assert [module.path for module in TESTS if module.path.endswith("__init__.py")] == []


def test_every_test_asserts_something() -> None:
    """Itself, by something that requires, or through a function of the tests that it calls. `bench` only measures."""
    functions = [
        (module, node)
        for module in TESTS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    checking = {node.name for _, node in functions if _asserts(node)}
    while more := {node.name for _, node in functions if _called(node) & checking} - checking:
        checking |= more
    idle = [
        f"{module.at(node)} {node.name}"
        for module, node in functions
        if node.name.startswith("test_")
        and not module.path.startswith("tests/budgets/")
        and "pytest.mark.bench" not in {dotted(mark) for mark in node.decorator_list}
        and not (_asserts(node) or _called(node) & checking)
    ]
    assert idle == []


def test_a_test_cannot_reach_the_network() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"a test tried to reach 192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_a_test_can_reach_loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()


def _tops(tree: ast.AST) -> set[str]:
    return {name.partition(".")[0] for name in imported(tree)}


def _asserts(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Assert) or (isinstance(part, ast.Call) and dotted(part.func).startswith(CHECKS))
        for part in ast.walk(node)
    )


def _called(node: ast.AST) -> set[str]:
    """The last names of what a function calls."""
    return {dotted(call.func).rpartition(".")[2] for call in calls(node)} - {""}
