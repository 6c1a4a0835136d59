"""The import contracts hold, and each of them would notice."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from support.repository import ROOT, SOURCE_ROOTS

BREAKS = {
    "service/remit/domain/wrong.py": "import remit.storage.tables\n",
    "service/remit/usecases/wrong.py": "import sqlalchemy\n",
    "service/remit/rest/wrong.py": "def late() -> None:\n    from remit.resolution import matching\n",
    "integrations/remit_integrations/sources/wrong.py": "import remit_integrations.sources.jira\n",
    "service/remit/cache/wrong_one.py": "import remit.cache.wrong_two\n",
    "service/remit/cache/wrong_two.py": "import remit.cache.wrong_one\n",
}
"""One violation of each contract: a floor, input or output in a use case, a face that resolves (inside a function),
a source that knows another, two siblings in a circle."""

NAMES = ["Floors", "No input or output in the thinking", "Only use cases resolve", "Sources", "No circles"]


def test_every_contract_holds() -> None:
    assert _verdicts(ROOT) == dict.fromkeys(NAMES, "KEPT")


def test_every_contract_notices_a_violation(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for root in SOURCE_ROOTS:
        shutil.copytree(ROOT / root, tmp_path / root, ignore=shutil.ignore_patterns("__pycache__", "*.xz"))
    for name, text in BREAKS.items():
        (tmp_path / name).write_text(f'"""Wrong."""\n\n{text}', encoding="utf-8")
    assert _verdicts(tmp_path) == dict.fromkeys(NAMES, "BROKEN")


def _verdicts(root: Path) -> dict[str, str]:
    """What import-linter says of each contract, over the packages below `root`."""
    lint = Path(sys.executable).with_name("lint-imports")
    environment = {"PYTHONPATH": ":".join(str(root / folder) for folder in SOURCE_ROOTS), "COLUMNS": "200"}
    done = subprocess.run(
        [str(lint), "--no-cache"], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    told = re.findall(r"^(.+?) (KEPT|BROKEN)", done.stdout.replace("\nother", " other"), re.MULTILINE)
    return {next((short for short in NAMES if name.startswith(short)), name): verdict for name, verdict in told}
