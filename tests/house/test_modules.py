"""How every module begins, and what none of them does."""

import ast
import subprocess
import sys

from support.repository import PACKAGES, ROOT, SOURCE_ROOTS, calls, dotted, modules, production

READS_THE_ENVIRONMENT = {
    "service/remit/entrypoints/settings.py": "reads the settings",
    "integrations/remit_integrations/trust.py": "authorities that are kept must follow SSL_CERT_FILE and SSL_CERT_DIR",
    "service/remit/entrypoints/cli/main.py": "REMIT_TRACEBACK must work when the settings cannot be read",
}


def test_every_module_opens_with_a_sentence_on_one_line() -> None:
    without = [module.path for module in modules() if not _opens_well(module.tree)]
    assert without == []


def test_every_enum_of_the_domain_says_what_it_lists() -> None:
    silent = [
        f"{module.at(node)} {node.name}"
        for module in modules("service/remit/domain")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and any("Enum" in dotted(base) for base in node.bases)
        and not (ast.get_docstring(node) or node.name in ("FactKind", "OwnerKind"))  # docs/model.md, docs/answers.md
    ]
    assert silent == []


def test_nothing_is_printed_but_by_the_command_line() -> None:
    printing = [
        module.at(call)
        for module in production()
        for call in calls(module.tree)
        if dotted(call.func) == "print" and not module.path.startswith("service/remit/entrypoints/cli/")
    ]
    assert printing == []


def test_nobody_but_the_entry_points_reads_the_environment() -> None:
    reading = {
        module.path
        for module in production()
        for node in ast.walk(module.tree)
        if dotted(node) in ("os.environ", "os.environb", "os.getenv", "os.putenv")
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and {"environ", "getenv"} & _names(node))
    }
    assert reading == set(READS_THE_ENVIRONMENT)


def test_no_error_is_swallowed_without_saying_why() -> None:
    swallowing = []
    for module in production():
        lines = module.text.splitlines()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler) and _says_nothing(node):
                told = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                if "#" not in told:
                    swallowing.append(module.at(node))
    assert swallowing == []


def test_every_error_that_is_caught_is_named_but_in_one_place() -> None:
    bare = [
        module.path.rpartition("/")[2]
        for module in production()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in ("Exception", "BaseException"))
        and not isinstance(node.body[-1], ast.Raise)  # tidies up and passes it on
    ]
    assert bare == ["unforeseen.py"]


def test_importing_a_module_opens_no_file_and_no_socket_and_starts_no_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING, str(ROOT), *PACKAGES], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


IMPORT_EVERYTHING = f"""
import importlib, pkgutil, sys
ROOT, *PACKAGES = sys.argv[1:]
OURS = tuple(f"{{ROOT}}/{{folder}}/" for folder in {SOURCE_ROOTS!r})
DOING = ("open", "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.mkdir", "os.remove", "shutil.")
ALEMBIC = "remit.storage.migrations.env"  # runs inside a migration and cannot be imported outside of one

def told(event, arguments):
    if not event.startswith(DOING):
        return
    frame = sys._getframe(1)
    while frame is not None and not frame.f_code.co_filename.startswith(OURS):
        if "importlib" in frame.f_code.co_filename or "site-packages" in frame.f_code.co_filename:
            return  # the import system itself, or what others do
        frame = frame.f_back
    if frame is not None:
        print(f"{{frame.f_code.co_filename}}:{{frame.f_lineno}} {{event}} {{arguments[:1]}}")

sys.addaudithook(told)
for package in PACKAGES:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if module.name != ALEMBIC:
            importlib.import_module(module.name)
"""


def _opens_well(tree: ast.Module) -> bool:
    first = (ast.get_docstring(tree) or "").splitlines()[:2]
    return bool(first) and first[0].rstrip().endswith((".", "?", ":")) and (len(first) == 1 or first[1] == "")


def _names(node: ast.ImportFrom) -> set[str]:
    return {name.name for name in node.names}


def _says_nothing(handler: ast.ExceptHandler) -> bool:
    """Whether all it does is to go on; `continue` tries the next of several ways and is no silence."""
    return all(
        isinstance(step, ast.Pass)
        or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
        or (isinstance(step, ast.Return) and step.value is None)
        for step in handler.body
    )
