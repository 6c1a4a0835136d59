"""Collects the figures of a run and writes them down when every benchmark has run."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.budgets import Section, page

EXPECTED = 10
"""Sections of a whole run; part of one is printed and not written."""
BUDGETS = Path(__file__).parents[2] / "docs" / "budgets.md"


@pytest.fixture(scope="session")
def sections() -> Iterator[list[Section]]:
    collected: list[Section] = []
    yield collected
    text = page(sorted(collected, key=lambda section: section.title))
    sys.stdout.write(f"\n{text}")
    if len(collected) == EXPECTED:
        BUDGETS.write_text(text, encoding="utf-8")


@pytest.fixture
def section(sections: list[Section]) -> Callable[[str, str], Section]:
    def opened(title: str, about: str) -> Section:
        sections.append(Section(title, about))
        return sections[-1]

    return opened
