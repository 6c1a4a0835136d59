"""Where things are, and what a checkout and a wheel must hold."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import graphql

from support.repository import PACKAGES, ROOT, SOURCE_ROOTS, documents, text_files

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSION = PYPROJECT["project"]["version"]
MACHINE = re.compile(
    r"(?<![\w.>}])/(?:work|root|home|Users|opt|private)/|(?<![\w.\"'])/tmp/|/nix/store|site-packages/\w|\.pyenv"
)
REGISTRY = re.compile(r"pypi\.org|pythonhosted|npmjs|proxy\.golang|artifactory|nexus", re.IGNORECASE)


def test_graphql_is_graphql_core_and_not_our_folder() -> None:
    assert "site-packages" in graphql.__file__
    assert graphql.version_info >= (3, 3)


def test_no_python_file_hides_graphql_core() -> None:
    hiding = [*(ROOT / "graphql").glob("*.py"), *(ROOT / "graphql").glob("*.pyi")]
    assert [str(path) for path in hiding] == []
    assert not (ROOT / "tests" / "graphql").exists()


def test_each_source_root_holds_one_typed_package() -> None:
    held = {root: [path.parent.name for path in (ROOT / root).glob("*/__init__.py")] for root in SOURCE_ROOTS}
    assert held == {root: [package] for root, package in zip(SOURCE_ROOTS, PACKAGES, strict=True)}
    missing = [root for root, (package,) in held.items() if not (ROOT / root / package / "py.typed").is_file()]
    assert missing == []


def test_the_wheel_holds_the_three_packages_with_their_data_and_nothing_else(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {*PACKAGES, f"remit-{VERSION}.dist-info"}
    assert sorted(name for name in names if ".dist-info/" not in name and not name.endswith(".py")) == [
        "remit/data/catalogue.yaml",
        "remit/data/demo-model.yaml",
        "remit/data/minutes.yaml",
        "remit/data/shares.yaml",
        "remit/data/thresholds.yaml",
        "remit/py.typed",
        "remit_graphql/py.typed",
        "remit_integrations/py.typed",
        "remit_integrations/standins/data/README.md",
        "remit_integrations/standins/data/aloy.jsonl.xz",
        "remit_integrations/standins/data/histories.jsonl.xz",
    ]
    assert "remit/storage/migrations/versions/v0001_foundation.py" in names
    assert f"remit-{VERSION}.dist-info/licenses/LICENSE" in names


def test_the_oldest_python_is_the_same_everywhere() -> None:
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert "sys.version_info < (3, 11)" in (ROOT / "dev").read_text(encoding="utf-8")
    assert sys.version_info >= (3, 11)


def test_everything_a_reader_looks_for_is_there() -> None:
    expected = (
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "dev", "docker-compose.yml", "Dockerfile",
        "pyproject.toml", "uv.lock", ".ci/run", "graphql/schema.graphql", "docs/sources.md", "docs/settings.md",
        "docs/telemetry.md", "docs/operations.md", "docs/answers.md", "docs/model.md",
    )  # fmt: skip
    assert [name for name in expected if not (ROOT / name).is_file()] == []


def test_the_licence_is_apache_2_as_the_metadata_says() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PYPROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_changelog_has_a_place_for_the_next_line() -> None:
    sections = re.findall(r"^## (.+)$", documents()["CHANGELOG.md"], re.MULTILINE)
    assert sections[0] == "[Unreleased]"
    kinds = set(re.findall(r"^### (.+)$", documents()["CHANGELOG.md"], re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").iterdir())
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert [name for name in names if not re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", name)] == []


def test_a_decision_is_one_page_that_names_what_enforces_it() -> None:
    decisions = {name: text for name, text in documents().items() if name.startswith("docs/decisions/")}
    sections = ["Context", "Decision", "What enforces it", "Consequences"]
    assert {name: re.findall(r"^## (.+)$", text, re.MULTILINE) for name, text in decisions.items()} == dict.fromkeys(
        decisions, sections
    )
    assert [name for name, text in decisions.items() if len(text.splitlines()) > 60] == []


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    told = []
    for path in text_files():
        name = str(path.relative_to(ROOT))
        if name in ("uv.lock", "tests/house/test_layout.py"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if MACHINE.search(line) or (REGISTRY.search(line) and not name.startswith("tests/house/")):
                told.append(f"{name}:{number}: {line.strip()[:100]}")
    assert told == []


def test_the_scripts_are_correct_posix_shell_and_can_be_run() -> None:
    for name in ("dev", ".ci/run"):
        script: Path = ROOT / name
        assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
        assert script.stat().st_mode & 0o111
        subprocess.run(["sh", "-n", str(script)], check=True)


def test_dev_helps_with_every_command_it_has() -> None:
    text = (ROOT / "dev").read_text(encoding="utf-8")
    has = set(re.findall(r"^  ([a-z]+)(?:\|[-a-z|]+)?\)", text, re.MULTILINE)) - {"help"}
    helped = subprocess.run([str(ROOT / "dev"), "help"], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^\./dev ([a-z]+)", helped, re.MULTILINE)) == has
