"""Every mistake in a matrix is told at once, with its row and what to do about it."""

# ruff: noqa: E501 - a mistake is one line

import pytest

from remit.exchange.raci import read_raci
from support.exchanging import refused

HEAD = "area,responsibility,ana,eva,omar\n"
MISTAKES = {
    "nothing": ("", ["line 1: the first column must be headed `area`, then `responsibility` and owners, or responsibilities [MISSING_COLUMN]"]),
    "no area column": ("who,ana\npayments,A\n", ["line 1: the first column must be headed `area`, then `responsibility` and owners, or responsibilities [MISSING_COLUMN]"]),
    "no owner column": ("area,responsibility\npayments,all\n", ["line 1: no column names an owner; add one for each, headed by key or e-mail address [MISSING_COLUMN]"]),
    "no responsibility column": ("area\npayments\n", ["line 1: no column names a responsibility; add `responsibility` and owners, or responsibilities [MISSING_COLUMN]"]),
    "a column without a heading": ("area,responsibility,,ana\npayments,all,A,\n", ["line 1: column 3: this column has no heading; give it one or remove it [MISSING_COLUMN]"]),
    "an unknown owner": ("area,responsibility,Ana\npayments,all,A\n", ["line 1: column 3: there is no owner 'Ana'; did you mean 'ana'? [UNKNOWN_OWNER]"]),
    "an owner twice": ("area,responsibility,ana,ana\npayments,all,A,\n", ["line 1: column 4: 'ana' is what column 3 is about; keep one of them [DUPLICATE_COLUMN]"]),
    "a responsibility twice": ("area,all,all\npayments,A:ana,\n", ["line 1: column 3: 'all' is what column 2 is about; keep one of them [DUPLICATE_COLUMN]"]),
    "an unknown area": (f"{HEAD}nowhere,all,A,,\n", ["line 2: there is no area 'nowhere'; add it to the model first, or correct the spelling [UNKNOWN_AREA]"]),
    "an unknown responsibility": (f"{HEAD}payments,Backlog management,A,,\n", ["line 2: there is no responsibility 'Backlog management'; did you mean 'backlog_management'? [UNKNOWN_RESPONSIBILITY]"]),
    "no area": (f"{HEAD},all,A,,\n", ["line 2: the area is missing [MISSING_VALUE]"]),
    "no responsibility": (f"{HEAD}payments,,A,,\n", ["line 2: payments: the responsibility is missing [MISSING_VALUE]"]),
    "an unknown function": ("area,responsibility,function,ana\npayments,all,cooking,A\n", ["line 2: there is no function 'cooking'; add it under `functions` in the model first, or correct the spelling [UNKNOWN_FUNCTION]"]),
    "a letter that does not exist": (f"{HEAD}payments,all,X,,\n", ["line 2: payments, ana: there is no letter 'X'; write A, R, C, I or A/R [UNKNOWN_LETTER]"]),
    "letters of which one does not exist": (f"{HEAD}payments,all,A/,,\n", ["line 2: payments, ana: there is no letter 'A/'; write A, R, C, I or A/R [UNKNOWN_LETTER]"]),
    "two accountables": (f"{HEAD}payments,all,A,A,\n", ["line 2: payments, all, product_management: ana and eva cannot both be accountable; leave one A (R27) [TWO_ACCOUNTABLES]"]),
    "two accountables of two functions": (f"{HEAD}payments,documentation,A,,A\n", ["line 2: payments, documentation: ana and omar cannot both be accountable; leave one A (R27) [TWO_ACCOUNTABLES]"]),
    "a row twice": (f"{HEAD}payments,all,A,,\npayments,all,A,,\n", ["line 3: payments, all: line 2 is about the same; keep one of the rows [DUPLICATE_ROW]"]),
    "an area twice": ("area,all\npayments,A:ana\npayments,\n", ["line 3: payments: line 2 is about the same; keep one of the rows [DUPLICATE_ROW]"]),
    "a function said and meant": ("area,responsibility,function,ana\npayments,all,product_management,A\npayments,all,,A\n", ["line 3: payments, all: line 2 says who holds this for product_management; keep one of the rows [DUPLICATE_ROW]"]),
    "an owner without function": ("area,responsibility,rae\npayments,all,A\n", ["line 2: payments, all: rae has no function in the model; give it one, or add a column `function` as the third [NO_FUNCTION]"]),
    "too many fields": (f"{HEAD}payments,all,A,,,C\n", ["line 2: payments: 6 fields, but 5 headings; quote a field that holds separators [TOO_MANY_FIELDS]"]),
    "a cell without letters": ("area,all\npayments,ana\n", ["line 2: payments, all: 'ana' is no letter with owners; write for example A:ana R:omar,rae [WRONG_CELL]"]),
    "a letter without owners": ("area,all\npayments,A:\n", ["line 2: payments, all: 'A:' is no letter with owners; write for example A:ana R:omar,rae [WRONG_CELL]"]),
    "an unknown owner in a cell": ("area,all\npayments,A:bob\n", ["line 2: payments, all: there is no owner 'bob'; add the person or team to the model first, or correct the spelling [UNKNOWN_OWNER]"]),
    "a quote that never ends": (f'{HEAD}payments,all,"A,,\n', ["line 2: unexpected end of data; check the quotes of this record [CSV]"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_row_and_what_to_do(text: str, told: list[str]) -> None:
    assert refused(read_raci, text) == told


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "area,responsibility,ana,bob\nnowhere,all,X,\npayments,astrology,A,\npayments,all,A,\npayments,all,,\n"
    codes = [(told.split(":")[0], told.rsplit("[")[1]) for told in refused(read_raci, text)]
    assert codes == [
        ("line 1", "UNKNOWN_OWNER]"),
        ("line 2", "UNKNOWN_AREA]"),
        ("line 2", "UNKNOWN_LETTER]"),
        ("line 3", "UNKNOWN_RESPONSIBILITY]"),
        ("line 5", "DUPLICATE_ROW]"),
    ]
