"""Model files are YAML 1.2 core, and nothing in them can crash or stall a reader (R6)."""

import itertools
import math

import pytest

from remit.domain.errors import Invalid
from remit.modelfile.text import LARGEST_BYTES, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("=", "="),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("-3", -3),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("''", ""),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
    ],
)
def test_r6_plain_text_is_read_by_the_core_schema(text: str, value: object) -> None:
    assert parse(f"- {text}\n").value == [value]


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_what_is_no_number_is_read_as_such(text: str) -> None:
    assert math.isnan(parse(text).value)


def test_anchors_and_aliases_stand_for_what_they_name() -> None:
    assert parse("- &one {a: 1}\n- *one\n").value == [{"a": 1}, {"a": 1}]


def test_an_empty_text_is_no_value() -> None:
    assert parse("# nothing\n").value is None


def test_every_value_has_a_line_and_anything_else_that_of_what_is_around_it() -> None:
    document = parse("a:\n  - x\n  - b: 1\n    c: 2\n")
    assert [document.line(path) for path in [("a",), ("a", 0), ("a", 1, "c"), ("a", 1, "z"), ("z",)]] == [1, 2, 4, 3, 1]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in itertools.pairwise("abcdefghij")
)
LADDER = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 2000))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "DUPLICATE_KEY", 3),
        ("a:\n  - {x: 1, x: 2}\n", "DUPLICATE_KEY", 2),
        ("a: 1\n? [b]\n: 2\n", "KEY", 2),
        ("a: 1\n12: 2\n", "KEY", 2),
        ("a: 1\ntrue: 2\n", "KEY", 2),
        ("a: !!python/object:os.system x\n", "TAG", 1),
        ("a:\n  !!set {x, y}\n", "TAG", 2),
        ("a: !thing [x]\n", "TAG", 1),
        ("a: !!timestamp 2026-01-01\n", "TAG", 1),
        ("a: !!int twelve\n", "TAG", 1),
        ("a: !!float much\n", "TAG", 1),
        ("a: !!bool maybe\n", "TAG", 1),
        ("a: [1\nb: 2\n", "YAML", 2),
        ("a: *nobody\n", "YAML", 1),
        ("a: 1\n---\nb: 2\n", "YAML", 2),
        ("a: 1\nb: \x00\n", "YAML", 2),
        ("a: &a [*a]\n", "ALIAS", 1),
        (LAUGHS, "ALIAS", None),
        (LADDER, "TOO_DEEP", None),
        ("[" * 60 + "]" * 60, "TOO_DEEP", 1),
        ("[" * 5000 + "]" * 5000, "TOO_DEEP", None),
        ("#" * (LARGEST_BYTES + 1), "TOO_LARGE", None),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_r6_what_cannot_be_read_is_refused_with_its_line(text: str, code: str, line: int | None) -> None:
    with pytest.raises(Invalid, match="cannot be read") as refused:
        parse(text)
    problem = refused.value.problems[0]
    assert problem.code == code
    if line is not None:
        assert problem.line == line


def test_every_doubled_key_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        parse("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [str(problem) for problem in refused.value.problems] == [
        "line 2: 'a' stands twice in one mapping; keep one [DUPLICATE_KEY]",
        "line 3: 'c' stands twice in one mapping; keep one [DUPLICATE_KEY]",
    ]
