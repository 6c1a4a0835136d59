"""Every mistake of a file is told at once, whatever its kind: of syntax, of shape, of a row, of rows together."""

from support.model_files import mistakes

FILE = """\
version: 1
organisation: {key: acme, name: Acme, stage: scale_up}
people:
  - {key: ana, name: Ana}
  - {key: omar, naem: Omar}
areas:
  - {key: payments, kind: product, parent: acme}
  - {key: a, name: A, kind: team, parent: b}
  - {key: b, name: B, kind: team, parent: a, kind: team}
rules:
  - {area: payments, responsibility: leadership, unowned: true, lead: product_management}
assignments:
  - {area: payments, responsibility: all, function: product_management, owner: omar}
  - {area: payments, responsibility: all, function: product_management, owner: nobody}
agreements:
  - {area: payments, responsibility: leadership, lead: product_management, review: soon}
"""


def test_mistakes_of_every_kind_stand_side_by_side_each_with_its_line() -> None:
    assert [f"{problem.line} {problem.code}: {problem.message}" for problem in mistakes(FILE)] == [
        "5 UNKNOWN_FIELD: 'naem' is not known here; check the spelling",
        "5 MISSING_FIELD: 'name' is missing",
        "7 MISSING_FIELD: 'name' is missing",
        "8 CYCLE: a is above itself by way of its parents; mend one parent",
        "9 DUPLICATE_KEY: 'kind' stands twice in one mapping; keep one",
        "9 CYCLE: b is above itself by way of its parents; mend one parent",
        "11 SPLIT: a rule states exactly one of `lead` and `unowned: true` (R9)",
        "14 UNKNOWN_KEY: there is no person or team 'nobody'",
        "16 TIME: 'soon' is not a date such as 2027-03-01",
    ]


def test_a_row_that_cannot_be_read_is_told_once_and_not_again_wherever_it_is_named() -> None:
    named = [problem for problem in mistakes(FILE) if "omar" in problem.message or "payments" in problem.message]
    assert named == []
