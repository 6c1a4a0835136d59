"""Every code by which a change can be refused is explained to clients."""

import ast
import re

from remit.domain.errors import Refused
from support.repository import ROOT, code, table

SOURCES = ("changing", "modelfile/checks.py", "modelfile/overlaps.py", "modelfile/bodies.py", "modelfile/shapes.py",
           "modelfile/one_row.py")  # fmt: skip
NO_CODES = {"R", "UTC"}


def test_every_code_is_in_the_list_of_errors_or_warnings() -> None:
    listed = {word for row in table("docs/changes.md", "Errors") for word in code(row[0])}
    warnings = {"OTHER_FUNCTION", "UNKNOWN_SKILL", "TWO_CLAIMS", "TIED_SELECTOR", "SHADOWED_SELECTOR"}
    assert listed == used() - warnings | {kind.code for kind in Refused.__subclasses__()}


def used() -> set[str]:
    """Texts in capitals in the modules that find mistakes."""
    found = set()
    for source in SOURCES:
        path = ROOT / "service/remit" / source
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found |= {node.value} if re.fullmatch(r"[A-Z]+(_[A-Z]+)*", node.value) else set()
    return found - NO_CODES
