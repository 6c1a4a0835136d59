"""A file of many YAML documents is taken apart by its marks, and every line is counted from the top."""

import pytest

from remit.exchange.entities import catalog

ONE = "kind: User\nmetadata:\n  name: ana\n"
TWO = "kind: User\nmetadata:\n  name: eva\n"
FILES = {
    "a mark between": (f"{ONE}---\n{TWO}", [3, 7]),
    "a mark before each": (f"---\n{ONE}---\n{TWO}", [4, 8]),
    "marks with remarks": (f"--- # first\n{ONE}--- # second\n{TWO}", [4, 8]),
    "remarks before the first mark": (f"# a catalog\n\n---\n{ONE}---\n{TWO}", [6, 10]),
    "directives": (f"%YAML 1.2\n---\n{ONE}...\n%YAML 1.2\n---\n{TWO}", [5, 11]),
    "marks of an end": (f"{ONE}...\n{TWO}...\n", [3, 7]),
    "empty documents": (f"---\n---\n{ONE}---\n---\n{TWO}---\n", [5, 10]),
    "dashes inside a text": (f"{ONE}  title: |\n    ---\n    x\n---\n{TWO}", [3, 10]),
    "windows": (f"{ONE}---\n{TWO}".replace("\n", "\r\n"), [3, 7]),
    "in one line": ("--- {kind: User, metadata: {name: ana}}\n--- {kind: User, metadata: {name: eva}}", [1, 2]),
}


@pytest.mark.parametrize(("text", "lines"), FILES.values(), ids=FILES)
def test_each_document_is_read_at_its_line(text: str, lines: list[int]) -> None:
    found = catalog(text)
    assert ([(one.name, one.line) for one in found.entities], found.problems) == (
        list(zip(["ana", "eva"], lines, strict=True)),
        (),
    )


def test_a_mistake_of_syntax_is_told_at_its_line_and_hides_no_other_document() -> None:
    found = catalog(f"kind: [\n---\n{ONE}---\n{TWO}  title: 'open\n")
    assert [one.name for one in found.entities] == ["ana"]
    assert [(problem.code, problem.line) for problem in found.problems] == [("YAML", 1), ("YAML", 11)]


def test_what_is_no_text_where_one_belongs_is_told() -> None:
    found = catalog("kind: Domain\nmetadata: {name: a, title: 1, annotations: x}\nspec: {owner: [b]}\n")
    assert [str(problem) for problem in found.problems] == [
        "line 2: document 1, Domain: annotations: write a mapping of keys to values here [WRONG_VALUE]",
        "line 2: document 1, Domain: title: write a text here, in quotes if it looks like a number [WRONG_VALUE]",
        "line 3: document 1, Domain: owner: write a text here, in quotes if it looks like a number [WRONG_VALUE]",
    ]


def test_many_small_documents_cannot_be_too_large_together() -> None:
    found = catalog(f"{ONE}---\n{TWO}", most_values=7)
    assert [(problem.code, problem.line) for problem in found.problems] == [("TOO_LARGE", 4)]


def test_metadata_that_is_no_mapping_is_told_once() -> None:
    (problem,) = catalog("kind: User\nmetadata: ana\n").problems
    assert str(problem) == ("line 2: document 1, User: metadata: write a mapping of keys to values here [WRONG_VALUE]")
