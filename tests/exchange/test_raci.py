"""A RACI matrix in CSV says the same in either layout, with either separator, however a program wrote it."""

import pytest

from remit.domain.people import Person
from remit.exchange.raci import read_raci
from remit.exchange.reading import Cell, Said
from support.exchanging import A_HOUSE, model_of, refused
from support.models import PM, PO, A, C, I, R, a_fact, a_person, a_responsibility, a_split

HOUSE = model_of(A_HOUSE)
LONG = """\
area,responsibility,ana,eva,omar
payments,backlog_management,C,I,A/R
checkout,all,,A,
"""
WIDE = """\
area,backlog_management,all
payments,"A/R:omar C:ana I:eva",
checkout,,A:eva
"""
SAID = {
    Cell("payments", "backlog_management", PM): Said({"ana": C, "eva": I}, 2),
    Cell("payments", "backlog_management", PO): Said({"omar": A}, 2),
    Cell("checkout", "all", PM): Said({"eva": A}, 3),
}


@pytest.mark.parametrize("text", [LONG, WIDE], ids=["long", "wide"])
def test_both_layouts_say_the_same(text: str) -> None:
    assert read_raci(text, HOUSE).cells == SAID


@pytest.mark.parametrize(
    "text",
    [
        LONG.replace(",", ";"),
        LONG.replace("\n", "\r\n"),
        LONG.replace("\n", "\r"),
        LONG.replace("A/R", " r / a "),
        LONG.replace("area,responsibility", '"Area", RESPONSIBILITY '),
        LONG.replace("\n", ",,,\n"),
        LONG.replace("checkout,all,,A,", "checkout,all,,A"),
        LONG.rstrip("\n"),
    ],
    ids=["semicolons", "windows", "old", "spaced", "capitals", "empty columns", "short row", "no last line break"],
)
def test_programs_may_write_it_as_they_like(text: str) -> None:
    assert read_raci(text, HOUSE).cells == SAID


def test_empty_lines_count_as_lines_and_say_nothing() -> None:
    text = LONG.replace("payments,", "\n,,,,\npayments,")
    assert [said.line for said in read_raci(text, HOUSE).cells.values()] == [4, 4, 5]


def test_a_field_may_hold_the_separator_and_line_breaks() -> None:
    strange = a_person("one, two;\nthree", PM)
    text = 'area,responsibility,"one, two;\nthree"\npayments,all,A\n'
    (said,) = read_raci(text, model_of([*A_HOUSE, strange])).cells.values()
    assert said == Said({"one, two;\nthree": A}, 3)


def test_owners_may_be_named_by_e_mail_address() -> None:
    model = model_of([*A_HOUSE, a_fact(Person("mo", "Mo", "mo@acme.example", PM))])
    said = {Cell("payments", "all", PM): Said({"mo": R}, 2)}
    assert read_raci("area,responsibility,MO@acme.example\npayments,all,R\n", model).cells == said
    assert read_raci("area,all\npayments,R:mo@ACME.example\n", model).cells == said


def test_a_third_column_may_say_the_function() -> None:
    text = "area,responsibility,function,rae,ana\npayments,all,product_operations,A,\npayments,all,,,A\n"
    assert read_raci(text, HOUSE).cells == {
        Cell("payments", "all", PO): Said({"rae": A}, 2),
        Cell("payments", "all", PM): Said({"ana": A}, 3),
    }


def test_an_owner_may_be_called_function() -> None:
    beliefs = [*A_HOUSE, a_person("function", PM)]
    text = "area,responsibility,function,function\npayments,all,product_management,A\n"
    assert read_raci(text, model_of(beliefs)).cells == {
        Cell("payments", "all", PM): Said({"function": A}, 2),
    }


def test_owners_of_one_letter_are_parted_by_commas_with_or_without_spaces() -> None:
    text = "area;backlog_management\npayments;A:omar R : ana ,eva\n"
    assert read_raci(text, HOUSE).cells == {
        Cell("payments", "backlog_management", PO): Said({"omar": A}, 2),
        Cell("payments", "backlog_management", PM): Said({"ana": R, "eva": R}, 2),
    }


def test_an_owner_named_with_two_letters_has_the_stronger() -> None:
    text = "area,all\npayments,I:ana A:ana C:ana\n"
    assert read_raci(text, HOUSE).cells == {Cell("payments", "all", PM): Said({"ana": A}, 2)}


def test_each_function_may_have_an_accountable_for_all_it_leads() -> None:
    assert refused(read_raci, "area,responsibility,ana,omar\npayments,all,A,A\n") == []


def test_a_matrix_without_rows_says_nothing() -> None:
    assert read_raci("area,responsibility\n", HOUSE).cells == {}


def test_a_responsibility_of_the_house_can_be_named() -> None:
    model = model_of([*A_HOUSE, a_responsibility("release_notes", a_split(PM))])
    assert read_raci("area,release_notes\npayments,A:ana\n", model).cells == {
        Cell("payments", "release_notes", PM): Said({"ana": A}, 2)
    }
