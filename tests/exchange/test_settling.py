"""What a cell of a file changes: parts that read as it says stay as they are, and no other cell is touched."""

import pytest

from remit.domain.errors import Invalid
from remit.domain.facts import Fact
from remit.exchange.raci import read_raci
from remit.exchange.settling import settled
from support.exchanging import A_HOUSE, Beliefs, after, changes, imported, model_of, splits_of, told
from support.models import (
    APPEND,
    BLOCK,
    BLURRY,
    FALLBACK,
    PM,
    PO,
    A,
    C,
    a_person,
    a_rule,
    a_split,
    an_agreement,
    an_area,
    an_assignment,
    the_root,
)

HEAD = "area,responsibility,ana,eva,omar\n"
ALL_OF_PAYMENTS = f"{HEAD}payments,all,"
PLACES = (the_root(), an_area("payments"), a_person("ana", PM), a_person("eva", PM), a_person("omar", PO))


def a_house(*facts: Fact) -> Beliefs:
    """Payments, two product managers, one of operations, and these assignments."""
    return [*PLACES, *facts]


def warned(text: str, beliefs: Beliefs = A_HOUSE) -> list[str]:
    model = model_of(beliefs)
    return told(settled(model, read_raci(text, model), splits_of(model)).warnings)


def test_a_new_part_is_stated_with_its_letter() -> None:
    assert changes(read_raci, f"{HEAD}checkout,documentation,,,A\n") == [
        "+ assignment checkout/documentation/product_operations/omar (area: checkout, responsibility: documentation,"
        " function: product_operations, owner: omar, letter: accountable) from 2026-06-01T12:00:00Z"
    ]


def test_an_owner_without_a_letter_who_is_accountable_all_the_same_stays_as_is() -> None:
    assert imported(read_raci, f"{ALL_OF_PAYMENTS}A,,\n").is_empty


def test_whoever_had_a_part_in_a_stated_cell_and_is_not_named_ends() -> None:
    assert changes(read_raci, f"{ALL_OF_PAYMENTS},A,\n") == [
        "- assignment payments/all/product_management/ana ends at 2026-06-01T12:00:00Z",
        "+ assignment payments/all/product_management/eva (area: payments, responsibility: all,"
        " function: product_management, owner: eva, letter: accountable) from 2026-06-01T12:00:00Z",
    ]


@pytest.mark.parametrize(
    "text",
    ["payments,all,,,A", "payments,documentation,C,,", "checkout,all,A,,", "payments,all,,,"],
    ids=["another function", "another responsibility", "another area", "an empty row"],
)
def test_nothing_ends_in_a_cell_that_is_not_stated(text: str) -> None:
    assert imported(read_raci, f"{HEAD}{text}\n").closes == ()


def test_another_letter_replaces_the_one_before() -> None:
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}R,,\n") == [
        "~ assignment payments/all/product_management/ana: letter nothing -> responsible from 2026-06-01T12:00:00Z"
    ]


def test_a_part_stays_unlettered_beside_new_ones_that_do_not_change_how_it_reads() -> None:
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}A,R,\n") == [
        "+ assignment payments/all/product_management/eva (area: payments, responsibility: all,"
        " function: product_management, owner: eva, letter: responsible) from 2026-06-01T12:00:00Z"
    ]


def test_who_is_left_of_two_that_claimed_the_same_is_stated_as_the_file_reads() -> None:
    """Two unlettered owners are both responsible (R27); alone, one would become accountable."""
    house = a_house(an_assignment("payments", "ana"), an_assignment("payments", "eva"))
    assert imported(read_raci, f"{ALL_OF_PAYMENTS}R,R,\n", house).is_empty
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}R,,\n", house) == [
        "~ assignment payments/all/product_management/ana: letter nothing -> responsible from 2026-06-01T12:00:00Z",
        "- assignment payments/all/product_management/eva ends at 2026-06-01T12:00:00Z",
    ]


def test_an_owner_of_a_supporting_function_reads_as_the_split_says() -> None:
    house = a_house(an_assignment("payments", "ana", responsibility="documentation"))
    assert imported(read_raci, f"{HEAD}payments,documentation,C,,\n", house).is_empty


def test_an_agreement_makes_its_lead_accountable() -> None:
    house = a_house(an_assignment("payments", "omar", responsibility="leadership", function=PO))
    text = f"{HEAD}payments,leadership,,,A\n"
    assert imported(read_raci, text, [*house, an_agreement("payments", "leadership", PO)]).is_empty
    assert not imported(read_raci, text, house).is_empty


def test_how_far_an_assignment_reaches_is_kept() -> None:
    house = a_house(an_assignment("payments", "ana", BLOCK), an_assignment("payments", "eva", APPEND))
    assert imported(read_raci, f"{ALL_OF_PAYMENTS}A,R,\n", house).is_empty
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}R,C,\n", house) == [
        "~ assignment payments/all/product_management/ana: letter nothing -> responsible from 2026-06-01T12:00:00Z",
        "~ assignment payments/all/product_management/eva: letter nothing -> consulted from 2026-06-01T12:00:00Z",
    ]


def test_an_addition_that_becomes_accountable_is_one_no_more() -> None:
    house = a_house(an_assignment("payments", "ana"), an_assignment("payments", "eva", APPEND))
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}R,A,\n", house)[1] == (
        "~ assignment payments/all/product_management/eva:"
        " inherit append -> nothing, letter nothing -> accountable from 2026-06-01T12:00:00Z"
    )


