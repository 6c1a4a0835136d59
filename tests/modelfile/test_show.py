"""A plan as lines a person reads."""

# ruff: noqa: E501 - lines are compared whole

from inline_snapshot import snapshot

from remit.modelfile.show import shown
from support.model_files import HEAD, JULY, after, planned

BEFORE = (
    HEAD
    + """\
rules:
  - {area: payments, responsibility: leadership, lead: product_management}
  - {area: payments, responsibility: innovation, unowned: true, from: 2026-09-01}
assignments:
  - {area: payments, responsibility: all, function: product_management, owner: ana}
"""
)


def show(text: str) -> list[str]:
    return list(shown(planned(text, after(BEFORE), JULY)))


def test_a_file_that_says_what_is_believed_changes_nothing() -> None:
    assert show(BEFORE) == snapshot(["No changes: the model is what the file says."])


def test_the_first_apply_adds_every_row() -> None:
    assert list(shown(planned(BEFORE))) == snapshot(
        [
            "+ area acme (name: Acme, stage: scale_up, timezone: UTC)",
            "+ area payments (name: Payments, kind: product, parent: acme)",
            "+ assignment payments/all/product_management/ana (area: payments, responsibility: all, function: product_management, owner: ana)",
            "+ person ana (name: Ana)",
            "+ person omar (name: Omar)",
            "+ rule payments/innovation (area: payments, responsibility: innovation, unowned: true) from 2026-09-01T00:00:00Z",
            "+ rule payments/leadership (area: payments, responsibility: leadership, lead: product_management)",
            "7 to add, 0 to change, 0 to end.",
        ]
    )


def test_what_is_new_what_differs_and_what_ends_are_told_apart() -> None:
    text = BEFORE.replace("lead: product_management", "lead: product_operations, reason: agreed in June")
    text = text.replace("owner: ana}", "owner: omar, letter: accountable, from: 2026-08-01}").replace(
        "name: Ana", "name: Ana Ruiz"
    )
    assert show(text) == snapshot(
        [
            "- assignment payments/all/product_management/ana ends at 2026-07-01T00:00:00Z",
            "+ assignment payments/all/product_management/omar (area: payments, responsibility: all, function: product_management, owner: omar, letter: accountable) from 2026-08-01T00:00:00Z",
            "~ person ana: name Ana -> Ana Ruiz from 2026-07-01T00:00:00Z",
            "~ rule payments/leadership: lead product_management -> product_operations, reason nothing -> agreed in June from 2026-07-01T00:00:00Z",
            "1 to add, 2 to change, 1 to end.",
        ]
    )


def test_a_changed_window_and_a_withdrawn_row_are_told() -> None:
    text = BEFORE.replace("lead: product_management}", "lead: product_management, to: 2026-12-01}")
    text = text.replace("  - {area: payments, responsibility: innovation, unowned: true, from: 2026-09-01}\n", "")
    assert show(text) == snapshot(
        [
            "- rule payments/innovation is withdrawn before it begins",
            "~ rule payments/leadership: holds over […, 2026-12-01T00:00:00Z) instead of […, …)",
            "0 to add, 1 to change, 1 to end.",
        ]
    )


def test_a_blurry_line_is_null_and_what_a_row_does_not_say_is_nothing() -> None:
    both = "support: [{function: product_management, letter: responsible}]"
    rules = HEAD + "rules:\n  - {area: payments, responsibility: leadership, "
    before = after(rules + f"lead: null, {both}}}\n")
    assert shown(planned(rules + "lead: product_operations}\n", before, JULY))[0] == (
        "~ rule payments/leadership: lead null -> product_operations, support "
        "[{function: product_management, letter: responsible}] -> nothing from 2026-07-01T00:00:00Z"
    )