@pytest.mark.parametrize(
    "outside",
    [an_assignment("payments", "eva", FALLBACK), an_assignment("payments", None, BLOCK)],
    ids=["fallback", "block without owner"],
)
def test_what_a_matrix_cannot_show_is_left_alone(outside: Fact) -> None:
    assert imported(read_raci, f"{ALL_OF_PAYMENTS}A,,\n", a_house(an_assignment("payments", "ana"), outside)).is_empty


def test_naming_who_is_the_fallback_makes_the_fallback_the_owner() -> None:
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}A,,\n", a_house(an_assignment("payments", "ana", FALLBACK))) == [
        "~ assignment payments/all/product_management/ana:"
        " inherit fallback -> nothing, letter nothing -> accountable from 2026-06-01T12:00:00Z"
    ]


def test_whoever_is_the_fallback_besides_stays_so() -> None:
    house = a_house(an_assignment("payments", "ana"), an_assignment("payments", "ana", FALLBACK, key="last"))
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}I,,\n", house) == [
        "~ assignment payments/all/product_management/ana: letter nothing -> informed from 2026-06-01T12:00:00Z"
    ]


def test_a_cell_without_effect_is_stated_whole_all_the_same() -> None:
    row = an_assignment("payments", "omar", responsibility="roadmap_ownership", function=PO)
    text = "area,responsibility,function,ana\npayments,roadmap_ownership,product_operations,R\n"
    assert [line[:2] for line in changes(read_raci, text, a_house(row))] == ["+ ", "- "]


def test_a_letter_without_effect_is_recorded_under_the_key_the_owner_has() -> None:
    row = an_assignment("payments", "omar", BLOCK, responsibility="roadmap_ownership", function=PO, key="mine")
    house, text = a_house(row), f"{HEAD}payments,roadmap_ownership,,,I\n"
    assert changes(read_raci, text, house) == [
        "~ assignment mine: letter nothing -> informed from 2026-06-01T12:00:00Z"
    ]
    assert imported(read_raci, text, after(read_raci, text, house)).is_empty


def test_a_key_that_a_row_about_something_else_bears_is_not_taken_from_it() -> None:
    taken = an_assignment("payments", "omar", function=PO, key="payments/all/product_management/eva")
    with pytest.raises(Invalid, match="nothing was applied") as caught:
        imported(read_raci, f"{ALL_OF_PAYMENTS},A,\n", a_house(taken))
    assert told(caught.value.problems) == [
        "line 2: payments/all/product_management/eva: the assignment of omar at payments has this key;"
        " give it another in the model first [KEY_TAKEN]"
    ]


def test_a_row_under_a_key_of_its_own_is_changed_under_that_key() -> None:
    house = a_house(an_assignment("payments", "ana", key="mine"))
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}I,,\n", house) == [
        "~ assignment mine: letter nothing -> informed from 2026-06-01T12:00:00Z"
    ]


def test_of_several_rows_of_one_owner_the_strongest_counts() -> None:
    house = a_house(an_assignment("payments", "ana"), an_assignment("payments", "ana", letter=C, key="also"))
    assert imported(read_raci, f"{ALL_OF_PAYMENTS}A,,\n", house).is_empty
    assert changes(read_raci, f"{ALL_OF_PAYMENTS}R,,\n", house) == [
        "~ assignment also: letter consulted -> responsible from 2026-06-01T12:00:00Z",
        "- assignment payments/all/product_management/ana ends at 2026-06-01T12:00:00Z",
    ]


def test_an_accountable_of_a_function_that_does_not_lead_is_warned_of() -> None:
    assert warned(f"{HEAD}payments,documentation,A,,\n") == [
        "line 2: payments, documentation, product_management: product_management does not lead here,"
        " so ana will be consulted, not accountable (R26) [NOT_LEADING]"
    ]


@pytest.mark.parametrize("split", [a_split(PM), None], ids=["another leads alone", "nobody on purpose"])
def test_a_letter_of_a_function_without_a_part_is_warned_of(split: object) -> None:
    house = [*A_HOUSE, a_rule("payments", "documentation", split)]  # type: ignore[arg-type]
    assert warned(f"{HEAD}payments,documentation,,,R\n", house) == [
        "line 2: payments, documentation, product_operations: product_operations has no part in documentation here,"
        " so these letters have no effect (R22) [NO_PART]"
    ]


def test_parts_on_a_blurry_line_are_not_warned_of_unless_one_is_accountable() -> None:
    house = [*A_HOUSE, a_rule("payments", "documentation", BLURRY)]
    assert warned(f"{HEAD}payments,documentation,R,,R\n", house) == []
    assert len(warned(f"{HEAD}payments,documentation,A,,R\n", house)) == 1


@pytest.mark.parametrize("row", ["payments,all,A,R,", "payments,documentation,C,R,A", "payments,roadmap_ownership,,,A"])
def test_the_same_file_again_changes_nothing(row: str) -> None:
    text = f"{HEAD}{row}\n"
    assert imported(read_raci, text, after(read_raci, text)).is_empty


def test_an_explicit_accountable_stays_one() -> None:
    house = a_house(an_assignment("payments", "ana", letter=A), an_assignment("payments", "eva"))
    assert imported(read_raci, f"{ALL_OF_PAYMENTS}A,R,\n", house).is_empty
